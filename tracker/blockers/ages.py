"""How long blockers have stood in the way, many at once (rule 25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from tracker.blockers.clocks import age, joined
from tracker.blockers.holders import Calendars
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.clock import local_day
from tracker.db import db
from tracker.organisation.calendars import Calendar, Holiday, WorkingDays, weekend_of
from tracker.organisation.partners import Partner
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

# The calendar of the present holder; a query that selects it joins `Unit` and `Partner` as the holder.
CALENDAR = func.coalesce(Unit.acting_calendar_id, Partner.calendar_id).label("calendar_id")
NEEDED = (
    Blocker.id,
    Blocker.hand_overs,
    Blocker.raised_at,
    Blocker.resolved_at,
    Blocker.closed_at,
    CALENDAR,
)
TURN = (BlockerHolding.holder_key, BlockerHolding.starts, BlockerHolding.ends)


def ages_of(
    rows: Sequence[Any], today: date, calendars: Calendars | None = None
) -> dict[int, tuple[int, int]]:
    """Return by blocker its working days in all, and those in the hands of the present holder.

    `rows` have what `NEEDED` lists. It takes one statement for the calendars unless they are given, and one for the
    holding periods of those that were passed on, if there are any.
    """
    if not rows:
        return {}
    known, zone = calendars or Calendars(), Organisation.current().time_zone
    spells: dict[int, list[Any]] = _spells([row.id for row in rows if row.hand_overs], known)
    for row in rows:
        if not row.hand_overs:
            over = row.resolved_at or row.closed_at
            ends = local_day(over, zone) if over else None
            spells[row.id] = [(local_day(row.raised_at, zone), ends, known.of(row.calendar_id))]
    return {row.id: (age(spells[row.id], today), age(spells[row.id][-1:], today)) for row in rows}


def _spells(ids: Sequence[int], known: Calendars) -> dict[int, list[Any]]:
    turns: dict[int, list[Any]] = defaultdict(list)
    if not ids:
        return {}
    query = (
        select(*TURN, BlockerHolding.blocker_id, CALENDAR)
        .outerjoin(Unit, Unit.id == BlockerHolding.holder_unit_id)
        .outerjoin(Partner, Partner.id == BlockerHolding.holder_partner_id)
        .where(BlockerHolding.blocker_id.in_(ids))
        .order_by(BlockerHolding.id)
    )
    for row in db.session.execute(query):
        days = known.of(row.calendar_id)
        turns[row.blocker_id].append((row.holder_key, row.starts, row.ends, days))
    return {blocker_id: joined(its) for blocker_id, its in turns.items()}


def age_of(blocker_id: int, today: date) -> tuple[int, int]:
    """Return the same of one blocker, its holding periods and their calendars in one statement."""
    usual = Organisation.current().calendar_id
    its = func.coalesce(Unit.acting_calendar_id, Partner.calendar_id, usual)
    rows = db.session.execute(
        select(BlockerHolding.id, *TURN, Calendar.weekend, Holiday.day)
        .outerjoin(Unit, Unit.id == BlockerHolding.holder_unit_id)
        .outerjoin(Partner, Partner.id == BlockerHolding.holder_partner_id)
        .outerjoin(Calendar, Calendar.id == its)
        .outerjoin(Holiday, Holiday.calendar_id == Calendar.id)
        .where(BlockerHolding.blocker_id == blocker_id)
        .order_by(BlockerHolding.id, Holiday.day)
    )
    turns = []
    for (_id, *turn, weekend), days in groupby(rows, key=lambda row: row[:5]):
        holidays = tuple(row.day for row in days if row.day is not None)
        its = WorkingDays(weekend_of(weekend), holidays) if weekend else WorkingDays()
        turns.append((*turn, its))
    spells = joined(turns)
    return age(spells, today), age(spells[-1:], today)
