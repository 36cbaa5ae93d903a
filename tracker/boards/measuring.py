"""How the KPIs stand that lanes of a board stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from tracker.boards.reading import Rows
from tracker.kpis.listing import drawn_band, row_from
from tracker.kpis.measures import stale
from tracker.kpis.saying import MARKS
from tracker.kpis.standing import limits_from, points_from
from tracker.kpis.targets import target_on
from tracker.kpis.xmr import Variation


@dataclass(frozen=True, slots=True)
class Measure:
    """What the head of a lane shows of its KPI, before it is put into words."""

    row: Any  # with the `COLUMNS` of a line
    values: list[float]
    band: tuple[float, float] | None
    mark: str  # ok, bad or none
    stale: bool
    target: float | None


def measures_of(kpis: Rows, targets: Rows, day: date) -> Mapping[str, Measure]:
    """Return by the key of its lane each KPI as it stands on `day`."""
    due: dict[int, list[Any]] = {}
    for kpi_id, until, value in sorted(targets):
        due.setdefault(kpi_id, []).append(
            SimpleNamespace(day=date.fromisoformat(until), value=value)
        )
    rows = [row_from(values) for values in kpis]
    return {str(row.id): _measure(row, target_on(due.get(row.id, []), day), day) for row in rows}


def _measure(row: Any, target: Any, day: date) -> Measure:
    limits = limits_from(row)
    return Measure(
        row,
        [point.value for point in points_from(row.points_json or "[]")],
        drawn_band(limits, row) if limits and not limits.flat else None,
        MARKS[Variation(row.variation)] if row.variation else "none",
        stale(row.day, row.cadence, day),
        target.value if target else None,
    )
