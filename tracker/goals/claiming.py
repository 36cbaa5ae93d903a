"""What all goals on a KPI claim together, held against what it moved (rule 9)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from tracker.activity.walking import since_the_trail_grew
from tracker.db import db
from tracker.goals.models import Goal
from tracker.goals.progress import moved, overclaimed
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi

CLAIMS = "goals.claims"  # what was counted of them last


class Claims(NamedTuple):
    """What is claimed of one KPI: the sum, in its unit, and the first baseline from which something is."""

    claimed: float
    baseline: float
    baseline_on: date
    up_is_good: bool


def claims_on(kpi_id: int) -> Claims | None:
    """Return what the goals that stand, of work that was not stopped, claim of a KPI; None where nothing is claimed."""
    return since_the_trail_grew(CLAIMS, None, _claims).get(kpi_id)


def excess(claims: Claims | None, newest: Any) -> float:
    """Return by how much `claims` exceed what their KPI moved from the first baseline to its `newest` reading (`day`, `value`);
    0 where they do not, where nothing was read since, and where nothing is claimed."""
    if claims is None or newest is None or newest.value is None or newest.day <= claims.baseline_on:
        return 0.0
    movement = moved(claims.baseline, newest.value, up_is_good=claims.up_is_good)
    return overclaimed(claims.claimed, movement)


def _claims() -> dict[int, Claims]:
    every: dict[str, Any] = {"partition_by": Goal.kpi_id}
    ranked = (
        select(
            Goal.kpi_id,
            Goal.baseline,
            Goal.baseline_on,
            Kpi.good,
            func.sum(Goal.claimed).over(**every).label("claimed"),
            func.row_number().over(**every, order_by=(Goal.baseline_on, Goal.id)).label("place"),
        )
        .join(Goal.kpi)
        .join(Initiative, Initiative.id == Goal.initiative_id)
        .where(
            Goal.dropped_at.is_(None),
            Goal.claimed > 0,
            Goal.baseline.is_not(None),
            Goal.baseline_on.is_not(None),
            Initiative.stopped_at.is_(None),
        )
        .subquery()
    )
    rows = db.session.execute(select(ranked).where(ranked.c.place == 1))
    return {row.kpi_id: Claims(row.claimed, row.baseline, row.baseline_on, row.good == "up") for row in rows}  # fmt: skip
