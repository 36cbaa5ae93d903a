"""Where a KPI is measured, and its readings one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, func, literal, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.series import stood
from tracker.kpis.standing import KpiStanding
from tracker.organisation.units import Unit
from tracker.wording import sort_key


def kept_of(kpi: Kpi, slug: str | None) -> tuple[KpiStanding, Any]:
    """Return how a KPI stands, and the unit with the address `slug`; None where the KPI has no reading of that."""
    measured_there = exists().where(Reading.kpi_id == kpi.id, Reading.unit_id == Unit.id)
    row = db.session.execute(
        select(KpiStanding, Unit)
        .select_from(Kpi)
        .join(KpiStanding, KpiStanding.kpi_id == Kpi.id, isouter=True)
        .join(Unit, and_(Unit.slug == slug, measured_there), isouter=True)
        .where(Kpi.id == kpi.id)
    ).one()
    return row[0] or KpiStanding.blank(kpi.id), row[1]


def units_of(kpi: Kpi) -> list[Any]:
    """Return the units (id, slug, name) that a KPI has readings of, by name."""
    measured_there = select(Reading.unit_id).where(Reading.kpi_id == kpi.id)
    rows = db.session.execute(
        select(Unit.id, Unit.slug, Unit.name).where(Unit.id.in_(measured_there))
    )
    return sorted(rows, key=lambda row: (sort_key(row.name), row.id))


def readings_of(
    kpi: Kpi, unit_id: int | None, segment: str | None, most: int, first: int = 0, *, every: bool = False, count: int | None = None
) -> tuple[Sequence[Reading], int]:  # fmt: skip
    """Return the newest readings of a KPI, those of a unit and a segment where these are given, and how many there are.

    With `every` those that were corrected are among them. Where the `count` is known it is not asked for.
    """
    where = [Reading.kpi_id == kpi.id] + ([] if every else [stood()])
    where += [Reading.unit_id == unit_id] if unit_id is not None else []
    where += [Reading.segment == segment] if segment is not None else []
    every_one: Any = select(func.count(Reading.id)).where(*where).scalar_subquery()
    every_one = literal(count) if count is not None else every_one
    rows = (
        select(Reading, every_one)
        .where(*where)
        .options(joinedload(Reading.added_by), joinedload(Reading.unit))
        .order_by(Reading.day.desc(), Reading.id.desc())
    )
    found = db.session.execute(rows.limit(most).offset(first)).all()
    if found or not first:
        return [row[0] for row in found], found[0][1] if found else 0
    return [], db.session.scalar(select(every_one)) or 0  # a page behind the last one
