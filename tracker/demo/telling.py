"""Each initiative's way: begun, sponsored or declined, moved from stage to stage by its sponsor."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tracker.demo.approving import approve, ask_usually, put, send_back
from tracker.demo.chartering import charter
from tracker.demo.charters import CHARTERS
from tracker.demo.gathering import gather
from tracker.demo.people import OWNER
from tracker.demo.shapes import InitiativePlan, StepPlan
from tracker.demo.story import Story
from tracker.initiatives.friction import Friction, RootCause
from tracker.initiatives.models import Cadence, Initiative
from tracker.initiatives.stages import Stage

BEGUN = 11  # days before a sponsor's first decision
TEAMED = 2  # days after the beginning
PROPOSED, ASKED = 4, 5  # days before the answer to a proposal, and to a request


def tell(story: Story, plan: InitiativePlan) -> None:
    """Put one initiative on the timetable, from its beginning to its last decision."""
    first, *later = plan.path
    on = story.timetable.on
    born = first.ago if first.stage == Stage.idea else first.ago + BEGUN
    on(born, lambda now: _begin(story, plan, now))
    charter(story, plan, CHARTERS.get(plan.key), born)
    gather(story, plan, born - TEAMED)
    if first.stage != Stage.idea:
        on(first.ago + PROPOSED, lambda now: _propose(story, plan, now))
        on(first.ago, lambda now: _accept(story, plan, now))
    for step in later:
        if step.stage in set(Stage):
            on(step.ago + ASKED, lambda now, step=step: ask_usually(story, plan, step, now))
        on(step.ago, lambda now, step=step: _decide(story, plan, step, now))
    for ask in plan.stage_asks:
        on(ask.ago, lambda now, ask=ask: put(story, plan, ask.says, now))
        if ask.answered is not None:
            on(ask.answered, lambda now, ask=ask: send_back(story, plan, ask.answer, now))
    _tell_proposals(story, plan)


def _tell_proposals(story: Story, plan: InitiativePlan) -> None:
    for ask in plan.asks:
        story.timetable.on(
            ask.ago,
            lambda now, ask=ask: story.initiatives[plan.key].propose_sponsor(
                story.people[ask.who],
                by=story.people[OWNER if plan.sponsor else plan.lead],
                now=now,
                words=_in_short(plan),
            ),
        )
        if ask.answer == "declined":
            story.timetable.on(
                ask.answered,
                lambda now, ask=ask: story.initiatives[plan.key].decline_sponsorship(
                    by=story.people[ask.who], now=now, words=ask.words
                ),
            )


def _begin(story: Story, plan: InitiativePlan, now: datetime) -> None:
    lead = story.people[plan.lead]
    initiative = Initiative.create(
        title=plan.title,
        theme=plan.theme,
        lead_unit_id=story.units[plan.lead_unit].id,
        lead=lead,
        adopt_stage=Stage(plan.path[0].stage) if plan.adopted else None,
        budget=Decimal(plan.budget) if plan.budget else None,
        cadence=Cadence(plan.cadence),
        processes=plan.processes,
        systems=plan.systems,
        pilot_scope=plan.pilot_scope,
        next_units=plan.next_units,
        by=lead,
        now=now,
    )
    friction = plan.friction
    Friction.of(initiative).describe(
        initiative,
        words=friction.words,
        touchpoint=friction.touchpoint,
        channel=friction.channel,
        root_cause=RootCause(friction.cause),
        evidence=friction.known,
        by=lead,
        now=now,
    )
    story.initiatives[plan.key] = initiative


def _propose(story: Story, plan: InitiativePlan, now: datetime) -> None:
    story.initiatives[plan.key].propose_sponsor(
        story.people[str(plan.sponsor)],
        by=story.people[plan.lead],
        now=now,
        words=_in_short(plan),
    )


def _in_short(plan: InitiativePlan) -> str:
    """The first sentence of the charter: what a sponsor would put their name to."""
    return f"{plan.charter.split('. ')[0].rstrip('.')}."


def _accept(story: Story, plan: InitiativePlan, now: datetime) -> None:
    story.initiatives[plan.key].accept_sponsorship(by=story.people[str(plan.sponsor)], now=now)


def _decide(story: Story, plan: InitiativePlan, step: StepPlan, now: datetime) -> None:
    initiative, sponsor = story.initiatives[plan.key], story.people[str(plan.sponsor)]
    if step.stage == "hold":
        initiative.hold(by=sponsor, now=now, words=step.words)
    elif step.stage == "stop":
        initiative.stop(by=sponsor, now=now, words=step.words)
    elif step.stage == "back":
        initiative.step_back(by=sponsor, now=now, words=step.words)
    else:
        approve(story, plan, step, now)
