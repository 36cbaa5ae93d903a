"""What was to be done: given to somebody, taken on, handed in, returned, accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import Verb
from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.demo.company import PARTNERS
from tracker.demo.portfolio import INITIATIVES
from tracker.demo.shapes_of_actions import ActionPlan, DoneStep, Said, Shown, Stop
from tracker.demo.story import Story
from tracker.discussion.models import Comment
from tracker.files.models import Evidence
from tracker.organisation.people import Person

LEADS = {plan.key: plan.lead for plan in INITIATIVES}
EMPLOYERS = {contact.key: plan.key for plan in PARTNERS for contact in plan.contacts}
HOSTS = frozenset({"acceptance", "return", "date-acceptance", "date-refusal", "due-date", "cancellation"})  # fmt: skip


def act(story: Story, plan: ActionPlan) -> None:
    """Put one action's life on the timetable, each step by whoever had to take it."""
    told = _Told(story, plan)
    story.timetable.on(plan.added, told.add)
    for step in plan.steps:
        story.timetable.on(step.ago, lambda now, step=step: told.go(step, now))
    for one in plan.talk:
        story.timetable.on(one.ago, lambda now, one=one: told.say(one, now))
    for shown in plan.evidence:
        story.timetable.on(shown.ago, lambda now, shown=shown: told.show(shown, now))
    for stop in plan.stops:
        told.wait(stop)


class _Told:
    """One action while it is told."""

    def __init__(self, story: Story, plan: ActionPlan) -> None:
        self.story, self.plan = story, plan
        self.row: Action

    @property
    def host(self) -> Person:
        return self.story.people[LEADS[self.plan.initiative]]

    @property
    def doer(self) -> Person:
        """Whoever acts for the assignee: for a partner as a whole its first contact."""
        who = self.plan.who
        first = next((p.contacts[0].key for p in PARTNERS if p.key == who), who)
        return self.story.people[first]

    def add(self, now: datetime) -> None:
        plan = self.plan
        self.row = Action.add(
            self.story.initiatives[plan.initiative],
            title=plan.what,
            due_on=self.story.timetable.day(plan.due),
            assignee=self._assignee(),
            why=plan.why,
            criteria="\n".join(plan.criteria),
            description=plan.more,
            by=self.host,
            now=now,
        )

    def go(self, step: DoneStep, now: datetime) -> None:
        """Take one step, by the host or by whoever does it."""
        by = self.host if step.verb in HOSTS else self.doer
        day = self.story.timetable.day(step.to)
        row, words, who = self.row, step.words, {"by": by, "now": now}
        verbs: dict[Verb, Any] = {
            Verb.acknowledge: lambda: row.acknowledge(**who),
            Verb.start: lambda: row.start(**who),
            Verb.report: lambda: row.report(step.share, words, **who),
            Verb.submit: lambda: row.submit(words, **who),
            Verb.finish: lambda: row.finish(words=words, **who),
            Verb.decline: lambda: row.decline(words, **who),
            Verb.propose_date: lambda: row.propose_date(day, words, **who),
            Verb.accept_date: lambda: row.accept_date(**who),
            Verb.decline_date: lambda: row.decline_date(words, **who),
            Verb.accept: lambda: row.accept(words=words, **who),
            Verb.return_: lambda: row.return_(words, **who),
            Verb.reschedule: lambda: row.reschedule(day, words, **who),
            Verb.cancel: lambda: row.cancel(words, **who),
        }
        verbs[Verb(step.verb)]()

    def say(self, one: Said, now: datetime) -> None:
        """Comment on it."""
        by = self.story.people[one.who]
        Comment.post(self.row, one.words, shared=one.shared, by=by, now=now)

    def show(self, one: Shown, now: datetime) -> None:
        """Hang a link on it."""
        Evidence.add(self.row, by=self.doer, now=now, name=one.name, url=one.url)

    def wait(self, stop: Stop) -> None:
        """Put on the timetable what stopped it, and how the host answered."""
        on, found, host = self.story.timetable.on, {}, lambda now: {"by": self.host, "now": now}

        def say(now: datetime) -> None:
            found[0] = Blocker.raise_on_us(
                self.row, title=stop.what, effect=stop.effect, category=Category(stop.category), by=self.doer, now=now
            )  # fmt: skip

        on(stop.ago, say)
        if stop.acknowledged is not None:
            on(stop.acknowledged, lambda now: found[0].acknowledge(**host(now)))
        if stop.committed is not None:
            promised = self.story.timetable.day(stop.promised)
            on(stop.committed, lambda now: found[0].commit(promised, **host(now)))
        if stop.resolved is not None:
            on(stop.resolved, lambda now: found[0].resolve(stop.done, **host(now)))

    def _assignee(self) -> Assignee:
        who, story = self.plan.who, self.story
        if who in story.partners:
            return Assignee(partner_id=story.partners[who].id)
        if who in EMPLOYERS:
            partner = story.partners[EMPLOYERS[who]]
            return Assignee(partner_id=partner.id, contact_id=story.people[who].id)
        return Assignee(person_id=story.people[who].id)
