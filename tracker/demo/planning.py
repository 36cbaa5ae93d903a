"""Leads plan gates soon after a sponsor stands for the work, and results on the way; some come late, and say so."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from tracker.demo.milestones import MILESTONES
from tracker.demo.shapes import InitiativePlan, StepPlan
from tracker.demo.shapes_of_milestones import FoundPlan, MilestonePlan, MovePlan
from tracker.demo.story import Story
from tracker.initiatives.stages import ORDER, Stage
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.usual import MEASURES, usual_criteria, usual_name
from tracker.organisation.people import Person

SOON = 3  # days after the first decision
FOUND = 7  # days before a decision, and so before it was asked for
TOLD = 16  # days before a decision it is plain that the first day does not hold
EARLY = 24  # days by which every third gate was planned too early
AHEAD, APART = 14, 70  # days until the next gate, and from there to the one after it
NEXT = 2  # gates that are planned ahead
PROVING = 200  # days more until the last gate: a benefit is looked at for a year
LATE = "The work before it took longer than planned; the day is the team's own."
AGAIN = "Back to the stage before: another day to look again."
SHOWN = {
    Stage.designing: "Their words are in the friction, and in the calls we kept.",
    Stage.piloting: "Eight of ten tried it at the counter; two asked for larger print.",
    Stage.rolling_out: "Asked in the last week of the pilot: four of five say so.",
    Stage.proving: "Every office works the new way; the last one since Monday.",
}


def plan_gates(story: Story, plan: InitiativePlan) -> None:
    """Put the gates of one initiative on the timetable, where a sponsor stands for it."""
    first, *later = plan.path
    if plan.sponsor is None or first.stage == Stage.idea:
        return
    told = _Gates(story, plan)
    story.timetable.on(first.ago - SOON, told.plan)
    steps = [step for step in later if step.stage in set(Stage)]
    for nth, step in enumerate(steps):
        if step in told.early and nth == [one.stage for one in steps].index(step.stage):
            story.timetable.on(step.ago + TOLD, lambda now, step=step: told.move(step, LATE, now))
        story.timetable.on(step.ago + FOUND, lambda now, step=step: told.find(step, now))
    for back, again in pairwise(later):
        if back.stage == "back":
            story.timetable.on(back.ago - SOON, lambda now, again=again: told.move(again, AGAIN, now))  # fmt: skip


def reach(story: Story) -> None:
    """Put the other milestones on the timetable."""
    for plan in MILESTONES:
        told, on = _Result(story, plan), story.timetable.on
        on(plan.planned, told.plan_it)
        for move in plan.moves:
            on(move.ago, lambda now, told=told, move=move: told.move(move, now))
        for found in plan.found:
            on(found.ago, lambda now, told=told, found=found: told.find(found, now))
        if plan.reached is not None:
            on(plan.reached, told.reach)
        if plan.dropped is not None:
            on(plan.dropped, told.drop)


class _Gates:
    """The gates of one initiative while it is told."""

    def __init__(self, story: Story, plan: InitiativePlan) -> None:
        self.story, self.plan_ = story, plan
        self.came = {step.stage: step for step in reversed(plan.path)}  # the first time
        self.rows: dict[str, Milestone] = {}
        steps = [step for step in plan.path[1:] if step.stage in set(Stage)]
        since = plan.path[0].ago - SOON
        self.early = [
            step
            for nth, step in enumerate(steps)
            if (len(plan.key) + nth) % 3 == 0 and step.ago + EARLY < since
        ]

    @property
    def lead(self) -> Person:
        return self.story.people[self.plan_.lead]

    def plan(self, now: datetime) -> None:
        """Plan the gates that came about, for then, and the next `NEXT` of the others; what is far away nobody plans yet."""
        initiative = self.story.initiatives[self.plan_.key]
        ahead = [AHEAD + initiative.number * 11 % 40 + nth * APART for nth in range(NEXT)]
        for stage in ORDER[ORDER.index(initiative.stage) + 1 :]:
            step = self.came.get(stage)
            if step is None and not ahead:
                break
            due = step.ago + EARLY * (step in self.early) if step else -ahead.pop(0)
            due -= PROVING if stage == Stage.realised and not step else 0
            self.rows[stage] = Milestone.plan(
                initiative, name=usual_name(stage), due_on=self.story.timetable.day(due), opens=stage, measures=MEASURES[stage],
                criteria=usual_criteria(stage), by=self.lead, now=now,
            )  # fmt: skip

    def move(self, step: StepPlan, words: str, now: datetime) -> None:
        """Move a gate to the day on which it came about."""
        day = self.story.timetable.day(step.ago)
        self.rows[step.stage].reschedule(day, words, by=self.lead, now=now)

    def find(self, step: StepPlan, now: datetime) -> None:
        """Find met what customers were asked before a decision."""
        row = self.rows[step.stage]
        for one in criteria_of([row.id]):
            if one.measure is None and one.met_at is None:
                row.find_met(one, evidence=SHOWN[Stage(step.stage)], by=self.lead, now=now)


class _Result:
    """One other milestone while it is told."""

    def __init__(self, story: Story, plan: MilestonePlan) -> None:
        self.story, self.plan = story, plan
        self.row: Milestone

    @property
    def lead(self) -> Person:
        lead_id = self.story.initiatives[self.plan.initiative].lead_id
        return next(one for one in self.story.people.values() if one.id == lead_id)

    def plan_it(self, now: datetime) -> None:
        plan = self.plan
        self.row = Milestone.plan(
            self.story.initiatives[plan.initiative], name=plan.name, due_on=self.story.timetable.day(plan.due), criteria=plan.criteria,
            measures={Measure(one) for one in plan.measures}, by=self.lead, now=now,
        )  # fmt: skip

    def move(self, move: MovePlan, now: datetime) -> None:
        self.row.reschedule(self.story.timetable.day(move.to), move.words, by=self.lead, now=now)

    def find(self, found: FoundPlan, now: datetime) -> None:
        by_hand = [one for one in criteria_of([self.row.id]) if one.measure is None]
        self.row.find_met(
            by_hand[found.place], evidence=found.words, link=found.link, by=self.lead, now=now
        )

    def reach(self, now: datetime) -> None:
        self.row.reach(by=self.lead, now=now)

    def drop(self, now: datetime) -> None:
        self.row.drop(self.plan.words, by=self.lead, now=now)
