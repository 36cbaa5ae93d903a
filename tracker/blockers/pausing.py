"""The clocks of all blockers of an initiative, when it is put on hold or goes on: read and written as rows (rule 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, select, update
from sqlalchemy.orm import attributes
from sqlalchemy.orm.util import identity_key

from tracker.blockers.models import Blocker
from tracker.blockers.standing import due_of
from tracker.blockers.states import UNSETTLED, State
from tracker.db import asked, db
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import pauses_of
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit


def reckon_all(initiative: Initiative) -> None:
    """Keep `due_on` of every blocker of `initiative` right that is not over, each locked, in the order of their ids."""
    rows = asked(_UNSETTLED, {"initiative": initiative.id}).all()
    if not rows:
        return
    dues = zip(rows, _dues(initiative, rows), strict=True)
    changed = [{"blocker": row.id, "due": due} for row, due in dues if due != row.due_on]
    if changed:
        asked(_RECKONED, changed)
    for row in changed:
        _tell(row["blocker"], row["due"])


def _dues(initiative: Initiative, rows: Sequence[Any]) -> list[date | None]:
    """Return the day of each row; while the initiative is on hold nothing is due, and nothing has to be reckoned."""
    if initiative.held_at is not None:
        return [None] * len(rows)
    calendars = EveryCalendar({row.calendar_id for row in rows})
    pauses = pauses_of([initiative.id])[initiative.id]
    return [due_of(row, pauses, calendars.of(row.calendar_id)) for row in rows]


def _tell(blocker_id: int, due: Any) -> None:
    """Let a blocker that the session holds know its day as well."""
    held = db.session.identity_map.get(identity_key(Blocker, blocker_id))
    if held is not None:
        attributes.set_committed_value(held, "due_on", due)


def _calendar_of(unit_id: Any) -> Any:
    return select(Unit.acting_calendar_id).where(Unit.id == unit_id).scalar_subquery()


def _calendar_of_partner(partner_id: Any) -> Any:
    return select(Partner.calendar_id).where(Partner.id == partner_id).scalar_subquery()


# Whoever must act next is counted by their own days: who raised it once it is resolved, else the holder.
_UNSETTLED = (
    select(
        Blocker.id,
        Blocker.state,
        Blocker.due_on,
        Blocker.clock_since,
        Blocker.needed_by,
        Blocker.needed_since,
        Blocker.promised_on,
        Blocker.promised_since,
        Blocker.resolved_at,
        Blocker.holder_outside,
        case(
            (
                and_(Blocker.state == State.resolved, Blocker.blocked_unit_id.is_not(None)),
                _calendar_of(Blocker.blocked_unit_id),
            ),
            (Blocker.state == State.resolved, _calendar_of_partner(Blocker.blocked_partner_id)),
            (Blocker.holder_unit_id.is_not(None), _calendar_of(Blocker.holder_unit_id)),
            else_=_calendar_of_partner(Blocker.holder_partner_id),
        ).label("calendar_id"),
    )
    .where(Blocker.initiative_id == bindparam("initiative"), Blocker.state.in_(UNSETTLED))
    .order_by(Blocker.id)
    .with_for_update(of=Blocker)
)
_BLOCKERS = cast(Table, Blocker.__table__)
_RECKONED = (
    update(_BLOCKERS).where(_BLOCKERS.c.id == bindparam("blocker")).values(due_on=bindparam("due"))
)
