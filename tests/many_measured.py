"""As many KPIs, with readings of one unit, targets and goals, as one likes, for counting what pages ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tracker.db import Model
from tracker.goals.aims import Horizon
from tracker.goals.models import Goal
from tracker.initiatives.stages import Stage
from tracker.kpis.measures import Layer, period_end
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.standing import KpiStanding
from tracker.kpis.targets import Target
from tracker.kpis.xmr import Variation

UNIT = 2  # that every KPI is measured in
LAYERS = tuple(Layer)


def rows(first: int, count: int, now: datetime) -> Iterator[tuple[type[Model], Any]]:
    """Return model and rows of `count` KPIs, each with what hangs on it; the n-th initiative aims at the n-th."""
    own = range(first, first + count)
    day = period_end(now.date() - timedelta(days=31), Kpi.cadence.default.arg)
    beside = {"day": day, "value": 4.0}
    yield Kpi, (_kpi(n, now) for n in own)
    yield KpiStanding, (_standing(n, beside) for n in own)
    yield Target, ({"id": n, "kpi_id": n, "day": now.date(), "value": 5.0, "set_at": now} for n in own)  # fmt: skip
    yield Reading, ({"id": n, "kpi_id": n, "unit_id": UNIT, "added_at": now, **beside} for n in own)
    yield Goal, (_goal(n, n - first + 1, now) for n in own)


def _kpi(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "code": f"K{n}", "name": f"Measure {n}", "layer": LAYERS[n % len(LAYERS)], "unit_id": UNIT if n % 2 else None,
        "added_at": now,
    }  # fmt: skip


def _standing(n: int, beside: dict[str, Any]) -> dict[str, Any]:
    points = f'[["{beside["day"].isoformat()}", 4.0, 0]]'
    return {"kpi_id": n, **beside, "points_json": points, "stretch_count": 1, "variation": Variation.common}  # fmt: skip


def _goal(n: int, initiative_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "initiative_id": initiative_id, "kpi_id": n, "horizon": Horizon.outcome, "stage": Stage.idea, "added_at": now,
    }  # fmt: skip
