"""What stands around a KPI: whose it is, what it stands below, where it is measured, and its readings one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.series import stood
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def around(kpi: Kpi) -> Any:
    """Return one row: the names of its owner and unit, and code and name of the KPI above."""
    above = aliased(Kpi)
    columns = (Person.name.label("owner"), Unit.name.label("unit"), above.code.label("above_code"), above.name.label("above"))  # fmt: skip
    return db.session.execute(
        select(*columns)
        .select_from(Kpi)
        .join(Person, Person.id == Kpi.owner_id, isouter=True)
        .join(Unit, Unit.id == Kpi.unit_id, isouter=True)
        .join(above, above.id == Kpi.parent_id, isouter=True)
        .where(Kpi.id == kpi.id)
    ).one()


def places_of(kpi: Kpi) -> tuple[list[Any], list[str]]:
    """Return the units (id, slug, name) and the segments that a KPI has readings of, by name."""
    rows = db.session.execute(
        select(Reading.segment, Unit.id, Unit.slug, Unit.name)
        .join(Unit, Unit.id == Reading.unit_id, isouter=True)
        .where(Reading.kpi_id == kpi.id)
        .distinct()
    ).all()
    units = {row.id: row for row in rows if row.id is not None}
    segments = {row.segment for row in rows if row.segment}
    return sorted(units.values(), key=lambda row: (row.name, row.id)), sorted(segments)


def readings_of(
    kpi: Kpi, unit_id: int | None, segment: str | None, most: int, first: int = 0, *, every: bool = False
) -> tuple[Sequence[Reading], int]:  # fmt: skip
    """Return the newest readings of a KPI, those of a unit and a segment where these are given, and how many there are.

    With `every` those that were corrected are among them.
    """
    where = [Reading.kpi_id == kpi.id] + ([] if every else [stood()])
    where += [Reading.unit_id == unit_id] if unit_id is not None else []
    where += [Reading.segment == segment] if segment is not None else []
    every_one = select(func.count(Reading.id)).where(*where).scalar_subquery()
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
