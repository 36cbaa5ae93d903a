"""The goals that stand, as far as rows of a file mean them, and those that were given up: two queries for all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.db import db
from tracker.goals.aims import Horizon
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.importing.bulk import among

Place = tuple[int, Horizon]  # initiative, horizon


class Stood(NamedTuple):
    """A goal that stands; `beside` by the names of a file's fields."""

    id: int
    version: int
    kpi_id: int
    locked: bool
    terms: Terms
    beside: dict[str, Any]


@dataclass
class Stands:
    """What stands of some initiatives, and what was given up there: (KPI, terms, day)."""

    present: dict[Place, Stood] = field(default_factory=dict)
    dropped: dict[Place, list[tuple[int, Terms, date]]] = field(default_factory=dict)

    def given_up(
        self, initiative_id: int, horizon: Horizon, kpi_id: Any, terms: dict[str, Any]
    ) -> date | None:
        """Return the day on which people gave up the very goal that a row brings, or None."""
        for kpi, kept, day in self.dropped.get((initiative_id, horizon), []):
            if kpi == kpi_id and all(getattr(kept, name) == value for name, value in terms.items()):
                return day
        return None


def standing_of(initiative_ids: Sequence[int], *, lock: bool = False) -> Stands:
    """Return the goals of these initiatives; with `lock` they are held until the write is over."""
    found = Stands()
    if not initiative_ids:
        return found
    columns = Goal.__table__.c
    query = select(Goal.__table__).where(among(columns.initiative_id, initiative_ids))
    query = query.order_by(columns.id)
    for row in db.session.execute(query.with_for_update() if lock else query):
        place, terms = (row.initiative_id, row.horizon), Terms.of(row)
        if row.dropped_at is not None:
            found.dropped.setdefault(place, []).append((row.kpi_id, terms, row.dropped_at.date()))
            continue
        beside = {"aim": row.aim, "confidence": row.confidence, "method": row.method, "owner": row.owner_id}  # fmt: skip
        found.present[place] = Stood(
            row.id, row.version, row.kpi_id, row.locked_at is not None, terms, beside
        )
    return found
