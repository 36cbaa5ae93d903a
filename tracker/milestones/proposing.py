"""A stage plan is taken over into an initiative: the gates that are missing, by its days, names and criteria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.initiatives.stages import Stage
from tracker.milestones.models import Milestone
from tracker.milestones.planning import Gate, room_in, stages_ahead
from tracker.milestones.plans import StagePlan, plans_in_use, terms_of, usual_plan
from tracker.milestones.showing import gated
from tracker.milestones.usual import GateTerms, days_ahead
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


def plan_for(initiative: Any) -> StagePlan | None:
    """Return the plan in use that the newest gate of an initiative came from, else the usual one; None is the built-in one."""
    came_from = (
        select(StagePlan)
        .join(Milestone, Milestone.stage_plan_id == StagePlan.id)
        .where(Milestone.initiative_id == initiative.id, StagePlan.ended_at.is_(None))
        .order_by(Milestone.id.desc())
        .limit(1)
    )
    return db.session.scalars(came_from).one_or_none() or usual_plan()


def choices() -> dict[int | None, StagePlan | None]:
    """Return the plans that may be chosen, by id, the usual one first: the built-in one, under None, while it is the usual."""
    plans = plans_in_use()
    built_in: dict[int | None, StagePlan | None] = {} if any(one.usual for one in plans) else {None: None}  # fmt: skip
    return built_in | {one.id: one for one in plans}


def plan_by(
    initiative: Any, plan: StagePlan | None, days: Mapping[Stage, date], *, by: Person | None, now: datetime
) -> None:  # fmt: skip
    """Plan the gates of these stages for these days, as a plan calls them and with its criteria. Raises as `plan_gates` does."""
    terms = terms_of(plan)
    gates = [_gate(stage, day, terms[stage]) for stage, day in days.items()]
    Milestone.plan_gates(initiative, gates, by=by, now=now, stage_plan_id=plan and plan.id)


def plan_at_acceptance(initiative: Any, now: datetime) -> None:
    """Plan the gates that are missing as the usual plan has them, where it says that this happens as a sponsor accepts.

    Nobody asked for them by hand, so they refuse nothing: where there is no room for them, they stay away.
    """
    plan = usual_plan()
    if plan is None or not plan.at_acceptance or initiative.ended:
        return
    there = gated(initiative)
    stages = [stage for stage in stages_ahead(initiative) if stage not in there]
    if not stages or room_in(Milestone, initiative) < len(stages):
        return
    terms = terms_of(plan)
    days = days_ahead(initiative, day_of(now), terms, there)
    gates = [_gate(stage, days[stage], terms[stage]) for stage in stages]
    Milestone.plan_gates(initiative, gates, by=None, now=now, stage_plan_id=plan.id)


def _gate(stage: Stage, day: date, terms: GateTerms) -> Gate:
    return Gate(terms.called(stage), stage, day, terms.criteria, terms.measures)
