"""The life of a blocker in one table of moves, and the words for each step (rules 23 and 24)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.initiatives.friction import RootCause
from tracker.life import Life


class State(StrEnum):
    """How far a blocker has come."""

    raised = "raised"
    acknowledged = "acknowledged"
    counter_proposed = "counter_proposed"
    committed = "committed"
    disputed = "disputed"
    resolved = "resolved"
    confirmed = "confirmed"
    withdrawn = "withdrawn"
    closed = "closed"


class WaitingOn(StrEnum):
    """Who must act next; `nobody` only once it is over."""

    holder = "holder"
    raiser = "raiser"
    settler = "settler"
    nobody = "nobody"


class Category(StrEnum):
    """What kind of obstacle it is (rule 24)."""

    tooling = "tooling"
    data = "data"
    priorities = "priorities"
    infrastructure = "infrastructure"
    policy_legal = "policy_legal"
    decision = "decision"
    capacity = "capacity"
    budget = "budget"
    supplier = "supplier"
    process = "process"
    knowledge = "knowledge"
    persistence = "persistence"


class Verb(StrEnum):
    """What can be done with a blocker; the last word of its address is the same."""

    name_answerer = "answerer"
    acknowledge = "acknowledgement"
    commit = "promise"
    counter_propose = "counter-proposal"
    accept = "acceptance"
    decline = "refusal"
    dispute = "dispute"
    settle = "settlement"
    resolve = "resolution"
    confirm = "confirmation"
    reopen = "reopening"
    withdraw = "withdrawal"
    pass_on = "pass-on"  # noqa: S105 - no password
    close = "closure"


WITH_HOLDER = (State.raised, State.acknowledged, State.committed)  # who owes it has the next word
ANSWERABLE = (State.raised, State.acknowledged, State.counter_proposed, State.committed)
OPEN = (*ANSWERABLE, State.disputed)  # it stands in the way
UNSETTLED = (*OPEN, State.resolved)  # somebody still has to act
OVER = tuple(state for state in State if state not in UNSETTLED)

WAITS_ON = {
    **dict.fromkeys(WITH_HOLDER, WaitingOn.holder),
    State.counter_proposed: WaitingOn.raiser,
    State.disputed: WaitingOn.settler,
    State.resolved: WaitingOn.raiser,
    **dict.fromkeys(OVER, WaitingOn.nobody),
}

# From which states a verb leads where. A new promise may replace an older one; naming an answerer moves nothing.
MOVES: dict[Verb, tuple[tuple[State, ...], State | None]] = {
    Verb.name_answerer: (OPEN, None),
    Verb.acknowledge: ((State.raised,), State.acknowledged),
    Verb.commit: (ANSWERABLE, State.committed),
    Verb.counter_propose: (
        (State.raised, State.acknowledged, State.counter_proposed),
        State.counter_proposed,
    ),
    Verb.accept: ((State.counter_proposed,), State.committed),
    Verb.decline: ((State.counter_proposed,), State.acknowledged),
    Verb.dispute: (ANSWERABLE, State.disputed),
    Verb.settle: ((State.disputed,), State.committed),
    Verb.resolve: (OPEN, State.resolved),
    Verb.confirm: ((State.resolved,), State.confirmed),
    Verb.reopen: ((State.resolved, State.confirmed), State.acknowledged),
    Verb.withdraw: (OPEN, State.withdrawn),
    Verb.pass_on: (ANSWERABLE, State.raised),
    Verb.close: (UNSETTLED, State.closed),
}

STATE_WORDS: dict[State, Any] = {
    State.raised: _l("Raised"),
    State.acknowledged: _l("Acknowledged"),
    State.counter_proposed: _l("Another day proposed"),
    State.committed: _l("Promised"),
    State.disputed: _l("Disputed"),
    State.resolved: _l("Resolved, to be confirmed"),
    State.confirmed: _l("Confirmed as resolved"),
    State.withdrawn: _l("Withdrawn"),
    State.closed: _l("Closed with its initiative"),
}

CATEGORY_WORDS: dict[Category, Any] = {
    Category.tooling: _l("Tooling"),
    Category.data: _l("Data"),
    Category.priorities: _l("Priorities"),
    Category.infrastructure: _l("Infrastructure"),
    Category.policy_legal: _l("Policy or legal"),
    Category.decision: _l("Decision"),
    Category.capacity: _l("Capacity"),
    Category.budget: _l("Budget"),
    Category.supplier: _l("Supplier"),
    Category.process: _l("Process"),
    Category.knowledge: _l("Knowledge"),
    Category.persistence: _l("Persistence: it slipped off the agenda"),
}

CAUSE_WORDS: dict[RootCause, Any] = {
    RootCause.technology: _l("Technology"),
    RootCause.data: _l("Data"),
    RootCause.knowledge: _l("Knowledge"),
    RootCause.business_design: _l("Business design"),
    RootCause.process: _l("Process"),
    RootCause.policy: _l("Policy"),
    RootCause.people: _l("People"),
    RootCause.partner: _l("Partner"),
}


def refusal(verb: Verb, state: State) -> str:
    """Return why `verb` cannot follow `state`, and what can."""
    if state == State.withdrawn:
        return _("This blocker was withdrawn. If it still stands in the way, raise it again.")
    if state == State.closed:
        return _("This blocker was closed when its initiative stopped. It is kept as it was.")
    if state == State.confirmed:
        return _("This blocker is confirmed as resolved. If it still stands in the way, reopen it.")
    if state == State.resolved:
        return _("The holder says that this is resolved. Confirm it, or reopen it.")
    if state == State.disputed:
        return _("It is disputed who owes this. Whoever settles the dispute says who, and by when.")
    if verb in (Verb.accept, Verb.decline):
        return _("No other day is proposed. It may have been answered meanwhile.")
    if verb == Verb.settle:
        return _("Nobody disputes this blocker, so there is nothing to settle.")
    if state == State.committed and verb == Verb.counter_propose:
        return _("A day is promised already. Promise another day if that one cannot be kept.")
    if verb in (Verb.confirm, Verb.reopen):
        return _("Nobody has said yet that this is resolved. The holder does that first.")
    return _("This blocker is acknowledged already. Next comes a promised date.")


LIFE = Life(MOVES, OPEN, OVER, refusal)
