"""Whom this room tells that what was realised slips away: its KPI got worse by more than chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from tracker.clock import local_day
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.standing import KpiStanding
from tracker.kpis.xmr import Variation
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.telling import Told, tell
from tracker.organisation.settings import Organisation
from tracker.sweeping import sweeps

PORTION = 200  # initiatives in one sweep; the next one takes the rest
QUIET = timedelta(days=90)  # between two notices of the same initiative


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    sweeps["slipping benefits"] = tell_of_slips


def tell_of_slips(now: datetime) -> int:
    """Tell sponsor, lead and whoever answers for the benefit, where the KPI of a realised initiative shows a special cause
    against it in a reading after it was realised; return how many were told. Once, and of a newer reading after `QUIET`."""
    settings = Organisation.current()
    since = datetime.combine(local_day(now, settings.time_zone) - QUIET, datetime.min.time(), UTC)
    told = (
        exists()
        .where(
            Notice.kind == Tell.benefit_slips,
            Notice.subject_id == Initiative.id,
            (Notice.at >= since) | (Notice.day == KpiStanding.day),
        )
        .correlate(Initiative, KpiStanding)
    )
    found = (
        select(Initiative.id, Initiative.sponsor_id, Initiative.lead_id, func.min(Goal.owner_id).label("owner_id"),
               func.max(KpiStanding.day).label("day"))
        .join(Goal, Goal.initiative_id == Initiative.id)
        .join(KpiStanding, KpiStanding.kpi_id == Goal.kpi_id)
        .where(
            Initiative.stage == Stage.realised, Initiative.stopped_at.is_(None), Goal.dropped_at.is_(None),
            KpiStanding.variation == Variation.concern, KpiStanding.day > func.date(Initiative.stage_since), ~told,
        )
        .group_by(Initiative.id, Initiative.sponsor_id, Initiative.lead_id)
        .order_by(Initiative.id)
    )  # fmt: skip
    count = 0
    for row in db.session.execute(found.limit(PORTION)).all():
        with writing():
            lock_initiative(row.id)
            still = db.session.execute(found.where(Initiative.id == row.id)).one_or_none()
            count += tell([_told(still, settings)], now=now) if still is not None else 0
    return count


def _told(row: Any, settings: Organisation) -> Told:
    people = [row.sponsor_id, row.lead_id, row.owner_id, settings.programme_owner_id]
    return Told(Tell.benefit_slips, people, "initiative", row.id, initiative_id=row.id, day=row.day)
