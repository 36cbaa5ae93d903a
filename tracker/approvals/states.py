"""The life of a request in one table of moves, the five decisions, and the words for each (rule 13)."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.life import Life


class State(StrEnum):
    """How far a request has come."""

    draft = "draft"
    submitted = "submitted"
    agreed = "agreed"  # by the sponsor; finance decides second
    decided = "decided"
    withdrawn = "withdrawn"


class Decision(StrEnum):
    """What the sponsor may say."""

    approved = "approved"
    conditional = "approved_with_conditions"
    sent_back = "sent_back"
    held = "held"
    stopped = "stopped"


OPENING = (Decision.approved, Decision.conditional)
ASKED = (State.submitted, State.agreed)  # somebody has it to decide
NOT_YET = (Decision.sent_back, Decision.held, Decision.stopped)


class Verb(StrEnum):
    """What people do with a request; the last word of its address is the same."""

    change = "edit"
    submit = "request"
    withdraw = "withdrawal"
    approve = "approval"
    condition = "condition"
    refuse = "not-yet"
    second = "second"
    give_back = "return"


# From which states a verb leads where; None moves nothing.
MOVES: dict[Verb, tuple[tuple[State, ...], State | None]] = {
    Verb.change: ((State.draft, *ASKED), None),
    Verb.submit: ((State.draft, *ASKED), State.submitted),
    Verb.withdraw: ((State.draft, *ASKED), State.withdrawn),
    Verb.approve: ((State.submitted,), State.decided),
    Verb.condition: ((State.submitted,), State.decided),
    Verb.refuse: ((State.submitted,), State.decided),
    Verb.second: ((State.agreed,), State.decided),
    Verb.give_back: ((State.agreed,), State.draft),
}
OF = {Decision.approved: Verb.approve, Decision.conditional: Verb.condition}
OF |= dict.fromkeys(NOT_YET, Verb.refuse)

STATE_WORDS = {
    State.draft: _l("Draft"),
    State.submitted: _l("Waits for the decision"),
    State.agreed: _l("Waits for finance"),
    State.decided: _l("Decided"),
    State.withdrawn: _l("Withdrawn"),
}
DECISION_WORDS = {
    Decision.approved: _l("Approved"),
    Decision.conditional: _l("Approved with a condition"),
    Decision.sent_back: _l("Sent back"),
    Decision.held: _l("Put on hold"),
    Decision.stopped: _l("Stopped"),
}


def state_name(value: str) -> str:
    """Return what the state `value` is called."""
    return str(STATE_WORDS[State(value)])


def decision_name(value: str) -> str:
    """Return what the decision `value` is called."""
    return str(DECISION_WORDS[Decision(value)])


def refusal(verb: Verb, state: State) -> str:
    """Return why a verb cannot follow `state`, and what can."""
    if state == State.decided:
        return _(
            "This was decided already. A decision is never changed; what follows needs another request."
        )
    if state == State.withdrawn:
        return _("This request was withdrawn. Nothing is decided about it any more.")
    if state == State.draft:
        return _("This is still a draft: it has not been put to the sponsor.")
    if state == State.agreed:
        return _("The sponsor approved this already, and finance decides second.")
    if verb in (Verb.second, Verb.give_back):
        return _("Finance decides second, after the sponsor has approved.")
    return _("The sponsor has this request already.")


LIFE = Life(MOVES, (State.draft, *ASKED), (State.decided, State.withdrawn), refusal)
