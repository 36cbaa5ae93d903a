"""The last days of many actions at once, read and written as rows: when work pauses or goes on, and when holidays change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import String, Table, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, attributes, mapped_column

from tracker.actions.models import Action
from tracker.actions.obstacles import times_with_us
from tracker.actions.reviews import reviews_of, was_handed_in
from tracker.actions.standing import last_day, whose_calendar
from tracker.actions.states import OPEN
from tracker.activity.declaring import Declared, left_out
from tracker.db import Model, asked, db, held_by_the_session, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import Clocks, pauses_of
from tracker.organisation.calendars import EveryCalendar, working_days
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit

BATCH = 500
_ACTIONS = cast(Table, Action.__table__)
_PAUSED = (
    update(_ACTIONS)
    .where(_ACTIONS.c.initiative_id == bindparam("initiative"), _ACTIONS.c.last_on.is_not(None))
    .values(last_on=None)
)
_RECKONED = (
    update(_ACTIONS).where(_ACTIONS.c.id == bindparam("action")).values(last_on=bindparam("last"))
)
_OPEN = (
    select(
        *(Action.id, Action.initiative_id, Action.state, Action.due_on, Action.due_since),
        *(Action.last_on, Action.assigned_at),
        whose_calendar(Action.partner_id, Action.assignee_id).label("calendar_id"),
        was_handed_in(Action.id).label("handed_in"),
    )
    .where(Action.state.in_(OPEN))
    .order_by(Action.id)
    .with_for_update(of=Action)
)
_OF_INITIATIVE = _OPEN.where(Action.initiative_id == bindparam("initiative"))
_THESE = _OPEN.where(Action.id.in_(bindparam("actions", expanding=True)))
_NEXT = _OPEN.where(Action.id > bindparam("last")).limit(BATCH)


class CountedBy(Model):
    """The mark of the working days by which all last days were counted: one row."""

    __tablename__ = "action_days"

    on_trail: ClassVar[Declared] = left_out("a mark of what was counted: it can be counted again")

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    stamp: Mapped[str] = mapped_column(String(64))


def pause_or_go_on(initiative: Initiative, clocks: Clocks) -> None:
    """Keep the last days of the actions of an initiative right that was put on hold or resumed (a `when_held`)."""
    if initiative.held_at is not None:
        asked(_PAUSED, {"initiative": initiative.id})
        for action in held_by_the_session(Action):
            if action.initiative_id == initiative.id:
                attributes.set_committed_value(action, "last_on", None)
        return
    _reckon(asked(_OF_INITIATIVE, {"initiative": initiative.id}).all(), clocks)


def follow_days(now: datetime) -> int:  # noqa: ARG001 - the shape of a sweep
    """Count all last days again after holidays changed, or a unit or partner took another calendar; return 1 if so.

    A batch is one write transaction; the mark is set with the last of them.
    """
    if db.session.scalar(select(Action.id).where(Action.state.in_(OPEN)).limit(1)) is None:
        return 0  # nothing was counted
    stamp = _stamp()
    if db.session.scalar(select(CountedBy.stamp)) == stamp:
        return 0
    last = 0
    while True:
        with writing() as session:
            rows = asked(_NEXT, {"last": last}).all()
            _reckon(rows)
            if not rows:
                session.merge(CountedBy(id=1, stamp=stamp))
                return 1
            last = rows[-1].id


def reckon_these(ids: Sequence[int]) -> None:
    """Count the last days of these actions, inside a write that put them there or moved them; a few statements for each BATCH."""
    for start in range(0, len(ids), BATCH):
        _reckon(asked(_THESE, {"actions": ids[start : start + BATCH]}).all())


def counted_by_now(session: Session) -> None:
    """Say, inside a write, that every last day is counted by the working days as they are."""
    session.merge(CountedBy(id=1, stamp=_stamp()))


def _reckon(rows: Sequence[Any], clocks: Clocks | None = None) -> None:
    """Count the last days of `rows` again; `clocks` are those of the one initiative that they are all of."""
    if not rows:
        return
    if clocks is not None:
        held, calendars = {rows[0].initiative_id: clocks.pauses}, clocks.calendars
    else:
        held = pauses_of(sorted({row.initiative_id for row in rows}))
        calendars = EveryCalendar({row.calendar_id for row in rows})
    ids = [row.id for row in rows]
    reviews = reviews_of({row.id: row.assigned_at for row in rows if row.handed_in})
    blocked = times_with_us(ids)
    changed = []
    for row in rows:
        ours, days = [*reviews.get(row.id, ()), *blocked[row.id]], calendars.of(row.calendar_id)
        last = last_day(row, held[row.initiative_id], ours, days)
        if last != row.last_on:
            changed.append({"action": row.id, "last": last})
    if changed:
        asked(_RECKONED, changed)
    counted = {one["action"]: one["last"] for one in changed}
    for action in held_by_the_session(Action):
        if action.id in counted:
            attributes.set_committed_value(action, "last_on", counted[action.id])


def _stamp() -> str:
    """Return a mark of everybody's working days: three short queries."""
    told = [
        sorted((id_, sorted(days.weekend), list(map(str, days.holidays))) for id_, days in working_days().items()),
        sorted(map(tuple, db.session.execute(select(Unit.id, Unit.acting_calendar_id)))),
        sorted(map(tuple, db.session.execute(select(Partner.id, Partner.calendar_id)))),
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()
