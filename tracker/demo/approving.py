"""Leads ask for the next stage, and sponsors decide: as it was asked, with a condition, or not yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.demo.asking import CONDITIONS, asked
from tracker.demo.shapes import InitiativePlan, StepPlan
from tracker.demo.shapes_of_requests import SaysPlan
from tracker.demo.story import Story
from tracker.initiatives.stages import Stage
from tracker.organisation.settings import day_of

DECIDES_IN = 10  # days that a lead gives the sponsor


def ask_usually(story: Story, plan: InitiativePlan, step: StepPlan, now: datetime) -> None:
    """Let the lead ask for a stage as leads do."""
    put(story, plan, asked(Stage(step.stage), story.initiatives[plan.key].number), now)


def put(story: Story, plan: InitiativePlan, says: SaysPlan, now: datetime) -> None:
    """Let the lead put a request for the next stage to the sponsor, maybe one that was sent back before."""
    initiative, lead = story.initiatives[plan.key], story.people[plan.lead]
    said = {
        "question": says.question,
        "cost": Decimal(says.amount) if says.amount else None,
        "cost_words": says.cost, "gain": says.gain, "waiting": says.waiting, "risk": says.risk,
        "decide_by": day_of(now) + timedelta(days=DECIDES_IN),
    }  # fmt: skip
    approval = Approval.open_of(initiative.id)
    if approval is None:
        following = initiative.next_stage or Stage.realised
        approval = Approval.draft(initiative, following, by=lead, now=now, **said)
    else:
        approval.change(said, by=lead, now=now)
    approval.submit(by=lead, now=now)


def send_back(story: Story, plan: InitiativePlan, words: str, now: datetime) -> None:
    """Let the sponsor say "not yet"."""
    sponsor = story.people[str(plan.sponsor)]
    _open(story, plan, now).decide(Decision.sent_back, by=sponsor, now=now, words=words)


def approve(story: Story, plan: InitiativePlan, step: StepPlan, now: datetime) -> None:
    """Let the sponsor open a stage, and maybe ask for something with it."""
    sponsor, approval = story.people[str(plan.sponsor)], _open(story, plan, now)
    wanted = CONDITIONS.get((plan.key, step.stage))
    if wanted is None:
        approval.decide(Decision.approved, by=sponsor, now=now, words=step.words)
        return
    condition = Wanted(wanted.words, story.people[plan.lead].id, story.timetable.day(wanted.due))
    approval.decide(
        Decision.conditional, by=sponsor, now=now, words=step.words, condition=condition
    )


def _open(story: Story, plan: InitiativePlan, now: datetime) -> Approval:
    """Return the request that is open; what changed since it was asked is put to the sponsor anew first."""
    approval = Approval.open_of(story.initiatives[plan.key].id)
    if approval is None:
        raise LookupError(plan.key)
    if approval.changed(now):
        approval.submit(by=story.people[plan.lead], now=now)
    return approval
