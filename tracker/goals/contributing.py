"""Which initiatives claim to move a KPI: for the tree, and for the page of one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.goals.models import Goal
from tracker.goals.showing import excesses, share_of, standings
from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.stages import stage_name
from tracker.kpis.models import Kpi
from tracker.kpis.saying import value_told
from tracker.organisation.people import Person

MOST = 50  # on the page of a KPI
FEW = 3  # named beside a KPI of the tree


def contributors(kpi: Kpi, person: Person) -> dict[str, Any]:
    """Return what the page of a KPI shows: `rows` of initiatives that aim at it, `more` that are not shown, and `over`."""
    rows, count = _aiming([kpi.id], person, MOST)
    stands = standings([kpi.id])
    newest, excess = stands.get(kpi.id), excesses([kpi.id], stands).get(kpi.id, 0.0)
    told = [
        {
            "row": row, "stage": stage_name(row.stage), "share": share_of(row, newest),
            "baseline": value_told(row.baseline, kpi), "target": value_told(row.target, kpi),
            "claimed": value_told(row.claimed, kpi) if row.claimed else "",
        }
        for row in rows
    ]  # fmt: skip
    return {"rows": told, "more": count - len(rows), "over": value_told(excess, kpi) if excess else ""}  # fmt: skip


def beside_the_tree(kpi_ids: Collection[int], person: Person) -> dict[int, dict[str, Any]]:
    """Return for each KPI the first initiatives that aim at it, and how many there are `among` which they stand."""
    place = func.row_number().over(partition_by=Goal.kpi_id, order_by=Initiative.number)
    among = func.count().over(partition_by=Goal.kpi_id)
    ranked = (
        _scope(kpi_ids, person)
        .with_only_columns(
            Goal.kpi_id,
            Initiative.ref,
            Initiative.title,
            place.label("place"),
            among.label("among"),
        )
        .subquery()
    )
    found: dict[int, dict[str, Any]] = {}
    first = select(ranked).where(ranked.c.place <= FEW).order_by(ranked.c.kpi_id, ranked.c.place)
    for row in db.session.execute(first):
        known = found.setdefault(row.kpi_id, {"rows": [], "among": row.among})
        known["rows"].append(row)
    return found


def aimless(person: Person, most: int = MOST) -> tuple[list[Any], int]:
    """Return the first initiatives that go on without a goal, beyond the stage of an idea, and how many there are."""
    aims = select(Goal.id).where(Goal.initiative_id == Initiative.id, Goal.dropped_at.is_(None))
    off = Initiative.visible_to(person).where(GOING_ON, Initiative.stage != "idea", ~aims.exists())
    rows = db.session.execute(
        off.with_only_columns(Initiative.ref, Initiative.title, Initiative.stage)
        .order_by(Initiative.number)
        .limit(most)
    ).all()
    count = len(rows)
    if count == most:
        count = db.session.scalar(off.with_only_columns(func.count(Initiative.id))) or 0
    return list(rows), count


def _scope(kpi_ids: Collection[int], person: Person) -> Any:
    return (
        Initiative.visible_to(person)
        .join(Goal, Goal.initiative_id == Initiative.id)
        .where(Goal.kpi_id.in_(kpi_ids), Goal.dropped_at.is_(None), Initiative.stopped_at.is_(None))
    )


def _aiming(kpi_ids: Collection[int], person: Person, most: int) -> tuple[list[Any], int]:
    mine = _scope(kpi_ids, person)
    columns = (
        *(Initiative.ref, Initiative.title, Initiative.stage, Goal.horizon, Goal.locked_at),
        *(Goal.baseline, Goal.baseline_on, Goal.target, Goal.target_on, Goal.claimed),
    )
    rows = db.session.execute(
        mine.with_only_columns(*columns, func.count().over().label("among"))
        .order_by(Initiative.number, Goal.id)
        .limit(most)
    ).all()
    return list(rows), rows[0].among if rows else 0
