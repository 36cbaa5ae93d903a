"""Milestones of an import are planned and changed by their own verbs, one by one: each locks, refuses and records as on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.importing.bulk import Moved, among
from tracker.importing.matching import Item, Work
from tracker.importing.milestones import New
from tracker.importing.milestones_standing import Stands
from tracker.importing.owners import held
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.milestones.criteria import criteria_of
from tracker.milestones.forms import lines_of
from tracker.milestones.models import Milestone
from tracker.milestones.states import State


def write(work: Work, _made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if an initiative or a milestone among it was changed since."""
    changed = [item for item in work.items if item.found and item.changes]
    fresh = [item for item in work.items if item.found is None]
    initiatives = held({item.changes["new"].owner.id: item.changes["new"].owner for item in fresh})
    milestones = _milestones([item.found.id for item in changed if item.found])
    _refuse_moved(fresh, changed, initiatives, milestones)
    for item in changed:
        _change(milestones[item.found.id], item.changes, by=by, now=now)
    for item in fresh:
        _plan(initiatives[item.changes["new"].owner.id], item.changes["new"], by=by, now=now)


def _milestones(ids: list[int]) -> dict[int, Milestone]:
    """The milestones that change, under the locks of their initiatives, as `Milestone.again` takes them."""
    if not ids:
        return {}
    its = select(Milestone.initiative_id).where(among(Milestone.id, ids))
    for initiative_id in sorted(set(db.session.scalars(its))):
        lock_initiative(initiative_id)
    query = (
        select(Milestone).where(among(Milestone.id, ids)).options(joinedload(Milestone.initiative))
    )
    return {
        one.id: one for one in db.session.scalars(query.execution_options(populate_existing=True))
    }


def _refuse_moved(
    fresh: Sequence[Item],
    changed: Sequence[Item],
    initiatives: dict[int, Initiative],
    milestones: dict[int, Milestone],
) -> None:
    """Raise `Moved` where a milestone was planned, changed, reached or dropped since, or its initiative ended."""
    ids = {*initiatives, *(one.initiative_id for one in milestones.values())}
    present = Stands(ids, lock=True)
    for item in fresh:
        if present.find(item.row, item.changes["new"].owner.id) is not None:
            raise Moved
    for item in changed:
        assert item.found is not None  # noqa: S101 - only what stands is changed
        stands = present.by_id.get(item.found.id)
        if stands is None or stands.version != item.found.version:
            raise Moved


def _change(milestone: Milestone, changes: dict[str, Any], *, by: Any, now: datetime) -> None:
    if "name" in changes or "criteria" in changes:
        there = criteria_of([milestone.id])
        by_hand = [one.words for one in there if one.measure is None]
        milestone.change(
            name=changes.get("name", milestone.name),
            criteria=lines_of(changes["criteria"]) if "criteria" in changes else by_hand,
            measures=[one.measure for one in there if one.measure is not None],
            by=by,
            now=now,
        )
    if "due" in changes:
        words = changes.get("words") or _("The file says so; it gives no reason.")
        milestone.reschedule(changes["due"], words, by=by, now=now)


def _plan(initiative: Initiative, new: New, *, by: Any, now: datetime) -> None:
    made = Milestone.plan(
        initiative, name=new.name, due_on=new.due, opens=new.opens, criteria=new.criteria, measures=new.measures,
        stage_plan_id=new.stage_plan_id, by=by, now=now, late=True,
    )  # fmt: skip
    if new.state == State.reached:
        made.reach(by=by, now=now)
    elif new.state == State.dropped:
        made.drop(new.words or _("It was dropped before it came here."), by=by, now=now)
