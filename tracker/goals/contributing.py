"""Which initiatives claim to move a KPI: for the tree, and for the page of one. And what the whole portfolio aims at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import defer

from tracker.activity.walking import since_the_trail_grew
from tracker.db import db
from tracker.goals.aims import Aim, aim_name
from tracker.goals.claiming import excess, in_vain
from tracker.goals.models import Goal
from tracker.goals.showing import share_of
from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.stages import Stage, stage_name
from tracker.kpis.models import Kpi
from tracker.kpis.saying import value_told
from tracker.kpis.standing import KpiStanding
from tracker.organisation.people import Person

MOST = 50  # on the page of a KPI, and of those off every KPI
FEW = 3  # named beside a KPI of the tree
PORTFOLIO = "goals.portfolio"  # what was counted of it last


def contributors(kpi: Kpi, person: Person) -> dict[str, Any]:
    """Return what the page of a KPI shows: the first `rows` of initiatives that aim at it, whether there are `more`, and `over`:
    by how much all together claim more than it moved."""
    found = _aiming(kpi.id, person)
    rows = [
        {
            "row": row, "stage": stage_name(row.stage), "share": share_of(row, row.KpiStanding),
            "baseline": value_told(row.baseline, kpi), "target": value_told(row.target, kpi),
            "claimed": value_told(row.claimed, kpi) if row.claimed else "",
        }
        for row in found[:MOST]
    ]  # fmt: skip
    over = excess(found[0].KpiStanding, up_is_good=kpi.up_is_good) if found else 0.0
    return {
        "rows": rows,
        "more": len(found) > MOST,
        "over": value_told(over, kpi) if over else "",
        "in_vain": bool(found) and in_vain(found[0].KpiStanding, over),
    }


def beside_the_tree(kpi_ids: Collection[int], person: Person) -> dict[int, dict[str, Any]]:
    """Return for each KPI the first `rows` of initiatives that aim at it, and whether there are `more`.

    Only so many are looked at for each KPI, however many there are.
    """
    firsts = (
        _scope(person, Goal.kpi_id == kpi_id)
        .with_only_columns(Goal.kpi_id.label("id"), Initiative.ref, Initiative.title)
        .order_by(Goal.id)
        .limit(FEW + 1)
        .subquery()
        for kpi_id in kpi_ids
    )
    found: dict[int, dict[str, Any]] = {}
    if not kpi_ids:
        return found
    for row in db.session.execute(union_all(*(select(first) for first in firsts))):
        known = found.setdefault(row.id, {"rows": [], "more": False})
        if len(known["rows"]) < FEW:
            known["rows"].append(row)
        else:
            known["more"] = True
    return found


def portfolio(person: Person) -> dict[str, Any]:
    """Return what all the work that goes on aims at: the `mix` of aims with how many initiatives have a goal with each, and the
    first `aimless` ones, which aim at no KPI although they are ideas no more, of `how_many`."""
    counted = since_the_trail_grew(PORTFOLIO, person.is_internal, lambda: _counted(person))
    mix = [(aim_name(aim), counted["aims"].get(aim, 0)) for aim in Aim]
    return {"mix": mix, "aimless": counted["aimless"], "how_many": counted["how_many"]}


def _counted(person: Person) -> dict[str, Any]:
    aims = (
        Initiative.visible_to(person)
        .join(Goal, Goal.initiative_id == Initiative.id)
        .where(GOING_ON, Goal.dropped_at.is_(None))
        .with_only_columns(Goal.aim, func.count(Initiative.id.distinct()))
        .group_by(Goal.aim)
    )
    aiming = select(Goal.id).where(Goal.initiative_id == Initiative.id, Goal.dropped_at.is_(None))
    off = Initiative.visible_to(person).where(
        GOING_ON, Initiative.stage != Stage.idea, ~aiming.exists()
    )
    rows = db.session.execute(
        off.with_only_columns(Initiative.ref, Initiative.title).order_by(Initiative.number).limit(MOST)
    ).all()  # fmt: skip
    count = len(rows)
    if count == MOST:
        count = db.session.scalar(off.with_only_columns(func.count(Initiative.id))) or 0
    return {
        "aims": {row[0]: row[1] for row in db.session.execute(aims)},
        "aimless": rows,
        "how_many": count,
    }


def _scope(person: Person, *where: Any) -> Any:
    return (
        Initiative.visible_to(person)
        .join(Goal, Goal.initiative_id == Initiative.id)
        .where(Goal.dropped_at.is_(None), Initiative.stopped_at.is_(None), *where)
    )


def _aiming(kpi_id: int, person: Person) -> Sequence[Any]:
    """Return the first goals on a KPI, each with how that stands, and one more where there are more."""
    columns = (
        *(Initiative.ref, Initiative.title, Initiative.stage, Goal.horizon, Goal.locked_at),
        *(Goal.baseline, Goal.baseline_on, Goal.target, Goal.target_on, Goal.claimed),
        KpiStanding,
    )
    query = (
        _scope(person, Goal.kpi_id == kpi_id)
        .join(KpiStanding, KpiStanding.kpi_id == Goal.kpi_id, isouter=True)
        .with_only_columns(*columns)
        .options(defer(KpiStanding.series_json))
        .order_by(Goal.id)
        .limit(MOST + 1)
    )
    return db.session.execute(query).all()
