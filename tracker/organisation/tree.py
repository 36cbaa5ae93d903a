"""What units inherit: walks up the tree from every unit, in two short queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from tracker.db import Model, db


def acting() -> Iterator[tuple[int, int | None, int | None]]:
    """Yield (unit, acting head, acting calendar) for each unit where the kept ones are out of date,
    in ascending order of units, so that two transactions never wait for each other in a circle."""
    unit, organisation = Model.metadata.tables["unit"].c, Model.metadata.tables["organisation"].c
    top = db.session.execute(
        select(organisation.programme_owner_id, organisation.calendar_id)
    ).first()
    rows = db.session.execute(
        select(
            unit.id,
            unit.parent_id,
            unit.head_id,
            unit.calendar_id,
            unit.acting_head_id,
            unit.acting_calendar_id,
        ).order_by(unit.id)
    ).all()
    by_id = {row.id: row for row in rows}
    for row in rows:
        head = _nearest(by_id, row, "head_id", top.programme_owner_id if top else None)
        calendar = _nearest(by_id, row, "calendar_id", top.calendar_id if top else None)
        if (head, calendar) != (row.acting_head_id, row.acting_calendar_id):
            yield row.id, head, calendar


def _nearest(by_id: dict[int, Any], row: Any, field: str, top: int | None) -> int | None:
    seen: set[int] = set()  # a circle, closed by SQL, would otherwise hold the write lock for ever
    while row is not None and row.id not in seen:
        if getattr(row, field) is not None:
            return getattr(row, field)
        seen.add(row.id)
        row = by_id.get(row.parent_id)
    return top
