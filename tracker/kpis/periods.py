"""Which reading stands for a period."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.kpis.readings import Reading
from tracker.kpis.series import stood


def reading_of(
    kpi_id: int, last: date, unit_id: int | None = None, segment: str = ""
) -> Reading | None:
    """Return the reading that stands for the period that ends on `last`, of this place and segment; None without one."""
    query = select(Reading).where(
        Reading.kpi_id == kpi_id, Reading.day == last, Reading.segment == segment, stood()
    )
    place = Reading.unit_id.is_(None) if unit_id is None else Reading.unit_id == unit_id
    return db.session.scalars(query.where(place)).first()
