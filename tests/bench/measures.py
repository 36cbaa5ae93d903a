"""What the company is measured by, as rows: 40 KPIs in a tree, each with three years of readings, and the goals on them.

KPIs do not grow, nor do the years: at ten times the size ten times as many places are measured.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tests.bench.company import MEMBERS, UNITS
from tests.bench.portfolio import stage_of
from tracker.db import Model
from tracker.goals.aims import Aim, Horizon
from tracker.goals.models import Goal
from tracker.initiatives.stages import Stage
from tracker.kpis.measures import Cadence, Good, Layer
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading, Source

KPIS, MONTHS, PLACES = (
    40,
    36,
    3,
)  # places of one KPI at 1x: units, and beyond those segments of them
OUTCOMES, DRIVERS = 4, 16


def rows(
    initiatives: int, scale: int, clock: datetime
) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows, as they stand at `clock`, in the order to insert them."""
    yield Kpi, (_kpi(n, clock) for n in range(KPIS))
    yield Reading, _readings(PLACES * scale, clock)
    yield Goal, _goals(initiatives, clock)


def _kpi(n: int, clock: datetime) -> dict[str, Any]:
    layer = Layer.outcome if n < OUTCOMES else Layer.driver if n < DRIVERS else Layer.process
    return {
        "id": n + 1, "code": f"K-{n + 1}", "name": f"Measure {n + 1}", "measure": "%", "by_parts": True, "factor": 100.0,
        "good": Good.up, "layer": layer, "parent_id": (n - OUTCOMES) // 3 + 1 if n >= OUTCOMES else None,
        "owner_id": MEMBERS[n % len(MEMBERS)], "cadence": Cadence.monthly, "added_at": clock - timedelta(days=1200),
    }  # fmt: skip


def _readings(places: int, clock: datetime) -> Iterator[dict[str, Any]]:
    days = [_month_end(clock.date(), back) for back in range(MONTHS, 0, -1)]
    units, id_ = UNITS[1:], 0
    for kpi in range(KPIS):
        for place in range(places):
            segment = f"Segment {place // len(units)}" if place >= len(units) else ""
            for month, day in enumerate(days):
                id_ += 1
                part = 80.0 + (kpi + place * 7 + month * 3) % 11
                yield {
                    "id": id_, "kpi_id": kpi + 1, "unit_id": units[place % len(units)], "segment": segment, "day": day,
                    "numerator": part, "denominator": 100.0, "value": part, "source": Source.imported, "added_at": clock,
                }  # fmt: skip


def _goals(initiatives: int, clock: datetime) -> Iterator[dict[str, Any]]:
    began = clock.date() - timedelta(days=300)
    for n in range(initiatives):
        stage = stage_of(n)
        if stage == Stage.idea:
            continue
        yield {
            "id": n + 1, "initiative_id": n + 1, "kpi_id": n % KPIS + 1, "horizon": Horizon.outcome, "aim": list(Aim)[n % 4],
            "baseline": 80.0, "baseline_on": began, "target": 90.0, "target_on": began + timedelta(days=600),
            "claimed": 0.5 if n % 5 == 0 else None, "stage": stage, "added_at": clock - timedelta(days=290),
        }  # fmt: skip


def _month_end(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    year, month = months // 12, months % 12 + 1
    return date(year, month, monthrange(year, month)[1])
