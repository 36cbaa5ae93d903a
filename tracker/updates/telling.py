"""Whom this room tells that a report is due: the lead, once for each day on which one fell due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import CADENCE_DAYS, Cadence
from tracker.initiatives.sponsorships import calendars_of
from tracker.initiatives.stages import Stage
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.telling import Told, tell
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import day_of

PORTION = 200  # initiatives in one sweep; the next one takes the rest


def due_on(initiative: Any) -> date:
    """Return the day on which the next report falls due: one cadence after the last, or after the stage was entered."""
    last = initiative.reported_on or initiative.stage_since.astimezone(UTC).date()
    return last + timedelta(days=CADENCE_DAYS[initiative.cadence])


def asked_on(due: date, calendar: WorkingDays) -> date:
    """Return the day on which whoever owes a report is told: the day itself, or the first working day after it."""
    return due if calendar.counts(due) else calendar.add(due, 1)


def tell_of_due(now: datetime) -> int:
    """Tell the lead of each initiative whose report is due, on a working day of theirs; return how many were told.

    Nobody is told twice of the same report, nor of one that nobody leads, an idea, what has ended or is on hold.
    """
    today = day_of(now)
    late = _late(today)
    calendars = calendars_of({row.lead_id for row in late}) if late else {}
    count = 0
    for row in late:
        if asked_on(due_on(row), calendars[row.lead_id]) > today:
            continue
        if count >= PORTION:
            break
        with writing():
            count += sum(
                tell([_told(still, asked_on(due_on(still), calendars[row.lead_id]))], now=now)
                for still in _late(today, row.id)
                if still.lead_id == row.lead_id
            )
    return count


def _late(today: date, initiative_id: int | None = None) -> list[Any]:
    """Return the initiatives whose report fell due and whose lead was not told of it; one of them, locked, by its number."""
    told = select(func.max(Notice.day)).where(
        Notice.kind == Tell.report_due,
        Notice.subject_id == Initiative.id,
        Notice.person_id == Initiative.lead_id,
    )
    query = (
        select(
            *(Initiative.id, Initiative.lead_id, Initiative.reported_on, Initiative.stage_since),
            *(Initiative.cadence, told.correlate(Initiative).scalar_subquery().label("told")),
        )
        .where(
            *(Initiative.stopped_at.is_(None), Initiative.held_at.is_(None)),
            Initiative.lead_id.in_(_with_access()),
            Initiative.stage.not_in((Stage.idea, Stage.realised)),
            _fell_due(today),
        )
        .order_by(Initiative.id)
    )
    if initiative_id is not None:
        query = query.where(Initiative.id == initiative_id).with_for_update(of=Initiative)
    rows = db.session.execute(query).all()
    return [row for row in rows if row.told is None or row.told < due_on(row)]


def _told(row: Any, day: date) -> Told:
    return Told(Tell.report_due, [row.lead_id], "initiative", row.id, initiative_id=row.id, day=day)


def _with_access() -> Any:
    return select(Person.id).where(Person.ended_at.is_(None), Person.role != Role.partner)


def _fell_due(today: date) -> Any:
    late = []
    for cadence in Cadence:
        latest = today - timedelta(days=CADENCE_DAYS[cadence])
        midnight = datetime.combine(latest + timedelta(days=1), datetime.min.time(), UTC)
        never = and_(Initiative.reported_on.is_(None), Initiative.stage_since < midnight)
        late.append(
            and_(Initiative.cadence == cadence, or_(Initiative.reported_on <= latest, never))
        )
    return or_(*late)
