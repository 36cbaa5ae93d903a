"""What all goals on a KPI claim together, held against what it moved (rule 9). Kept beside the KPI, as goals change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.goals.progress import moved, overclaimed
from tracker.initiatives.models import Initiative
from tracker.kpis.restanding import rows_of


def excess(stands: Any, *, up_is_good: bool) -> float:
    """Return by how much all claims on a KPI exceed what it moved from the first baseline among them to its newest reading.

    `stands` is how it stands: `day`, `value`, `claimed`, `claimed_from`, `claimed_since`. 0 where nothing is claimed, where the
    claims do not exceed, and where nothing was read since.
    """
    if (
        stands is None
        or stands.value is None
        or stands.claimed_since is None
        or stands.day <= stands.claimed_since
    ):
        return 0.0
    return overclaimed(
        stands.claimed, moved(stands.claimed_from, stands.value, up_is_good=up_is_good)
    )


def in_vain(stands: Any, over: float) -> bool:
    """Tell whether all that is claimed on a KPI is `over` what it moved: it has not moved for the better at all."""
    return over > 0 and over >= stands.claimed


def reclaim(goal: Any, kpi_ids: Collection[int]) -> None:
    """Keep what the goals that stand, of work that was not stopped, claim of these KPIs. Inside a write, after one changed.
    `goal` is the model of goals."""
    db.session.flush()
    every: dict[str, Any] = {"partition_by": goal.kpi_id}
    ranked = (
        select(
            goal.kpi_id,
            goal.baseline,
            goal.baseline_on,
            func.sum(goal.claimed).over(**every).label("claimed"),
            func.row_number().over(**every, order_by=(goal.baseline_on, goal.id)).label("place"),
        )
        .join(Initiative, Initiative.id == goal.initiative_id)
        .where(
            goal.kpi_id.in_(kpi_ids),
            goal.dropped_at.is_(None),
            goal.claimed > 0,
            goal.baseline.is_not(None),
            goal.baseline_on.is_not(None),
            Initiative.stopped_at.is_(None),
        )
        .subquery()
    )
    claims = {
        row.kpi_id: row for row in db.session.execute(select(ranked).where(ranked.c.place == 1))
    }
    for id_, row in rows_of(sorted(kpi_ids)).items():
        claim = claims.get(id_)
        row.claimed = claim.claimed if claim else 0.0
        row.claimed_from, row.claimed_since = (
            (claim.baseline, claim.baseline_on) if claim else (None, None)
        )
        db.session.add(row)
    db.session.flush()
