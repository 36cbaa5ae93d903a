"""The life of an action in one table of moves, and the words for each step (rule 19)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.life import Life


class State(StrEnum):
    """How far an action has come. Blocked is none of these: it is derived from open blockers."""

    to_do = "to_do"
    acknowledged = "acknowledged"
    in_progress = "in_progress"
    submitted = "submitted"
    accepted = "accepted"
    done = "done"
    cancelled = "cancelled"


class Verb(StrEnum):
    """What can be done with an action; the last word of its address is the same."""

    acknowledge = "acknowledgement"
    decline = "decline"
    start = "start"
    report = "progress"
    submit = "submission"
    finish = "completion"
    propose_date = "date"
    accept_date = "date-acceptance"
    decline_date = "date-refusal"
    accept = "acceptance"
    take_back = "taking-back"
    return_ = "return"
    assign = "assignment"
    reschedule = "due-date"
    cancel = "cancellation"


OPEN = (State.to_do, State.acknowledged, State.in_progress)  # the assignee has the next word
UNSETTLED = (*OPEN, State.submitted)  # somebody still has to act
OVER = tuple(state for state in State if state not in UNSETTLED)
CAME_TO_AN_END = (State.accepted, State.done)  # and was not given up

# From which states a verb leads where; None moves nothing. Starting, reporting and handing in acknowledge as well.
MOVES: dict[Verb, tuple[tuple[State, ...], State | None]] = {
    Verb.acknowledge: ((State.to_do,), State.acknowledged),
    Verb.decline: (OPEN, State.to_do),
    Verb.start: ((State.to_do, State.acknowledged), State.in_progress),
    Verb.report: (OPEN, State.in_progress),
    Verb.submit: (OPEN, State.submitted),
    Verb.finish: (OPEN, State.done),
    Verb.propose_date: (OPEN, None),
    Verb.accept_date: (UNSETTLED, None),
    Verb.decline_date: (UNSETTLED, None),
    Verb.accept: ((State.submitted,), State.accepted),
    Verb.take_back: ((State.accepted,), State.submitted),
    Verb.return_: ((State.submitted,), State.in_progress),
    Verb.assign: (OPEN, State.to_do),
    Verb.reschedule: (OPEN, None),
    Verb.cancel: (UNSETTLED, State.cancelled),
}

STATE_WORDS: dict[State, Any] = {
    State.to_do: _l("To do"),
    State.acknowledged: _l("Acknowledged"),
    State.in_progress: _l("In progress"),
    State.submitted: _l("Handed in"),
    State.accepted: _l("Accepted"),
    State.done: _l("Done"),
    State.cancelled: _l("Cancelled"),
}


def state_name(value: str) -> str:
    """Return what the state `value` is called."""
    return str(STATE_WORDS[State(value)])


def refusal(verb: Verb, state: State) -> str:
    """Return why `verb` cannot follow `state`, and what can."""
    if verb == Verb.take_back:
        return _("It is not accepted, so nothing can be taken back.")
    if state == State.cancelled:
        return _("This action was cancelled. If it is still needed, add it again.")
    if state == State.accepted:
        return _("This action is accepted, and over.")
    if state == State.done:
        return _("This action is done, and over.")
    if state == State.submitted:
        return _("This action is handed in. The host accepts it, or returns it.")
    if verb in (Verb.accept, Verb.return_):
        return _("Nothing is handed in yet. The assignee does that first.")
    if verb == Verb.acknowledge:
        return _("This action is acknowledged already.")
    return _("This action is in progress already.")


LIFE = Life(MOVES, OPEN, OVER, refusal)
