"""The days of a company, further: what changes beneath a request that was put to the sponsor."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.aims import kpi, prove
from tests.approvals.days import Days
from tests.approvals.reckoning import Asked, Work
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.usual import MEASURES
from tracker.organisation.settings import Organisation
from tracker.policy import May


class Changing(Days):
    """What changes meanwhile."""

    def toggle_designing(self) -> None:
        """Use the stage, or use it no more: refused while somebody stands in it."""
        there = self.company
        wanted = not there.designing
        fair = wanted or not any(one.stage == "designing" and not one.ended for one in there.works)
        with contextlib.suppress(NotNow), writing():
            admin = self.person(self.cast.admin.id)
            Organisation.current().change(by=admin, now=self.clock(), designing=wanted)
            there.designing = wanted
        assert there.designing == wanted or not fair

    def plan(self, work: Work, stage: str) -> None:
        """Plan a gate ahead of its time."""

        def do(one: Initiative, **told: Any) -> int:
            to, day = Stage(stage), self.today + timedelta(days=30)
            return Milestone.plan(
                one,
                name=f"Gate {stage}",
                due_on=day,
                opens=to,
                criteria=["As planned"],
                measures=MEASURES[to],
                **told,
            ).id

        self.through(May.plan_milestone, self.cast.manager.id, self.on(work), do)

    def drop(self, work: Work, asked: Asked) -> None:
        """Give a gate up: refused while a request is open about it."""
        find = lambda person: Milestone.find(person, asked.gate)  # noqa: E731
        fair = False if asked.open or work.ended else None
        self.through(
            May.keep_milestone,
            self.cast.manager.id,
            find,
            lambda gate, **told: gate.drop("Not meant.", **told),
            fair=fair,
        )

    def change_gate(self, work: Work, asked: Asked, what: str) -> None:
        """Call it otherwise, move its day, ask for more, find a criterion met, or open again."""
        n, known = self.fresh(), work.gate(asked.gate)
        note: list[Callable[[], Any]] = []

        def do(gate: Milestone, **told: Any) -> None:
            rows = criteria_of([gate.id])
            lines, measures = [one.words for one in rows if one.measure is None], {one.measure for one in rows if one.measure}  # fmt: skip
            if what == "due":
                day = max(gate.due_on, self.today) + timedelta(days=1)
                gate.reschedule(day, "Later.", **told)
                note.append(lambda: known.update(due=day))
            elif what == "name":
                gate.change(name=f"Gate {n}", criteria=lines, measures=measures, **told)
                note.append(lambda: known.update(name=f"Gate {n}"))
            elif what == "more":
                gate.change(name=gate.name, criteria=[*lines, f"More {n}"], measures=measures, **told)  # fmt: skip
                note.append(lambda: known["more"].append(n))
            else:
                of_them = [one for one in rows if one.measure is None and (one.met_at is None) == (what == "met")]  # fmt: skip
                if not of_them:
                    raise NotNow("none")
                one = of_them[0]
                if what == "met":
                    gate.find_met(one, evidence=f"Seen {n}", **told)
                    note.append(lambda: known["met"].update({one.id: n}))
                else:
                    gate.find_open(one, **told)
                    note.append(lambda: known["met"].pop(one.id))

        find = lambda person: Milestone.find(person, asked.gate)  # noqa: E731
        if self.through(May.keep_milestone, self.cast.manager.id, find, do):
            for one in note:
                one()

    def change(self, work: Work, what: str) -> None:
        """Change the budget, the terms of the goal, the charter, what blocks it, or what came of it."""
        done = self.through(May.edit_initiative, self.cast.manager.id, self.on(work), getattr(self, f"_{what}")(work))  # fmt: skip
        if done and done[0]:
            done[0]()

    def _budget(self, work: Work) -> Any:
        n = Decimal(f"{1000 + self.fresh()}.00")
        return lambda one, **told: (
            one.edit(budget=n, **told) or (lambda: setattr(work, "budget", n))
        )

    def _terms(self, work: Work) -> Any:
        n = self.fresh()

        def do(one: Initiative, by: Any, now: Any) -> Any:
            mine = select(Goal).where(Goal.initiative_id == work.id).options(joinedload(Goal.kpi))
            goal = db.session.scalars(mine.limit(1)).one()
            terms = replace(Terms.of(goal), target=500.0 + n)
            if goal.locked_at is None:
                goal.change(one, terms=terms, by=by, now=now)
            else:
                goal.rebaseline(one, terms=terms, by=self.person(work.sponsor or 0), now=now, words="More.")  # fmt: skip
            return lambda: setattr(work, "terms", n)

        return do

    def _charter(self, work: Work) -> Any:
        def do(one: Initiative, **told: Any) -> Any:
            draft = CharterDraft.of(one)
            draft.save(one, purpose=f"As agreed {self.fresh()}", **told)
            draft.publish(one, note="", wording_only=False, **told)
            return lambda: setattr(work, "charter", True)

        return do

    def _block(self, work: Work) -> Any:
        who = {"blocked_unit_id": self.cast.care.id, "holder_unit_id": self.cast.it.id}

        def do(one: Initiative, **told: Any) -> Any:
            id_ = Blocker.raise_(one, title="No data", **who, **told).id
            return lambda: work.blockers.append(id_)

        return do

    def _unblock(self, work: Work) -> Any:
        def do(_one: Initiative, **told: Any) -> Any:
            if not work.blockers:
                raise NotNow("none")
            db.session.get_one(Blocker, work.blockers[0]).withdraw(**told)
            return lambda: work.blockers.pop(0)

        return do

    def _result(self, work: Work) -> Any:
        def do(one: Initiative, by: Any, now: Any) -> Any:
            if work.result:
                raise NotNow("said")
            prove(one, by, now)
            return lambda: setattr(work, "result", True)

        return do

    def reading(self, days: int) -> None:
        """A new reading of the KPI, which makes no request another (rule 15)."""
        with writing():
            one = kpi()
            day = self.today - timedelta(days=days)
            try:
                with db.session.begin_nested():
                    by = self.person(self.cast.manager.id)
                    Reading.add(one, day=day, value=30.0 + self.fresh(), by=by, now=self.clock())
                    restand([one])
            except NotNow:  # that day has one already
                return
        self.seen["readings"] += 1
