"""The life of a milestone in one table of moves, and the words for each step (rule 12)."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.life import Life


class State(StrEnum):
    """How far a milestone has come. Late is none of these: its day says so."""

    planned = "planned"
    reached = "reached"
    dropped = "dropped"


class Verb(StrEnum):
    """What people do with a milestone; the last word of its address is the same."""

    change = "edit"
    reschedule = "due-date"
    check = "criteria"
    reach = "reaching"
    drop = "dropping"
    take_up = "taking-up"


# From which states a verb leads where; None moves nothing.
MOVES: dict[Verb, tuple[tuple[State, ...], State | None]] = {
    Verb.change: ((State.planned,), None),
    Verb.reschedule: ((State.planned,), None),
    Verb.check: ((State.planned,), None),
    Verb.reach: ((State.planned,), State.reached),
    Verb.drop: ((State.planned,), State.dropped),
    Verb.take_up: ((State.reached, State.dropped), State.planned),
}

STATE_WORDS = {
    State.planned: _l("Ahead"),
    State.reached: _l("Reached"),
    State.dropped: _l("Dropped"),
}


def state_name(value: str) -> str:
    """Return what the state `value` is called."""
    return str(STATE_WORDS[State(value)])


def refusal(_verb: Verb, state: State) -> str:
    """Return why a verb cannot follow `state`, and what can."""
    if state == State.reached:
        return _("This milestone is reached. If that was said too early, take it up again.")
    if state == State.dropped:
        return _("This milestone was dropped. Take it up again if it is still meant.")
    return _("This milestone is planned already.")


LIFE = Life(MOVES, (State.planned,), (State.reached, State.dropped), refusal)
