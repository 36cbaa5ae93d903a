"""The clocks of all blockers of an initiative, when it is put on hold or goes on: read and written as rows (rule 6)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, null, or_, select, update
from sqlalchemy.orm import attributes

from tracker.blockers.models import Blocker
from tracker.blockers.rungs import climbs_after
from tracker.blockers.standing import due_of
from tracker.blockers.states import UNSETTLED, WaitingOn
from tracker.db import asked, held_by_the_session
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import Clocks
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit


def pause_or_go_on(initiative: Initiative, clocks: Clocks) -> None:
    """Keep right until when blockers that are not over are in time, and when they climb, as their initiative is put on hold or
    resumed (a `when_held`)."""
    if initiative.held_at is not None:
        asked(_PAUSED, {"initiative": initiative.id})
        for blocker in held_by_the_session(Blocker):
            if blocker.initiative_id == initiative.id and blocker.state in UNSETTLED:
                attributes.set_committed_value(blocker, "due_on", None)
                attributes.set_committed_value(blocker, "escalates_on", None)
        return
    rows = asked(_UNSETTLED, {"initiative": initiative.id}).all()
    counted = {row.id: _counted(row, clocks) for row in rows}
    changed = [
        {"blocker": row.id, "due": counted[row.id][0], "climbs": counted[row.id][1]}
        for row in rows
        if counted[row.id] != (row.due_on, row.escalates_on)
    ]
    if changed:
        asked(_RECKONED, changed)
    for blocker in held_by_the_session(Blocker):
        if blocker.id in counted:
            due, climbs = counted[blocker.id]
            attributes.set_committed_value(blocker, "due_on", due)
            attributes.set_committed_value(blocker, "escalates_on", climbs)


def _counted(row: Any, clocks: Clocks) -> tuple[date | None, date | None]:
    """Return until when whoever is waited for is in time, and the last day before it climbs."""
    days = clocks.calendars.of(row.calendar_id)
    return due_of(row, clocks.pauses, days), climbs_after(row, clocks.pauses, days)


def _calendar_of(unit_id: Any) -> Any:
    return select(Unit.acting_calendar_id).where(Unit.id == unit_id).scalar_subquery()


def _calendar_of_partner(partner_id: Any) -> Any:
    return select(Partner.calendar_id).where(Partner.id == partner_id).scalar_subquery()


# Whoever must act next is counted by their own days; whoever settles a dispute by the organisation's.
_WAITS_ON_RAISER = Blocker.waiting_on == WaitingOn.raiser
_UNSETTLED = (
    select(
        Blocker.id,
        Blocker.state,
        Blocker.due_on,
        Blocker.escalates_on,
        Blocker.escalated_to,
        Blocker.escalated_on,
        Blocker.clock_since,
        Blocker.needed_by,
        Blocker.needed_since,
        Blocker.promised_on,
        Blocker.promised_since,
        Blocker.asked_since,
        Blocker.resolved_at,
        Blocker.holder_unit_id,
        Blocker.holder_partner_id,
        Blocker.holder_outside,
        case(
            (Blocker.waiting_on == WaitingOn.settler, null()),
            (
                and_(_WAITS_ON_RAISER, Blocker.blocked_unit_id.is_not(None)),
                _calendar_of(Blocker.blocked_unit_id),
            ),
            (_WAITS_ON_RAISER, _calendar_of_partner(Blocker.blocked_partner_id)),
            (Blocker.holder_unit_id.is_not(None), _calendar_of(Blocker.holder_unit_id)),
            else_=_calendar_of_partner(Blocker.holder_partner_id),
        ).label("calendar_id"),
    )
    .where(Blocker.initiative_id == bindparam("initiative"), Blocker.state.in_(UNSETTLED))
    .order_by(Blocker.id)
    .with_for_update(of=Blocker)
)
_BLOCKERS = cast(Table, Blocker.__table__)
_PAUSED = (
    update(_BLOCKERS)
    .where(
        _BLOCKERS.c.initiative_id == bindparam("initiative"),
        _BLOCKERS.c.state.in_(UNSETTLED),
        or_(_BLOCKERS.c.due_on.is_not(None), _BLOCKERS.c.escalates_on.is_not(None)),
    )
    .values(due_on=None, escalates_on=None)
)
_RECKONED = (
    update(_BLOCKERS)
    .where(_BLOCKERS.c.id == bindparam("blocker"))
    .values(due_on=bindparam("due"), escalates_on=bindparam("climbs"))
)
