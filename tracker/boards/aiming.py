"""What a board asks of the KPIs that its cards aim at, as parts of its one statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from tracker.goals.models import Goal
from tracker.kpis.listing import COLUMNS
from tracker.kpis.models import Kpi
from tracker.kpis.standing import KpiStanding
from tracker.kpis.targets import Target

_BRIEF = (Kpi.id, Kpi.code, Kpi.name, KpiStanding.variation, KpiStanding.stretch_count)


def aim_of(initiative_id: Any) -> Any:
    """Return the KPI of the initiative of the row beside it: that of its outcome, else the one that it is led by; NULL for
    none."""
    goals = select(Goal.kpi_id).where(
        Goal.initiative_id == initiative_id, Goal.dropped_at.is_(None)
    )
    first = goals.order_by(Goal.horizon.desc()).limit(1)  # "outcome" comes behind "leading"
    return first.scalar_subquery()


def kpis(shown: Any) -> Select[Any]:
    """Return the KPIs that the cards `shown` aim at, in the order of the fields of `cards.Aim`."""
    return _aimed_at(shown, *_BRIEF)


def measures(shown: Any) -> tuple[Select[Any], Select[Any]]:
    """Return all that lanes show of these KPIs, in the order of `COLUMNS`; and their targets."""
    targets: Any = select(Target.kpi_id, Target.day, Target.value)
    return _aimed_at(shown, *COLUMNS), targets.where(Target.kpi_id.in_(_ids(shown)))


def _aimed_at(shown: Any, *columns: Any) -> Select[Any]:
    beside = KpiStanding.kpi_id == Kpi.id
    query: Any = select(*columns).join_from(Kpi, KpiStanding, beside, isouter=True)
    return query.where(Kpi.id.in_(_ids(shown)))


def _ids(shown: Any) -> Select[Any]:
    return select(shown.c.kpi_id)
