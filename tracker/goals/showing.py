"""What pages show of goals: how far each has come, beside how far it was to be, and whether more is claimed than moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.clock import now
from tracker.db import db
from tracker.goals.aims import Horizon, aim_name, confidence_name, horizon_name
from tracker.goals.claiming import excess, in_vain
from tracker.goals.locking import goalless_since
from tracker.goals.models import Goal
from tracker.goals.progress import planned, progress
from tracker.goals.terms import Terms
from tracker.goals.versions import GoalVersion
from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.initiatives.queries import Beside
from tracker.kpis.measures import stale
from tracker.kpis.saying import MARKS, value_told, variation_name
from tracker.kpis.standing import KpiStanding
from tracker.kpis.xmr import Variation
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
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
    passed: bool  # the day of its target is over, and the target is not reached
    over: str  # by how much all claims on its KPI exceed what it moved; "" where they do not
    in_vain: bool  # they exceed it by all of it
    urls: dict[str, str]

    @property
    def away(self) -> bool:
        """Whether it moved away from its target since the baseline."""
        return self.share is not None and self.share < 0

    @property
    def bar(self) -> float:
        """The part of the bar that is filled, from 0 to 1."""
        return min(max(self.share or 0.0, 0.0), 1.0)


OUTCOME, LEADING = (aliased(Goal, name=f"{horizon}_goal") for horizon in (Horizon.outcome, Horizon.leading))  # fmt: skip
BESIDE = tuple(
    Beside(
        goal,
        and_(goal.initiative_id == Initiative.id, goal.dropped_at.is_(None), goal.horizon == horizon),
        (joinedload(goal.kpi), joinedload(goal.owner), joinedload(goal.standing).defer(KpiStanding.series_json)),
    )
    for goal, horizon in ((OUTCOME, Horizon.outcome), (LEADING, Horizon.leading))
)  # fmt: skip


def goals_panel(initiative: Initiative, person: Person, seen: Seen) -> dict[str, Any] | None:
    """Return what the page of an initiative shows of its goals, which are read with its facts; None once it ended without
    one."""
    goals = [
        goal for goal in (seen.facts.outcome_goal, seen.facts.leading_goal) if goal is not None
    ]
    sets = not initiative.ended and may(person, May.set_goal, initiative)
    if not goals and initiative.ended:
        return None
    today = day_of(now())
    there = {goal.horizon for goal in goals}
    return {
        "goals": [_shown(goal, _urls(goal, initiative, person, sets=sets), today) for goal in goals],
        "add_url": url_for("goals.new", ref=initiative.ref, horizon="leading" if "outcome" in there else "outcome")
        if sets and len(there) < 2
        else None,
        "since": goalless_since(initiative, today) if not goals else None,
    }  # fmt: skip


def _urls(goal: Goal, initiative: Initiative, person: Person, *, sets: bool) -> dict[str, str]:
    told: dict[str, Any] = {"ref": initiative.ref, "id_": goal.id}
    locked = goal.locked_at is not None
    decides = locked and not initiative.ended and may(person, May.rebaseline, initiative)
    verbs = {"edit": sets, "rebaseline": decides, "drop": sets and not locked}
    return {verb: url_for(f"goals.{verb}", **told) for verb, can in verbs.items() if can}


def _shown(goal: Goal, urls: dict[str, str], today: date) -> Shown:
    kpi, terms, stands = goal.kpi, Terms.of(goal), goal.standing
    over = excess(stands, up_is_good=kpi.up_is_good)
    newest = stands.value if stands else None
    share = share_of(goal, stands)
    due = planned(terms.line, stands.day) if share is not None and stands and stands.day else None
    variation = stands.variation if stands else None
    return Shown(
        goal=goal, horizon=horizon_name(goal.horizon), aim=aim_name(goal.aim),
        sure=confidence_name(goal.confidence) if goal.confidence else "",
        newest=value_told(newest, kpi), baseline=value_told(terms.baseline, kpi), target=value_told(terms.target, kpi),
        planned=value_told(due, kpi) if due is not None else "", share=share, missing=terms.missing,
        mark=MARKS[Variation(variation)] if variation else "none",
        state=variation_name(variation, stands.stretch_count if stands else 0),
        stale=stale(stands.day if stands else None, kpi.cadence, today),
        passed=terms.target_on is not None and terms.target_on < today and (share is None or share < 1),
        over=value_told(over, kpi) if over else "", in_vain=in_vain(stands, over), urls=urls,
    )  # fmt: skip


def standing_of(initiative: Initiative) -> list[Shown]:
    """Return the goals of an initiative, the outcome first, with how far each has come."""
    query = (
        select(Goal)
        .where(Goal.initiative_id == initiative.id, Goal.dropped_at.is_(None))
        .options(
            joinedload(Goal.kpi),
            joinedload(Goal.owner),
            joinedload(Goal.standing).defer(KpiStanding.series_json),
        )
        .order_by(Goal.horizon.desc(), Goal.id)
    )
    today = day_of(now())
    return [_shown(goal, {}, today) for goal in db.session.scalars(query)]


def share_of(goal: Any, stands: Any) -> float | None:
    """Return the progress of a goal, or of a row with its terms; None while an end is open, and before the first reading
    after the baseline."""
    if stands is None or stands.value is None or goal.baseline_on is None or stands.day <= goal.baseline_on:  # fmt: skip
        return None
    if goal.baseline is None or goal.target is None:
        return None
    return progress(goal.baseline, goal.target, stands.value)


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
