"""Whoever is given what, moved, shared or ended at random: each contact sees what an independent reckoning says, and no more.

The reckoning knows nothing of scopes: it keeps who has which action, whom it names, and with whom each word was shared.
Planted, each seen red: a comment shared with whoever has the action; `contacts_share` not asked; an action that names
a colleague shown to all; a blocker shown to whoever works with its raiser, whatever became of its action.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select

from tests.doing import DUE, work_of
from tests.promises import full
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import OPEN, State
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.discussion.models import Comment
from tracker.errors import NotNow
from tracker.files.models import Evidence
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import end_access
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role


@dataclass
class Known:
    """What the reckoning keeps of one action."""

    partner: int | None = None
    contact: int | None = None
    said: list[tuple[int, int | None]] = field(default_factory=list)  # comment, shared with
    shown: list[tuple[int, int | None]] = field(default_factory=list)  # evidence, brought by
    waits: list[tuple[int, int]] = field(
        default_factory=list
    )  # blocker, the partner that raised it


class Company:
    """One company whose days are drawn by lot; `seed` tells them apart."""

    def __init__(self, cast: SimpleNamespace, initiative_id: int, now: Callable[[], Any], seed: int) -> None:  # fmt: skip
        self.lot = random.Random(seed)
        self.cast, self.initiative_id, self.now = cast, initiative_id, now
        self.shares = {cast.vendor.id: True, cast.other_vendor.id: True}
        self.contacts: dict[int, int] = {}  # person: partner
        self.actions: dict[int, Known] = {}
        self.met = 0
        for part in ("contact", "other_contact"):
            person = getattr(cast, part)
            self.contacts[person.id] = person.partner_id

    @property
    def lead(self) -> Person:
        return db.session.get_one(Person, self.cast.lead.id)

    def whom(self) -> Assignee:
        """Draw somebody who may be given an action."""
        partner = self.lot.choice([None, *self.shares])
        if partner is None:
            return Assignee(person_id=self.cast.member.id)
        named = self.lot.choice([None, *(p for p, of in self.contacts.items() if of == partner)])
        return Assignee(partner_id=partner, contact_id=named)

    def an_action(self) -> tuple[Action, Known]:
        id_ = self.lot.choice(list(self.actions))
        return db.session.get_one(Action, id_), self.actions[id_]

    def step(self) -> None:
        """Do one thing; what the rules refuse leaves everything as it was."""
        acts = [
            self.add,
            self.assign,
            self.assign,
            self.decline,
            self.say,
            self.say,
            self.show,
            self.hand_in,
            self.answer,
            self.stop,
            self.stop,
            self.withdraw,
        ]
        acts += [self.toggle, self.end, *[self.invite] * 2]
        act = self.lot.choice(acts if self.actions else [self.add])
        try:
            with writing():
                then = act()
        except NotNow:
            self.met += 1
            return
        if then:
            then()

    def add(self) -> Any:
        who = self.whom()
        initiative = db.session.get_one(Initiative, self.initiative_id)
        far = DUE + timedelta(days=900)
        made = Action.add(
            initiative, title="Work", due_on=far, assignee=who, by=self.lead, now=self.now()
        )
        return lambda: self.actions.update({made.id: Known(who.partner_id, who.contact_id)})

    def assign(self) -> Any:
        (action, known), who = self.an_action(), self.whom()
        action.assign(who, by=self.lead, now=self.now())
        return lambda: known.__dict__.update(partner=who.partner_id, contact=who.contact_id)

    def decline(self) -> Any:
        action, known = self.an_action()
        action.decline("No", by=self.lead, now=self.now())
        return lambda: known.__dict__.update(partner=None, contact=None)

    def say(self) -> Any:
        action, known = self.an_action()
        made = Comment.post(action, "Words", shared=self.lot.random() < 0.6, by=self.lead, now=self.now())  # fmt: skip
        return lambda: known.said.append((made.id, made.partner_id and known.partner))

    def show(self) -> Any:
        action, known = self.an_action()
        mine = [p for p, of in self.contacts.items() if of == known.partner]
        by = db.session.get_one(Person, self.lot.choice([self.cast.lead.id, *mine]))
        made = Evidence.add(action, by=by, now=self.now(), name="Link", url="https://example.org")
        return lambda: known.shown.append((made.id, self.contacts.get(by.id)))

    def stop(self) -> Any:
        """A contact is blocked, or one of ours says that its action is."""
        action, known = self.an_action()
        mine = [p for p, of in self.contacts.items() if of == known.partner]
        if not mine or self.lot.random() < 0.2:
            initiative = db.session.get_one(Initiative, self.initiative_id)
            who = {"blocked_unit_id": self.cast.care.id, "holder_unit_id": self.cast.it.id}
            Blocker.raise_(initiative, title="Ours", action=action, by=self.lead, now=self.now(), **who)  # fmt: skip
            return None
        by = db.session.get_one(Person, self.lot.choice(mine))
        made = Blocker.raise_on_us(action, title="No key", by=by, now=self.now())
        return lambda: known.waits.append((made.id, self.contacts[by.id]))

    def withdraw(self) -> None:
        """What is over is seen as before."""
        waits = [id_ for known in self.actions.values() for id_, _by in known.waits]
        if waits:
            blocker = db.session.get_one(Blocker, self.lot.choice(waits))
            blocker.withdraw(by=self.lead, now=self.now())

    def hand_in(self) -> None:
        self.an_action()[0].submit(by=self.lead, now=self.now())

    def answer(self) -> None:
        action = self.an_action()[0]
        if self.lot.random() < 0.3:
            action.accept(by=self.lead, now=self.now())
        else:
            action.return_("More", by=self.lead, now=self.now())

    def toggle(self) -> Any:
        partner = db.session.get_one(Partner, self.lot.choice(list(self.shares)))
        share = not self.shares[partner.id]
        partner.change(by=self.lead, now=self.now(), contacts_share=share)
        return lambda: self.shares.update({partner.id: share})

    def end(self) -> Any:
        if not self.contacts:
            return None
        person = db.session.get_one(Person, self.lot.choice(list(self.contacts)))
        going = {a.id for a in db.session.query(Action) if a.closed_at is None}
        end_access(person, by=db.session.get_one(Person, self.cast.admin.id), now=self.now())

        def then() -> None:
            del self.contacts[person.id]
            for id_, known in self.actions.items():
                if known.contact == person.id and id_ in going:
                    known.contact = None

        return then

    def invite(self) -> Any:
        if len(self.contacts) > 5:
            return None
        partner, number = self.lot.choice(list(self.shares)), self.lot.getrandbits(40)
        named = {"email": f"c{number}@example.org", "name": f"C {number}"}
        made = Person.add(**named, role=Role.partner, partner_id=partner, by=None, now=self.now())
        return lambda: self.contacts.update({made.id: partner})

    def owed(self, person: int) -> tuple[set[int], set[int], set[int], set[int]]:
        """Return which actions, comments, pieces of evidence and blockers a contact is to see."""
        of = self.contacts[person]
        mine = {
            id_: known
            for id_, known in self.actions.items()
            if known.partner == of and (self.shares[of] or known.contact in (None, person))
        }
        said = {id_ for known in mine.values() for id_, shared in known.said if shared == of}
        shown = {id_ for known in mine.values() for id_, by in known.shown if by == of}
        waits = {id_ for known in mine.values() for id_, by in known.waits if by == of}
        return set(mine), said, shown, waits


def seen(query: Select[Any], model: Any) -> set[int]:
    return set(db.session.scalars(query.with_only_columns(model.id)))


@pytest.mark.both
def test_each_contact_sees_what_it_is_owed_and_no_more(
    app: Flask, cast: SimpleNamespace, clock: Any, promise: Callable[..., None], database_kind: str
) -> None:
    work = work_of(app, cast, clock)
    steps, looked = full(400, 5_000), 0
    with app.app_context():
        company = Company(cast, work.initiative.id, clock, seed=11)
        for _step in range(steps):
            company.step()
            clock.forward(minutes=7)
            db.session.expire_all()
            for id_ in company.contacts:
                person = db.session.get_one(Person, id_)
                found = tuple(
                    seen(model.visible_to(person), model)
                    for model in (Action, Comment, Evidence, Blocker)
                )
                assert found == company.owed(id_), f"contact {id_} after {_step} steps"
                looked += 1
        states = {a.state for a in db.session.query(Action)}
        assert states >= {State.submitted, State.accepted, *OPEN[:1]}
        assert 0 < company.met < steps / 2
        assert sum(len(known.waits) for known in company.actions.values()) > steps / 100
    promise("who sees what equals an independent reckoning", tried=steps, database=database_kind, looks=looked, leaks=0)  # fmt: skip
