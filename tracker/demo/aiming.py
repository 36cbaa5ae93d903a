"""Goals are set soon after an initiative begins, and become whole before it pilots."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.demo.aims import AIMS, AimPlan
from tracker.demo.people import OWNER
from tracker.demo.shapes import InitiativePlan
from tracker.demo.story import Story
from tracker.goals.aims import Aim, Confidence
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.stages import ORDER, Stage
from tracker.kpis.models import Kpi
from tracker.kpis.series import measured

SET = 8  # days before the sponsor's first decision
WHOLE = 3  # days after designing began: the terms are thought about first
SETTLED = 9  # days after adoption
LASTS = timedelta(days=420)  # from the baseline to the target


def aim(story: Story, plan: InitiativePlan) -> None:
    """Put the goal of one initiative on the timetable, where the story knows one."""
    wanted = AIMS.get(plan.key)
    if wanted is None:
        return
    first, on = plan.path[0], story.timetable.on
    if plan.adopted:
        late = ORDER.index(Stage(first.stage)) >= ORDER.index(Stage.piloting)
        on(first.ago - SETTLED, lambda now: _set(story, plan, wanted, now, whole=late))
        return
    on(first.ago + SET, lambda now: _set(story, plan, wanted, now, whole=False))
    designing = next((step for step in plan.path if step.stage == Stage.designing), None)
    if designing is not None:
        on(designing.ago - WHOLE, lambda now: _complete(story, plan, wanted, now))


def _set(
    story: Story, plan: InitiativePlan, wanted: AimPlan, now: datetime, *, whole: bool
) -> None:
    kpi = story.kpis[wanted.kpi]
    story.goals[plan.key] = Goal.set(
        story.initiatives[plan.key], kpi, terms=_terms(kpi, wanted) if whole else Terms(), by=story.people[plan.lead], now=now,
        aim=Aim(wanted.aim), confidence=Confidence(wanted.sure) if wanted.sure else None, method=wanted.method,
        owner_id=story.people[wanted.owner or OWNER].id,
    )  # fmt: skip


def _complete(story: Story, plan: InitiativePlan, wanted: AimPlan, now: datetime) -> None:
    initiative = story.initiatives[plan.key]
    goal = story.goals[plan.key]
    if goal.locked_at is None:
        goal.change(initiative, terms=_terms(goal.kpi, wanted), by=story.people[plan.lead], now=now)


def _terms(kpi: Kpi, wanted: AimPlan) -> Terms:
    """Return terms from the newest reading on: better by a share of it."""
    last = [one for one in measured({kpi.id: kpi.factor})[kpi.id] if one.value is not None][-1]
    assert last.value is not None  # noqa: S101 - those without were left out
    gain = abs(last.value) * wanted.better
    target = last.value + gain if kpi.up_is_good else last.value - gain
    places = kpi.places + 1
    return Terms(
        round(last.value, places), last.day, round(target, places), last.day + LASTS, round(gain * wanted.claimed, places)
    )  # fmt: skip
