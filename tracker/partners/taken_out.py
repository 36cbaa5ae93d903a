"""Why an action of the lane is in time longer than the day agreed: the times that are not the partner's (rules 6 and 22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.actions.lines import Line
from tracker.actions.models import Action
from tracker.actions.obstacles import times_with_us
from tracker.actions.reviews import reviews_of
from tracker.activity.telling import company
from tracker.db import db
from tracker.initiatives.pauses import Pause, pauses_of
from tracker.wording import listed


@dataclass(frozen=True)
class Why:
    """What the days of an action that do not count were, in words; `paused`: they go on, and it has no last day now."""

    words: str
    paused: bool


def taken_out(lines: Iterable[Line], today: date) -> dict[int, Why]:
    """Return by action why its last day is not the one agreed, for those where it is not; at most a few statements.

    A contact reads the words: our side is the company in them.
    """
    moved = {
        line.id: line
        for line in lines
        if line.is_open and (line.last_on is None or line.last_on > line.due_on)
    }
    if not moved:
        return {}
    columns = (Action.id, Action.initiative_id, Action.due_since, Action.assigned_at)
    rows = db.session.execute(select(*columns).where(Action.id.in_(moved))).all()
    held = pauses_of({row.initiative_id for row in rows})
    reviews = reviews_of({row.id: row.assigned_at for row in rows})
    blocked = times_with_us(list(moved))
    found, ours = {}, company()
    for row in rows:
        line = moved[row.id]
        until = line.last_on or today
        times = (
            (_("on hold"), held[row.initiative_id]),
            (_("with %(company)s", company=ours), reviews[row.id]),
            (_("blocked by %(company)s", company=ours), blocked[row.id]),
        )
        words = [word for word, spells in times if _moves(spells, line, row, until)]
        if words:
            found[row.id] = Why(listed(words), paused=line.last_on is None)
    return found


def _moves(spells: Sequence[Pause], line: Line, row: Any, until: date) -> bool:
    """Tell whether one of these times moves the last day; of an action that is paused only what goes on is told."""
    if line.last_on is None:
        return any(spell.ends is None for spell in spells)
    return any(
        spell.ends is not None and spell.ends > row.due_since and spell.starts <= until
        for spell in spells
    )
