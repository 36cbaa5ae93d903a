"""What pages show of goals: how far each has come, beside how far it was to be, and whether more is claimed than moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.clock import local_day, now
from tracker.db import db
from tracker.goals.aims import aim_name, confidence_name, horizon_name
from tracker.goals.claiming import claims_on, excess
from tracker.goals.locking import goalless_since, present
from tracker.goals.models import Goal
from tracker.goals.progress import planned, progress
from tracker.goals.terms import Terms
from tracker.goals.versions import GoalVersion
from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.kpis.measures import stale
from tracker.kpis.saying import MARKS, value_told, variation_name
from tracker.kpis.standing import KpiStanding
from tracker.kpis.xmr import Variation
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.policy import May, may


@dataclass(frozen=True)
class Shown:
    """One goal as a page shows it. `share` is its progress, of which the bar shows what lies between 0 and 1."""

    goal: Any
    horizon: str
    aim: str
    sure: str
    newest: str
    baseline: str
    target: str
    planned: str
    share: float | None
    missing: list[str]
    mark: str
    state: str
    stale: bool
    over: str  # by how much all claims on its KPI exceed what it moved; "" where they do not
    urls: dict[str, str]

    @property
    def bar(self) -> float:
        """The part of the bar that is filled, from 0 to 1."""
        return min(max(self.share or 0.0, 0.0), 1.0)


def goals_panel(initiative: Initiative, person: Person, _seen: Seen) -> dict[str, Any] | None:
    """Return what the page of an initiative shows of its goals; None once it ended without one."""
    goals = present(initiative.id)
    sets = not initiative.ended and may(person, May.set_goal, initiative)
    if not goals and initiative.ended:
        return None
    today = local_day(now(), Organisation.current().time_zone)
    there = {goal.horizon for goal in goals}
    return {
        "goals": shown(goals, initiative, person, today),
        "add_url": url_for("goals.new", ref=initiative.ref, horizon="leading" if "outcome" in there else "outcome")
        if sets and len(there) < 2
        else None,
        "since": goalless_since(initiative, today) if not goals else None,
    }  # fmt: skip


def shown(goals: list[Goal], initiative: Initiative, person: Person, today: date) -> list[Shown]:
    """Return goals, with their KPIs, as `person` sees them; in two statements."""
    ids = [goal.kpi_id for goal in goals]
    stands = standings(ids)
    over = {id_: excess(claims_on(id_), stands.get(id_)) for id_ in ids}
    sets = not initiative.ended and may(person, May.set_goal, initiative)
    decides = not initiative.ended and may(person, May.rebaseline, initiative)
    found = []
    for goal in goals:
        told = {"ref": initiative.ref, "id_": goal.id}
        urls = {}
        if sets:
            urls["edit"] = url_for("goals.edit", **told)
        if decides and goal.locked_at is not None:
            urls["rebaseline"] = url_for("goals.rebaseline", **told)
        if sets and goal.locked_at is None:
            urls["drop"] = url_for("goals.drop", **told)
        found.append(_shown(goal, stands.get(goal.kpi_id), over[goal.kpi_id], urls, today))  # fmt: skip
    return found


def _shown(goal: Goal, stands: Any, over: float, urls: dict[str, str], today: date) -> Shown:
    kpi, terms = goal.kpi, Terms.of(goal)
    newest = stands.value if stands else None
    share = share_of(goal, stands)
    due = planned(terms.line, stands.day) if share is not None else None
    variation = stands.variation if stands else None
    return Shown(
        goal=goal, horizon=horizon_name(goal.horizon), aim=aim_name(goal.aim),
        sure=confidence_name(goal.confidence) if goal.confidence else "",
        newest=value_told(newest, kpi), baseline=value_told(terms.baseline, kpi), target=value_told(terms.target, kpi),
        planned=value_told(due, kpi) if due is not None else "", share=share, missing=terms.missing,
        mark=MARKS[Variation(variation)] if variation else "none",
        state=variation_name(variation, stands.stretch_count if stands else 0),
        stale=stale(stands.day if stands else None, kpi.cadence, today), over=value_told(over, kpi) if over else "", urls=urls,
    )  # fmt: skip


def share_of(goal: Any, stands: Any) -> float | None:
    """Return the progress of a goal, or of a row with its terms; None while an end is open, and before the first reading
    after the baseline."""
    if stands is None or stands.value is None or goal.baseline_on is None or stands.day <= goal.baseline_on:  # fmt: skip
        return None
    if goal.baseline is None or goal.target is None:
        return None
    return progress(goal.baseline, goal.target, stands.value)


def standings(kpi_ids: Collection[int]) -> dict[int, Any]:
    """Return how these KPIs stand, by their ids."""
    rows = db.session.execute(
        select(
            KpiStanding.kpi_id,
            KpiStanding.day,
            KpiStanding.value,
            KpiStanding.variation,
            KpiStanding.stretch_count,
        ).where(KpiStanding.kpi_id.in_(kpi_ids))
    )
    return {row.kpi_id: row for row in rows}


def versions_of(goal: Goal) -> list[GoalVersion]:
    """Return what was agreed about a goal, the newest first."""
    query = (
        select(GoalVersion)
        .where(GoalVersion.goal_id == goal.id)
        .options(joinedload(GoalVersion.agreed_by))
        .order_by(GoalVersion.number.desc())
        .limit(50)
    )
    return list(db.session.scalars(query))
