"""After delivery somebody looks whether the benefit is there, and says in the end what came of it."""

from __future__ import annotations

from datetime import datetime

from tracker.demo.shapes import InitiativePlan, StepPlan
from tracker.demo.story import Story
from tracker.goals.checkpoints import Checkpoint, InitiativeResult, months_after, of
from tracker.goals.results import Result
from tracker.initiatives.stages import Stage

# Months after proving began, days after it by which such a checkpoint is due whatever the months, and what was seen.
LOOKS = (
    (3, 97, "It holds where it runs. Three months are too few to speak of a year."),
    (6, 189, "Half a year on it still holds, and nothing else changed that would explain it."),
    (12, 371, "A year on it stayed where it was."),
)
SAID = 12  # days before the sponsor's last decision, and so before it is asked for


def prove(story: Story, plan: InitiativePlan) -> None:
    """Put the checkpoints and the result of one initiative on the timetable, where it came so far."""
    steps = {step.stage: step for step in plan.path}
    began, ended = steps.get(Stage.proving), steps.get(Stage.realised)
    if began is None:
        return
    last = ended.ago + SAID if ended else -1
    looks = [look for look in LOOKS if not ended or began.ago - look[1] > last]
    on = story.timetable.on
    if len(looks) < len(LOOKS):
        on(began.ago - 1, lambda now: _plan(story, plan, [months for months, _days, _words in looks], now))  # fmt: skip
    for number, (_months, days, words) in enumerate(looks):
        if began.ago - days > last:
            on(began.ago - days, lambda now, number=number, words=words: _take(story, plan, number, words, now))  # fmt: skip
    if ended is not None:
        on(last, lambda now: _say(story, plan, ended, now))


def _plan(story: Story, plan: InitiativePlan, months: list[int], now: datetime) -> None:
    initiative = story.initiatives[plan.key]
    began = initiative.stage_since.date()
    days = [months_after(began, count) for count in months]
    Checkpoint.plan(initiative, days, by=story.people[plan.lead], now=now)


def _take(story: Story, plan: InitiativePlan, number: int, words: str, now: datetime) -> None:
    initiative = story.initiatives[plan.key]
    one = of(initiative.id)[number]
    one.take(initiative, words=words, by=story.people[plan.lead], now=now, today=now.date())


def _say(story: Story, plan: InitiativePlan, ended: StepPlan, now: datetime) -> None:
    came, _lesson, learned = ended.words.partition("Lesson: ")
    InitiativeResult.say(
        story.initiatives[plan.key], Result.partly if came.startswith("Partly") else Result.achieved,
        lesson=learned[:1].upper() + learned[1:], by=story.people[plan.lead], now=now,
    )  # fmt: skip
