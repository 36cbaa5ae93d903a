"""What goals have to do with stages: what `framed` and `piloting` wait for, and the lock (rule 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.goals.models import Goal
from tracker.goals.setting import locks
from tracker.goals.terms import Terms, incomplete
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person

GRACE = timedelta(days=30)  # calendar days that adopted work has to name its goal (rule 7)


def present(initiative_id: int) -> list[Goal]:
    """Return the goals of an initiative with their KPIs, the outcome first."""
    query = (
        select(Goal)
        .where(Goal.initiative_id == initiative_id, Goal.dropped_at.is_(None))
        .options(joinedload(Goal.kpi), joinedload(Goal.owner))
        .order_by(Goal.horizon.desc(), Goal.id)
    )
    return list(db.session.scalars(query))


def aimed(initiative: Any, stage: Stage, _now: datetime) -> str | None:
    """Return what `framed` or `piloting` still waits for, or None.

    `framed` needs a goal that names a KPI; `piloting` needs baseline, target and both days of each. Nothing else does:
    work that was adopted further on is marked instead (`goalless`).
    """
    if stage not in {Stage.framed, Stage.piloting}:
        return None
    goals = present(initiative.id)
    if not goals:
        return _(
            "%(ref)s needs a goal that names a company KPI before %(stage)s. Its lead sets one.",
            ref=initiative.ref,
            stage=stage_name(stage),
        )
    return first_open(goals) if stage == Stage.piloting else None


def has_goal() -> Any:
    """Return the condition that an initiative has a goal, in a statement about initiatives (one of `begins_with`)."""
    there = select(Goal.id).where(Goal.initiative_id == Initiative.id, Goal.dropped_at.is_(None))
    return there.correlate(Initiative).exists()


def first_open(goals: Iterable[Goal]) -> str | None:
    """Return what the first goal with an open end lacks."""
    for goal in goals:
        terms = Terms.of(goal)
        if terms.missing:
            return incomplete(goal.kpi, terms)
    return None


def lock_goals(initiative: Any, stage: Stage, by: Person | None, now: datetime) -> None:
    """Lock what is not locked yet, as a stage from piloting on is entered. An open end stays open: it is marked."""
    if not locks(stage):
        return
    for goal in present(initiative.id):
        if goal.locked_at is None and not Terms.of(goal).missing:
            goal.lock(by=by, now=now)


def agreed_on(kpi: Any) -> str | None:
    """Return why the direction of good of a KPI stays as it is: a goal on it has locked; or None."""
    held = (
        select(Initiative.ref)
        .join(Goal, Goal.initiative_id == Initiative.id)
        .where(Goal.kpi_id == kpi.id, Goal.locked_at.is_not(None), Goal.dropped_at.is_(None), Initiative.stopped_at.is_(None))
        .order_by(Goal.id)
        .limit(1)
    )  # fmt: skip
    ref = db.session.scalar(held)
    if ref is None:
        return None
    return _(
        "%(ref)s has a goal on this KPI that is agreed and locked, so which way is better stays. What is read the other way is a "
        "KPI of its own.",
        ref=ref,
    )


def adopted_on(initiative: Any) -> date | None:
    """Return the day on which work already under way was accepted as it stands, or None."""
    if not initiative.adopted:
        return None
    answered = (
        select(Sponsorship.answered_at)
        .where(
            Sponsorship.initiative_id == initiative.id,
            Sponsorship.adopts.is_not(None),
            Sponsorship.answer.in_([Answer.accepted, Answer.ended]),
        )
        .order_by(Sponsorship.id)
        .limit(1)
    )
    found = db.session.scalar(answered)
    return found.date() if found else None


def goalless_since(initiative: Any, today: date) -> date | None:
    """Return the day since which adopted work should have had a goal, where it has none and that day is over."""
    since = adopted_on(initiative)
    return since + GRACE if since and since + GRACE < today else None
