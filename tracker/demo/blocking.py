"""What stood in the way: raised, answered for, promised, resolved, confirmed or taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.demo.company import PARTNERS, UNITS
from tracker.demo.portfolio import INITIATIVES
from tracker.demo.shapes import BlockerPlan
from tracker.demo.story import Story
from tracker.initiatives.friction import RootCause
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of

LEADS = {plan.key: plan.lead for plan in INITIATIVES}
KEEPERS = {unit.code: unit.head for unit in UNITS} | {p.key: p.owner for p in PARTNERS}


def block(story: Story, plan: BlockerPlan) -> None:
    """Put one blocker's life on the timetable, each step by whoever had to take it."""
    on, blocker = story.timetable.on, _Told(story, plan)
    on(plan.raised, blocker.raise_)
    if plan.acknowledged is not None:
        on(plan.acknowledged, blocker.acknowledge)
    if plan.committed is not None:
        on(plan.committed, blocker.commit)
    if plan.countered is not None:
        on(plan.countered, blocker.counter_propose)
    if plan.disputed is not None:
        on(plan.disputed, blocker.dispute)
    if plan.waits_for:
        on(plan.waits_since, blocker.wait)
    over = plan.resolved if plan.resolved is not None else plan.withdrawn
    for ago in range(plan.raised - 1, over or 0, -1):
        on(ago, blocker.climb)
    if plan.resolved is not None:
        on(plan.resolved, blocker.resolve)
    if plan.confirmed is not None:
        on(plan.confirmed, blocker.confirm)
    if plan.withdrawn is not None:
        on(plan.withdrawn, blocker.withdraw)


class _Told:
    """One blocker while it is told."""

    def __init__(self, story: Story, plan: BlockerPlan) -> None:
        self.story, self.plan = story, plan
        self.row: Blocker

    @property
    def raiser(self) -> Person:
        return self.story.people[self.plan.by]

    @property
    def answerer(self) -> Person:
        """Whoever the holder named; for an outside party the lead answers (rule 25)."""
        return self.story.people[self.plan.answerer or LEADS[self.plan.initiative]]

    def raise_(self, now: datetime) -> None:
        plan, story = self.plan, self.story
        self.row = Blocker.raise_(
            story.initiatives[plan.initiative],
            title=plan.what,
            effect=plan.effect,
            blocked_unit_id=story.units[plan.blocked].id,
            category=Category(plan.category),
            root_cause=RootCause(plan.cause),
            backstage=plan.backstage,
            needed_by=story.timetable.day(plan.needed),
            by=self.raiser,
            now=now,
            **self._holder(),
        )
        story.blockers[plan.what] = self.row

    def acknowledge(self, now: datetime) -> None:
        keeper = self.story.people[KEEPERS[self.plan.holder]]
        if keeper is not self.answerer:
            self.row.name_answerer(self.answerer, by=keeper, now=now)
        self.row.acknowledge(by=self.answerer, now=now)

    def commit(self, now: datetime) -> None:
        promised = self.story.timetable.day(self.plan.promised or 0)
        self.row.commit(promised, by=self.answerer, now=now)

    def counter_propose(self, now: datetime) -> None:
        proposed = self.story.timetable.day(self.plan.proposed or 0)
        self.row.counter_propose(proposed, by=self.answerer, now=now, words=self.plan.why)

    def dispute(self, now: datetime) -> None:
        self.row.dispute(by=self.answerer, now=now, words=self.plan.why)

    def wait(self, now: datetime) -> None:
        self.row.wait_for(self.story.blockers[self.plan.waits_for], by=self.answerer, now=now)

    def climb(self, now: datetime) -> None:
        """Do what the application does by itself every day."""
        if self.row.escalates_on is not None and self.row.escalates_on < day_of(now):
            self.row.escalate(now=now)

    def resolve(self, now: datetime) -> None:
        self.row.resolve(self.plan.done, by=self.answerer, now=now)

    def confirm(self, now: datetime) -> None:
        self.row.confirm(by=self.raiser, now=now)

    def withdraw(self, now: datetime) -> None:
        self.row.withdraw(by=self.raiser, now=now, words=self.plan.done)

    def _holder(self) -> dict[str, Any]:
        holder, story = self.plan.holder, self.story
        if self.plan.outside:
            return {"holder_outside": holder}
        if holder in story.units:
            return {"holder_unit_id": story.units[holder].id}
        return {"holder_partner_id": story.partners[holder].id}
