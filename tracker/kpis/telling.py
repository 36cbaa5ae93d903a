"""Whom this room tells what: a KPI whose readings stay away, and one that went beyond its alert bound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_, select

from tracker.db import db, writing
from tracker.kpis.measures import DAYS, STALE_AFTER
from tracker.kpis.models import Kpi
from tracker.kpis.standing import KpiStanding
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tell
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit
from tracker.sweeping import sweeps

PORTION = 200  # KPIs in one sweep; the next one takes the rest
QUIET = timedelta(days=28)  # between two notices that the same KPI lies beyond its bound


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["kpi"] = named
    sweeps["stale readings"] = tell_of_stale
    sweeps["alert bounds"] = tell_of_crossed


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the KPIs with these ids as far as `person` may see them."""
    found = Kpi.visible_to(person).with_only_columns(Kpi.id, Kpi.code, Kpi.name)
    return {
        row.id: Thing(row.name, url_for("kpis.show", code=row.code))
        for row in db.session.execute(found.where(Kpi.id.in_(ids)))
    }


def tell_of_stale(now: datetime) -> int:
    """Tell the owner of each KPI whose newest reading is older than one and a half cadences, once for that reading; return
    how many were told (rule 9)."""
    today = day_of(now)
    late = [
        and_(Kpi.cadence == cadence, KpiStanding.day < today - timedelta(days=int(days * STALE_AFTER)))
        for cadence, days in DAYS.items()
    ]  # fmt: skip
    told = _told_before(Tell.reading_stale, Notice.day == KpiStanding.day).where(
        Notice.person_id == Kpi.owner_id
    )
    found = (
        select(Kpi.id, Kpi.owner_id, KpiStanding.day)
        .join(KpiStanding, KpiStanding.kpi_id == Kpi.id)
        .where(Kpi.owner_id.is_not(None), or_(*late), ~told)
        .order_by(Kpi.id)
    )
    return _each(found, lambda row: Told(Tell.reading_stale, [row.owner_id], "kpi", row.id, day=row.day), now)  # fmt: skip


def tell_of_crossed(now: datetime) -> int:
    """Tell the owner of each KPI whose newest reading lies beyond an alert bound, and the head of its unit; return how many
    were told. A newer reading that lies there too is told of after `QUIET`."""
    since = day_of(now) - QUIET
    begun = datetime.combine(since, datetime.min.time(), UTC)
    told = _told_before(Tell.bound_crossed, (Notice.at >= begun) | (Notice.day == KpiStanding.day))
    found = (
        select(Kpi.id, Kpi.owner_id, Unit.acting_head_id, KpiStanding.day)
        .join(KpiStanding, KpiStanding.kpi_id == Kpi.id)
        .join(Unit, Unit.id == Kpi.unit_id, isouter=True)
        .where(
            or_(KpiStanding.value < Kpi.alert_low, KpiStanding.value > Kpi.alert_high),
            or_(Kpi.owner_id.is_not(None), Unit.acting_head_id.is_not(None)),
            ~told,
        )
        .order_by(Kpi.id)
    )
    return _each(
        found, lambda row: Told(Tell.bound_crossed, [row.owner_id, row.acting_head_id], "kpi", row.id, day=row.day), now
    )  # fmt: skip


def _told_before(kind: Tell, when: ColumnElement[bool]) -> Exists:
    """The condition that somebody was told this of the KPI of the query around it."""
    return (
        exists()
        .where(Notice.kind == kind, Notice.subject_id == Kpi.id, when)
        .correlate(Kpi, KpiStanding)
    )


def _each(found: Select[*tuple[Any, ...]], told: Callable[[Any], Told], now: datetime) -> int:
    """Tell of every row, each in a write transaction of its own in which it is still there."""
    count = 0
    for row in db.session.execute(found.limit(PORTION)).all():
        with writing():
            still = db.session.execute(
                found.where(Kpi.id == row.id).with_for_update(of=Kpi)
            ).one_or_none()
            count += tell([told(still)], now=now) if still is not None else 0
    return count
