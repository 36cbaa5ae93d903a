"""A company whose days with two partners are drawn by lot; each act is told to the reckoning as well."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from types import SimpleNamespace
from typing import Any

from tests.partners.reckoning import Diary, Given, Key, Reckoning, quarter
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import OPEN, State
from tracker.blockers.models import Blocker
from tracker.blockers.states import OPEN as STANDS
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.partners.figure_kinds import ENOUGH


class Company:
    """One company whose days are drawn by lot; `seed` tells them apart."""

    def __init__(self, cast: SimpleNamespace, works: list[int], clock: Any, seed: int) -> None:
        self.lot, self.cast, self.clock = random.Random(seed), cast, clock
        self.works = works
        self.by_hand = Reckoning(cast.vendor.id)
        self.holds: dict[int, list[tuple[date, date | None]]] = {id_: [] for id_ in works}
        self.actions: dict[int, Diary] = {}
        self.blockers: dict[int, tuple[int, int | None, date]] = {}  # held by, waiting, since
        self.refused = 0

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def lead(self) -> Person:
        return db.session.get_one(Person, self.cast.lead.id)

    def step(self) -> None:
        """Do one thing; what the rules refuse leaves everything as it was."""
        acts = [
            *[self.add] * 4,
            *[self.acknowledge] * 3,
            *[self.hand_in] * 9,
            *[self.answer] * 9,
            *(self.agree, self.set_date, self.assign, self.decline, self.cancel),
            *(self.hold, self.block, self.block_us, self.block_us, self.unblock, self.unblock),
            *(self.unblock, self.reopen),
        ]
        act = self.lot.choice(acts if self.actions else [self.add])
        try:
            with writing():
                then = act()
        except NotNow:
            self.refused += 1
            return
        if then:
            then()

    def _one(self, *states: State) -> tuple[Action, Diary]:
        rows = [a for a in db.session.query(Action).order_by(Action.id) if a.state in states]
        if not rows:
            raise NotNow("none")
        action = self.lot.choice(rows)
        self.by_hand.holds = self.holds[action.initiative_id]
        return action, self.actions[action.id]

    def _key(self, partner: int | None) -> Key:
        return partner or 0, quarter(self.today)

    def _whom(self) -> Assignee:
        vendor, other = self.cast.vendor.id, self.cast.other_vendor.id
        chosen = self.lot.choice([vendor, vendor, vendor, other, other, None])
        if chosen is None:
            return Assignee(person_id=self.cast.member.id)
        contact = self.cast.contact.id if chosen == vendor and self.lot.random() < 0.3 else None
        return Assignee(partner_id=chosen, contact_id=contact)

    def add(self) -> Any:
        who, due = self._whom(), self.today + timedelta(days=self.lot.randint(1, 9))
        initiative = db.session.get_one(Initiative, self.lot.choice(self.works))
        made = Action.add(
            initiative, title="Work", due_on=due, assignee=who, by=self.lead, now=self.clock()
        )
        given = Given(who.partner_id, self.today)
        return lambda: self.actions.update({made.id: Diary(due, self.today, given)})

    def _see(self, one: Diary) -> None:
        """Note the first word of whoever has it."""
        if not one.given.seen and one.given.partner:
            days = self.by_hand.days(one.given.since, self.today, one.given.partner)
            self.by_hand.waits[self._key(one.given.partner)].append(days)
        one.given.seen = True

    def acknowledge(self) -> Any:
        action, one = self._one(State.to_do, State.acknowledged)
        verb = self.lot.choice([action.acknowledge, action.start, action.report])
        verb(*([40] if verb == action.report else []), by=self.lead, now=self.clock())
        return lambda: self._see(one)

    def hand_in(self) -> Any:
        action, one = self._one(*OPEN)
        action.submit(by=self.lead, now=self.clock())
        by_then = self.by_hand.last_day(one, self.today)

        def then() -> None:
            self._see(one)
            one.handed_in, one.late = self.today, by_then is not None and self.today > by_then

        return then

    def answer(self) -> Any:
        action, one = self._one(State.submitted)
        if self.lot.random() < 0.6:
            action.accept(by=self.lead, now=self.clock())
            if self.lot.random() < 0.15:
                return lambda: self._take_back(action.id)
            return lambda: self._accepted(one)
        action.return_("More", by=self.lead, now=self.clock())
        return lambda: self._returned(one)

    def _take_back(self, id_: int) -> None:
        with writing():
            db.session.get_one(Action, id_).take_back(by=self.lead, now=self.clock())

    def _reviewed(self, one: Diary) -> Key:
        assert one.handed_in is not None
        key = self._key(one.given.partner)
        days = self.by_hand.days(one.handed_in, self.today, one.given.partner)
        self.by_hand.review[key].append(days)
        return key

    def _accepted(self, one: Diary) -> None:
        one.over = True
        if one.given.partner:
            first = one.given.partner not in one.returned_to
            assert one.handed_in is not None
            agreed_since = one.agreed >= one.handed_in and one.handed_in <= one.due
            in_time = not one.late or agreed_since or self.by_hand.on_hold(one.handed_in)
            self.by_hand.accepted[self._reviewed(one)].append((in_time, first))

    def _returned(self, one: Diary) -> None:
        if one.given.partner:
            self.by_hand.returned[self._reviewed(one)] += 1
            one.returned_to.add(one.given.partner)
        assert one.handed_in is not None
        one.reviews.append((one.handed_in, self.today))
        one.handed_in = None

    def agree(self) -> Any:
        action, one = self._one(*OPEN, State.submitted)
        day = self.today + timedelta(days=self.lot.randint(1, 15))
        if action.state in OPEN:
            action.propose_date(day, by=self.lead, now=self.clock())
            if self.lot.random() < 0.3:
                return None  # answered another day, or never
        elif action.proposed_on is None:
            raise NotNow("none")
        day = action.proposed_on or day
        action.accept_date(by=self.lead, now=self.clock())
        return lambda: self._dated(one, day, by_us=False)

    def set_date(self) -> Any:
        action, one = self._one(*OPEN)
        day = self.today + timedelta(days=self.lot.randint(0, 9))
        if day == action.due_on:
            raise NotNow("none")
        action.reschedule(day, by=self.lead, now=self.clock())
        return lambda: self._dated(one, day, by_us=True)

    def _dated(self, one: Diary, day: date, *, by_us: bool) -> None:
        one.due, one.agreed = day, self.today
        if one.given.partner:
            self.by_hand.dated[self._key(one.given.partner)].append(by_us)

    def _given_to(self, one: Diary, partner: int | None) -> None:
        one.given, one.reviews, one.blocked = Given(partner, self.today), [], {}

    def assign(self) -> Any:
        action, one = self._one(*OPEN)
        who = self._whom()
        if who == Assignee.of(action):
            raise NotNow("none")
        action.assign(who, by=self.lead, now=self.clock())
        if who.partner_id is not None and who.partner_id == one.given.partner:
            return None  # another contact of the same partner: it is given to nobody anew
        return lambda: self._given_to(one, who.partner_id)

    def decline(self) -> Any:
        action, one = self._one(*OPEN)
        action.decline("No", by=self.lead, now=self.clock())
        return lambda: self._given_to(one, None)

    def cancel(self) -> Any:
        action, one = self._one(*OPEN, State.submitted)
        action.cancel("No more", by=self.lead, now=self.clock())
        return lambda: setattr(one, "over", True)

    def hold(self) -> Any:
        id_ = self.lot.choice(self.works)
        initiative, sponsor = db.session.get_one(Initiative, id_), self.cast.executive
        held = self.holds[id_]
        if initiative.held_at is None:
            initiative.hold(by=sponsor, now=self.clock(), words="Wait")
            return lambda: held.append((self.today, None))
        initiative.resume(by=sponsor, now=self.clock())
        return lambda: held.append((held.pop()[0], self.today))

    def block(self) -> Any:
        """A partner holds something up."""
        partner = self.lot.choice([self.cast.vendor.id, self.cast.other_vendor.id])
        return self._raised(partner, None, blocked_unit_id=self.cast.care.id, holder_partner_id=partner)  # fmt: skip

    def block_us(self) -> Any:
        """We hold a partner's action up."""
        action, one = self._one(*OPEN)
        if one.given.partner is None:
            raise NotNow("none")
        return self._raised(
            None, one.given.partner, blocked_partner_id=one.given.partner, action=action, holder_unit_id=self.cast.it.id
        )  # fmt: skip

    def _raised(self, holder: int | None, waiting: int | None, **who: Any) -> Any:
        action = who.get("action")
        id_ = action.initiative_id if action else self.lot.choice(self.works)
        made = Blocker.raise_(
            db.session.get_one(Initiative, id_), title="Stuck", by=self.lead, now=self.clock(), **who
        )  # fmt: skip
        of = action.id if action else None

        def then() -> None:
            self.blockers[made.id] = (holder or 0, waiting, self.today)
            if of:
                self.actions[of].blocked[made.id, self.today] = (self.today, None)

        return then

    def _over(self, blocker: Blocker) -> Callable[[], None]:
        holder, waiting, since = self.blockers[blocker.id]
        id_, on, of = blocker.id, self.today, blocker.action_id

        def then() -> None:
            days = self.by_hand.days(since, on, holder or None, held=True)
            if holder:
                self.by_hand.held[self._key(holder)][id_] = days
            if waiting:
                self.by_hand.waited[self._key(waiting)][id_, since] = days
            if of and (id_, since) in self.actions[of].blocked:
                self.actions[of].blocked[id_, since] = (since, on)

        return then

    def unblock(self) -> Any:
        rows = [b for b in db.session.query(Blocker).order_by(Blocker.id) if b.state in STANDS]
        if not rows:
            raise NotNow("none")
        blocker = self.lot.choice(rows)
        if self.lot.random() < 0.7:
            blocker.resolve("Done", by=self.lead, now=self.clock())
        else:
            blocker.withdraw(by=self.lead, now=self.clock())
        return self._over(blocker)

    def reopen(self) -> Any:
        rows = [b for b in db.session.query(Blocker).order_by(Blocker.id) if b.state == "resolved"]
        if not rows:
            raise NotNow("none")
        blocker = self.lot.choice(rows)
        blocker.reopen(by=self.lead, now=self.clock(), words="Still")
        id_, of, on = blocker.id, blocker.action_id, self.today

        def then() -> None:
            for those in self.by_hand.held.values():
                those.pop(id_, None)
            holder, waiting, _since = self.blockers[id_]
            if waiting is None:
                return
            self.blockers[id_] = holder, waiting, on
            if of and any(known == id_ for known, _since in self.actions[of].blocked):
                self.actions[of].blocked[id_, on] = (on, None)

        return then

    def owed(
        self, partner: int, of: tuple[int, int], *, present: bool
    ) -> dict[str, tuple[Any, int]]:
        """Return what each figure is to say, and how many rows stand behind it."""
        book, key = self.by_hand, (partner, of)
        accepted, waits = book.accepted[key], book.waits[key]
        held, waited = dict(book.held[key]), dict(book.waited[key])
        late = 0
        if present:
            for id_, (holder, waiting, since) in self.blockers.items():
                if db.session.get_one(Blocker, id_).state in STANDS:
                    days = book.days(since, self.today, holder or None, held=True)
                    if holder == partner:
                        held[id_] = days
                    if waiting == partner:
                        waited[id_, since] = days
            late = self._late(partner)
        shares = [sum(row[n] for row in accepted) / len(accepted) if len(accepted) >= ENOUGH else None for n in (0, 1)]  # fmt: skip
        return {
            "on-time": (shares[0], len(accepted)),
            "first-time": (shares[1], len(accepted)),
            "acknowledgement": (median(waits) if len(waits) >= ENOUGH else None, len(waits)),
            "returned": (book.returned[key], book.returned[key]),
            "dates": (len(book.dated[key]), len(book.dated[key])),
            "blockers": (sum(held.values()), len(held)),
            "overdue": (late, late),
            "our-review": (sum(book.review[key]), len(book.review[key])),
            "our-blockers": (sum(waited.values()), len(waited)),
        }

    def _late(self, partner: int) -> int:
        found = 0
        for id_, one in self.actions.items():
            if one.given.partner == partner and not one.over and one.handed_in is None:
                self.by_hand.holds = self.holds[db.session.get_one(Action, id_).initiative_id]
                last = self.by_hand.last_day(one, self.today)
                held = any(ended is None for _begun, ended in self.by_hand.holds)
                found += last is not None and last < self.today and not held
        return found
