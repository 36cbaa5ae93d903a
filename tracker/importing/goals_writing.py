"""Goals of an import are set and changed by the verbs of a goal, one by one: each locks, refuses and records as on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.goals.models import Goal
from tracker.importing.bulk import Moved, among, hold
from tracker.importing.goals_standing import standing_of
from tracker.importing.matching import Item, Work
from tracker.importing.owners import held
from tracker.kpis.models import Kpi


def write(work: Work, _made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if an initiative, a goal or a KPI among it was changed since."""
    owners = {item.changes["owner"].id: item.changes["owner"] for item in work.items}
    initiatives = held(owners)
    _refuse_moved(work.items, sorted(owners))
    kpis = _kpis({item.changes["kpi"].id: item.changes["kpi"].version for item in work.items})
    goals = _goals([item.found.id for item in work.items if item.found])
    for item in work.items:
        changes = item.changes
        initiative, kpi = initiatives[changes["owner"].id], kpis[changes["kpi"].id]
        beside = {"owner_id" if name == "owner" else name: value for name, value in changes["beside"].items()}  # fmt: skip
        told = {"terms": changes["terms"], "by": by, "now": now, **beside}
        if item.found:
            goals[item.found.id].change(initiative, kpi=kpi, **told)
        else:
            Goal.set(initiative, kpi, horizon=changes["horizon"], **told)


def _refuse_moved(items: Sequence[Item], initiative_ids: list[int]) -> None:
    """Raise `Moved` where a goal was set, changed, locked or given up since."""
    present = standing_of(initiative_ids, lock=True).present
    for item in items:
        stood = present.get((item.changes["owner"].id, item.changes["horizon"]))
        planned = (item.found.id, item.found.version, False) if item.found else None
        if planned != (stood and (stood.id, stood.version, stood.locked)):
            raise Moved


def _kpis(versions: dict[int, int]) -> dict[int, Kpi]:
    hold(Kpi, versions)
    rows = db.session.scalars(
        select(Kpi).where(among(Kpi.id, list(versions))).execution_options(populate_existing=True)
    )
    return {one.id: one for one in rows}


def _goals(ids: list[int]) -> dict[int, Goal]:
    if not ids:
        return {}
    query = select(Goal).where(among(Goal.id, ids)).options(joinedload(Goal.kpi))
    return {
        one.id: one for one in db.session.scalars(query.execution_options(populate_existing=True))
    }
