"""The days of a company in which people ask, decide and change their minds, each act on the road that its page takes.

The row is loaded anew and locked, the policy asked, the verb run, all in one write. The reckoning says beforehand whether it
is to be: what may be done and is refused is as wrong as what is done and may not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import note
from sqlalchemy import select, text

from tests.aims import WHOLE, aim
from tests.approvals.reckoning import Asked, Company, Deputy, Work
from tests.cast import HASH, START
from tests.gates import SAYS
from tracker.approvals.models import Approval
from tracker.db import db, writing
from tracker.errors import Missing, NotNow, Refused
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person, Role
from tracker.policy import May, may

ROWS = """SELECT (SELECT count(*) FROM event), (SELECT sum(version) FROM approval), (SELECT sum(version + touches) FROM initiative),
 (SELECT count(*) FROM stage_ask), (SELECT count(*) FROM notice), (SELECT count(*) FROM approval_condition),
 (SELECT sum(version) FROM milestone)"""


class Days:
    """What people do; `seen` counts it by name."""

    def __init__(self, cast: SimpleNamespace, clock: Any, seen: Counter[str]) -> None:
        self.cast, self.clock, self.seen, self.serial = cast, clock, seen, 0
        self.acts = Counter[int | None]()  # that were done and left something, by initiative
        clock.moment = START + timedelta(hours=1)
        named = ("owner", "alternate", "executive", "other_executive")
        others = [getattr(cast, one).id for one in ("lead", "member", "manager", "head", "finance", "admin")]  # fmt: skip
        with writing():
            new = [
                Person.add(email=f"x{n}@example.org", name=f"X {n}", role=Role.executive, by=None, now=clock(), password_hash=HASH)
                for n in range(2)
            ]  # fmt: skip
        executives = [*(getattr(cast, one).id for one in named), *(one.id for one in new)]
        self.company = Company(
            sorted(executives), {cast.manager.id}, others, cast.owner.id, cast.alternate.id, {*executives, *others}
        )  # fmt: skip
        for stage in ("framed", "rolling_out"):
            self.begin(stage, cast.executive.id)
        self.appoint(cast.executive.id, cast.other_executive.id, 20)  # who works on both

    @property
    def today(self) -> date:
        return self.clock().date()

    def person(self, id_: int) -> Person:
        return db.session.get_one(Person, id_)

    def fresh(self) -> int:
        """Return a number that was never used."""
        self.serial += 1
        return self.serial

    def through(
        self,
        act: May,
        who: int,
        thing: Callable[[Person], Any],
        do: Callable[..., Any],
        *,
        fair: bool | None = None,
    ) -> Any:
        """Do something as its page does; return (what came of it,), or None where it was refused, which leaves nothing behind."""
        self.clock.forward(minutes=2)
        db.session.remove()
        before, refusal = db.session.execute(text(ROWS)).one(), None
        try:
            person = self.person(who)
            found = thing(person)
            with writing():
                found = found.again(person)
                if not person.is_active or not may(person, act, found):
                    raise Refused
                done = (do(found, by=person, now=self.clock()),)
        except (NotNow, Refused, Missing) as error:
            refusal = error
        if refusal is not None:
            db.session.remove()
            self.seen["refused"] += 1
            note(f"    {act} by {who} is refused: {refusal}")
            left = db.session.execute(text(ROWS)).one()
            assert left == before, f"{act} was refused, and left something behind"
            assert not fair, f"{act} of {who} is theirs to do, and was refused: {refusal}"
            return None
        note(f"    {act} by {who} is done")
        if db.session.execute(text(ROWS)).one() != before:
            on = (
                found.id if isinstance(found, Initiative) else getattr(found, "initiative_id", None)
            )
            self.acts[on] += 1
        assert fair is not False, f"{act} was done by {who}, who may not"
        self.seen[act.value] += 1
        return done

    def on(self, work: Work) -> Callable[[Person], Any]:
        return lambda _person: db.session.get_one(Initiative, work.id)

    # Beginning, and who is accountable

    def begin(self, stage: str, sponsor: int) -> None:
        """Begin an initiative; unless `stage` is idea it is sponsored at once, and adopted past framed."""
        cast, n = self.cast, self.fresh()
        with writing():
            lead, manager = self.person(cast.lead.id), self.person(cast.manager.id)
            made = Initiative.create(
                title=f"Work {n}",
                lead_unit_id=cast.care.id,
                by=manager,
                now=self.clock(),
                lead=lead,
            )
            aim(made, replace(WHOLE, target=50.0 + n))
            team = {cast.member.id, cast.other_executive.id, cast.alternate.id} & self.company.active  # fmt: skip
            for id_ in sorted(team):
                made.add_member(self.person(id_), by=manager, now=self.clock())
        work = Work(made.id, cast.lead.id, team)
        self.company.works.append(work)
        if stage != "idea":
            self.propose(work, cast.manager.id, sponsor, "" if stage == "framed" else stage)
            self.answer(work, sponsor, "yes")

    def propose(self, work: Work, who: int, whom: int, adopt: str = "") -> None:
        there = self.company
        runs = work.stage == "idea" and (who == work.lead or who in there.managers)
        fair = who in there.active and (runs or who in (work.sponsor, there.owner)) and not work.ended and not work.proposed  # fmt: skip
        fair &= whom in there.executives and whom in there.active and whom != work.lead
        fair &= whom != work.sponsor or work.interim
        adopts = adopt if work.stage == "idea" else ""
        fair &= not adopts or adopts in there.stages
        if self.through(
            May.propose_sponsor, who, self.on(work),
            lambda one, **told: one.propose_sponsor(self.person(whom), adopt_at=Stage(adopt) if adopt else None, **told), fair=fair,
        ):  # fmt: skip
            work.proposed, work.proposed_on, work.adopts = whom, self.today, adopts or None

    def answer(self, work: Work, who: int, how: str) -> None:
        there = self.company
        fair: bool | None = who == work.proposed and who in there.active
        late = (self.today - work.proposed_on).days > 13  # ten working days and what lies between
        if how == "no":
            if self.through(
                May.answer_sponsorship, who, self.on(work), lambda one, **told: one.decline_sponsorship(words="No.", **told), fair=fair
            ):  # fmt: skip
                work.proposed = None
            return
        fair = fair and who != work.lead and (who != work.sponsor or work.interim)
        fair = None if fair and late else fair
        if self.through(
            May.answer_sponsorship,
            who,
            self.on(work),
            lambda one, **told: one.accept_sponsorship(**told),
            fair=fair,
        ):
            if work.stage == "idea":
                work.stage = work.adopts or "framed"
            work.sponsor, work.interim, work.proposed = who, False, None

    def leave(self, who: int) -> None:
        """Somebody's access ends; who leads afterwards is looked up."""
        there = self.company
        if who not in there.active or (who in there.executives and len(there.active & {*there.executives}) < 4):  # fmt: skip
            return
        with writing():
            end_access(self.person(who), by=self.person(self.cast.admin.id), now=self.clock())
        there.leave(who)
        self.seen["left"] += 1
        for work in there.works:
            work.lead = db.session.scalar(select(Initiative.lead_id).where(Initiative.id == work.id))  # fmt: skip

    def lead(self, work: Work, whom: int) -> None:
        fair = whom in self.company.active and whom not in (work.sponsor, work.proposed) and not work.stopped  # fmt: skip
        if self.through(
            May.set_lead, self.cast.manager.id, self.on(work), lambda one, **told: one.set_lead(self.person(whom), **told), fair=fair
        ):  # fmt: skip
            work.lead = whom

    def appoint(self, person: int, deputy: int, days: int) -> None:
        there = self.company
        starts = self.today + timedelta(days=(0, 0, 2)[days % 3])
        ends = max(starts, self.today + timedelta(days=days))
        if person == deputy or not {person, deputy} <= there.active & {*there.executives}:
            return

        def do(one: Person, **told: Any) -> int:
            other = self.person(deputy)
            return Deputyship.appoint(one, other, Capacity.sponsor, starts=starts, ends=ends, **told).id  # fmt: skip

        of = lambda _who: db.session.get_one(Person, person)  # noqa: E731
        made = self.through(May.appoint_deputy, person, of, do)
        if made:  # of one deputy two times do not overlap
            there.deputies.append(Deputy(made[0], person, deputy, starts, ends))

    def dismiss(self, nth: int) -> None:
        there = [one for one in self.company.deputies if not one.over]
        if there:
            one = there[nth % len(there)]
            find = lambda who: Deputyship.find(who, one.id)  # noqa: E731
            if self.through(May.end_deputyship, one.person, find, lambda it, **told: it.revoke(**told), fair=True):  # fmt: skip
                one.over = True

    # Asking

    def ask(self, work: Work, who: int, *, keep: bool) -> None:
        """Draft a request for the next gate, and put it to the sponsor at once unless it is kept."""
        there, stage = self.company, self.company.after(work.stage) or "realised"
        question, day = f"Shall we? {self.fresh()}", self.today + timedelta(days=9)
        fair = there.works_on(who, work) and who != work.sponsor and not work.ended and work.stage != "idea"  # fmt: skip
        fair &= not any(one.open and one.stage == stage for one in work.requests)
        fair &= keep or there.can_be_put(work, stage)

        def do(one: Initiative, **told: Any) -> tuple[int, int]:
            made = Approval.draft(one, Stage(stage), question=question, decide_by=day, **SAYS, **told)  # fmt: skip
            if not keep:
                made.submit(**told)
            return made.id, made.milestone_id

        if made := self.through(May.ask_stage, who, self.on(work), do, fair=fair):
            work.end_requests(but_for=stage)
            (id_, gate), says = made[0], {"question": question}
            asked = Asked(id_, gate, stage, who, day, says, asker=who, authors={who})
            work.requests.append(asked)
            if not keep:
                asked.state, asked.frozen = "submitted", work.stands(asked)

    def of(self, asked: Asked) -> Callable[[Person], Any]:
        return lambda person: Approval.find(person, asked.id)

    def submit(self, work: Work, asked: Asked, who: int) -> None:
        there = self.company
        fair = there.edits(who, work, asked) and who != work.sponsor and asked.decide_by >= self.today  # fmt: skip
        fair &= there.can_be_put(work, asked.stage)
        fair &= asked.state != "submitted" or asked.frozen != work.stands(asked)
        if self.through(May.edit_request, who, self.of(asked), lambda one, **told: one.submit(**told), fair=fair):  # fmt: skip
            asked.state, asked.asker, asked.frozen = "submitted", who, work.stands(asked)
            asked.authors.add(who)

    def edit(self, work: Work, asked: Asked, who: int) -> None:
        fair = self.company.edits(who, work, asked) and who != work.sponsor
        says = {"gain": f"More of it {self.fresh()}", "decide_by": self.today + timedelta(days=9)}
        if self.through(May.edit_request, who, self.of(asked), lambda one, **told: one.change(says, **told), fair=fair):  # fmt: skip
            asked.says, asked.decide_by = asked.says | says, says["decide_by"]
            asked.authors.add(who)

    def withdraw(self, work: Work, asked: Asked, who: int) -> None:
        fair = self.company.edits(who, work, asked)
        if self.through(May.edit_request, who, self.of(asked), lambda one, **told: one.withdraw(**told), fair=fair):  # fmt: skip
            asked.state = "withdrawn"
