"""Whom this room tells that a report is due: the lead, once for each day on which one fell due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select

from tracker.clock import local_day
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import CADENCE_DAYS, Cadence
from tracker.initiatives.stages import Stage
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.telling import Told, tell
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation

PORTION = 200  # initiatives in one sweep; the next one takes the rest


def due_on(initiative: Any) -> date:
    """Return the day on which the next report falls due: one cadence after the last, or after the stage was entered."""
    last = initiative.reported_on or initiative.stage_since.astimezone(UTC).date()
    return last + timedelta(days=CADENCE_DAYS[initiative.cadence])


def tell_of_due(now: datetime) -> int:
    """Tell the lead of each initiative whose report is due; return how many were told.

    Nobody is told twice of the same report, nor of one that nobody leads, an idea, what has ended or is on hold.
    """
    today = local_day(now, Organisation.current().time_zone)
    owed = (
        *(Initiative.stopped_at.is_(None), Initiative.held_at.is_(None)),
        *(
            Initiative.lead_id.in_(_with_access()),
            Initiative.stage.not_in((Stage.idea, Stage.realised)),
        ),
        _fell_due(today),
    )
    since = (
        exists()
        .where(
            Notice.kind == Tell.report_due,
            Notice.subject_id == Initiative.id,
            Notice.person_id == Initiative.lead_id,
            Notice.at >= Initiative.stage_since,
            or_(Initiative.reported_on.is_(None), Notice.day > Initiative.reported_on),
        )
        .correlate(Initiative)
    )
    columns = (Initiative.reported_on, Initiative.stage_since, Initiative.cadence)
    found = select(Initiative.id).where(*owed, ~since).order_by(Initiative.id)
    count = 0
    for initiative_id in db.session.scalars(found.limit(PORTION)).all():
        with writing():
            row = db.session.execute(
                select(Initiative.lead_id, *columns)
                .where(Initiative.id == initiative_id, *owed, ~since)
                .with_for_update(of=Initiative)
            ).one_or_none()
            if row is not None:
                one = Told(
                    Tell.report_due, [row.lead_id], "initiative", initiative_id,
                    initiative_id=initiative_id, day=due_on(row),
                )  # fmt: skip
                count += tell([one], now=now)
    return count


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
