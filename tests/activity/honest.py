"""An honest company at work: acts drawn at random through the real verbs, with savepoints, rollbacks and imports.

What a rule refuses is taken back, as a page would. Nothing here writes past the application.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tests import gates
from tests.aims import aim
from tests.cast import HASH, START
from tracker.activity.models import Event
from tracker.approvals.conditions import ApprovalCondition, Settled, settle
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.blockers.models import Blocker
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.errors import Said
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import run
from tracker.importing.reading import read
from tracker.initiatives.agreeing import Agreement
from tracker.initiatives.charter import CharterDraft, CharterVersion
from tracker.initiatives.copying import copy
from tracker.initiatives.friction import Friction, RootCause
from tracker.initiatives.memberships import Discipline, Membership, Responsibility
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import Priority
from tracker.initiatives.reporting import Cadence, Colour
from tracker.initiatives.signing import object_to, sign
from tracker.initiatives.stages import Stage
from tracker.organisation.access import Purpose, issue, revoke
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation, day_of
from tracker.organisation.units import Unit
from tracker.sweeping import sweep
from tracker.updates.models import Update

WORDS = (
    "",
    "Because it helps.",
    "Nobody can read the bill.",
    "گزارش",
    "账单看不懂",
    "it's “quoted”\nand long",
)


class ChangedTheirMindError(Exception):
    """Somebody gives up in the middle: everything is rolled back."""


class Company:
    """Acts at random from one seed; time passes between the acts."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.now, self.count = START + timedelta(hours=2), 0
        self.done = SimpleNamespace(acts=0, refused=0, savepoints=0, rollbacks=0, imports=0)
        self.acts = [getattr(self, name) for name in dir(type(self)) if name.startswith("act_")]

    def work(self, events: int) -> None:
        """Go on until so many events were recorded."""
        goal = self.events() + events
        while self.events() < goal:
            for _turn in range(10):
                self.now += timedelta(hours=self.draw.choice((1, 5, 20, 70)))
                chance = self.draw.random()
                if chance < 0.02:
                    self._import()
                elif chance < 0.04:
                    sweep(self.now)
                else:
                    self._transaction()

    @staticmethod
    def events() -> int:
        return db.session.scalar(select(func.count()).select_from(Event)) or 0

    def _transaction(self) -> None:
        try:
            with writing():
                for _turn in range(self.draw.choice((1, 1, 1, 2, 4))):
                    self._act()
                if self.draw.random() < 0.06:
                    raise ChangedTheirMindError
        except ChangedTheirMindError:
            self.done.rollbacks += 1

    def _act(self) -> None:
        act: Callable[[], Any] = self.draw.choice(self.acts)
        try:
            with db.session.begin_nested():
                self.done.savepoints += 1
                act()
                if self.draw.random() < 0.05:
                    raise ChangedTheirMindError
        except ChangedTheirMindError:
            self.done.rollbacks += 1
        except (Said, LookupError):
            self.done.refused += 1
        else:
            self.done.acts += 1

    def _import(self) -> None:
        told = self.draw.choice(
            (self._portfolio, self._blockers, self._people, self._units, self._partners)
        )
        with contextlib.suppress(Said, IndexError):  # nothing is there yet that a row could name
            what, lines = told()
            table = read("\n".join(lines).encode(), "file.csv")
            mapping = guessed(what, table)[0]
            run(table, mapping, by=self.person(Role.manager), now=self.now, create_missing=True, skip_bad=True)  # fmt: skip
            self.done.imports += 1
        db.session.expire_all()

    # What is drawn

    def any(self, model: Any, *where: Any) -> Any:
        """One row of a model, as it stands now. IndexError when there is none."""
        ids = db.session.scalars(select(model.id).where(*where).order_by(model.id)).all()
        return db.session.get_one(model, self.draw.choice(ids), populate_existing=True)

    def fewer_than(self, most: int, model: Any) -> None:
        """Leave it when there are so many: a company does not found a department a day. LookupError."""
        if (db.session.scalar(select(func.count()).select_from(model)) or 0) >= most:
            raise LookupError

    def person(self, *roles: Role) -> Person:
        where = [Person.role.in_(roles)] if roles else [Person.role != Role.partner]
        return self.any(Person, Person.ended_at.is_(None), *where)

    def initiative(self, *where: Any) -> Initiative:
        found = self.any(Initiative, *where)
        found.forget_team()
        return found

    def words(self) -> str:
        return self.draw.choice(WORDS)

    def said(self) -> str:
        return self.draw.choice(WORDS[1:])

    def fresh(self, what: str) -> str:
        self.count += 1
        return f"{what} {self.count}"

    def act_given_up(self) -> None:
        """Half of a verb: what it changed is written, no event tells it yet, and then it is taken back."""
        self.person().job_title = self.fresh("Almost")
        db.session.flush()
        raise ChangedTheirMindError

    # People and units

    def act_person_added(self) -> None:
        self.fewer_than(120, Person)
        role = self.draw.choice((Role.member, Role.executive, Role.manager, Role.partner))
        more = {"partner_id": self.any(Partner).id} if role == Role.partner else {}
        name = self.fresh("Noor")
        email = f"{name.replace(' ', '')}@example.org"
        Person.add(email=email, name=name, role=role, by=self.person(), now=self.now, **more)

    def act_person_changed(self) -> None:
        fields = {
            "unit_id": self.any(Unit).id,
            "job_title": self.words(),
            "is_finance": self.draw.random() < 0.5,
        }
        fields |= {
            "role": self.draw.choice((Role.member, Role.executive)),
            "is_admin": self.draw.random() < 0.3,
        }
        keys = self.draw.sample(sorted(fields), 2)
        self.person().change(by=self.person(), now=self.now, **{key: fields[key] for key in keys})

    def act_access_ended(self) -> None:
        if self.draw.random() < 0.3:
            end_access(
                self.any(Person, Person.ended_at.is_(None), Person.id > 16),
                by=self.person(),
                now=self.now,
            )

    def act_access_restored(self) -> None:
        self.any(Person, Person.ended_at.is_not(None)).restore(by=self.person(), now=self.now)

    def act_password(self) -> None:
        self.person().set_password(HASH, by=None, now=self.now)

    def act_link(self) -> None:
        person = self.person()
        issue(person, Purpose.reset, by=None, now=self.now)
        if self.draw.random() < 0.3:
            revoke(person, Purpose.reset, now=self.now)
            person.set_password(HASH, by=person, now=self.now)

    def act_preferred(self) -> None:
        self.person().prefer(theme=self.draw.choice(("dark", "light", "auto")))

    def act_deputy(self) -> None:
        today = self.now.date()
        capacity, people = self.draw.choice(tuple(Capacity)), (self.person(), self.person())
        Deputyship.appoint(
            *people,
            capacity,
            starts=today,
            ends=today + timedelta(days=9),
            by=people[0],
            now=self.now,
        )

    def act_deputy_ended(self) -> None:
        self.any(Deputyship).revoke(by=self.person(), now=self.now)

    def act_unit_added(self) -> None:
        self.fewer_than(30, Unit)
        name = self.fresh("Unit")
        Unit.add(code=name, name=name, by=self.person(), now=self.now, parent_id=self.any(Unit).id, aliases=(f"{name} too",))  # fmt: skip

    def act_unit_changed(self) -> None:
        fields = {
            "head_id": self.person(Role.member).id,
            "parent_id": self.any(Unit).id,
            "name": self.fresh("Renamed"),
        }
        key = self.draw.choice(sorted(fields))
        self.any(Unit).change(by=self.person(), now=self.now, **{key: fields[key]})

    def act_unit_ended(self) -> None:
        self.any(Unit, Unit.id > 4).end(by=self.person(), now=self.now)

    def act_partner_added(self) -> None:
        self.fewer_than(30, Partner)
        Partner.add(name=self.fresh("Vendor"), by=self.person(), now=self.now, terms=self.words())

    def act_partner_changed(self) -> None:
        self.any(Partner).change(
            by=self.person(),
            now=self.now,
            terms=self.words(),
            relationship_owner_id=self.person(Role.manager).id,
        )

    def act_partner_ended(self) -> None:
        end_partner(self.any(Partner, Partner.id > 2), by=self.person(), now=self.now)

    def act_calendar(self) -> None:
        days = {
            (START + timedelta(days=self.draw.randrange(300))).date(): self.words()
            for _ in range(4)
        }
        fields: dict[str, Any] = {
            "name": self.fresh("Calendar"),
            "weekend": (6, 7),
            "holidays": days,
        }
        if self.draw.random() < 0.1:
            Calendar.add(by=self.person(), now=self.now, **fields)
        else:
            self.any(Calendar).change(by=self.person(), now=self.now, **fields)

    def act_settings(self) -> None:
        fields = {
            "currency": self.draw.choice(("EUR", "GBP")),
            "modules": self.draw.choice(({"priorities"}, {"signatures", "priorities"}, set())),
        }
        fields |= {
            "alternate_id": self.person(Role.executive).id,
            "stage_names": {"idea": self.fresh("Notion")},
        }
        key = self.draw.choice(sorted(fields))
        organisation = Organisation.current()
        if fields["alternate_id"] != organisation.programme_owner_id:
            organisation.change(by=self.person(), now=self.now, **{key: fields[key]})

    def act_board(self) -> None:
        filters, lanes = Filters.from_mapping({}), self.draw.choice(tuple(Lanes))
        by = self.person()
        if self.draw.random() < 0.5:
            owner = self.draw.choice((None, by))
            Board.save(name="Mine", filters=filters, lanes=lanes, owner=owner, by=by, now=self.now)
        elif self.draw.random() < 0.5:
            self.any(Board).change(
                name=self.fresh("Board"), filters=filters, lanes=lanes, by=by, now=self.now
            )
        else:
            self.any(Board).delete(by=by, now=self.now)

    # Initiatives

    def act_created(self) -> None:
        self.fewer_than(250, Initiative)
        lead = self.draw.choice((None, self.person(Role.member)))
        Initiative.create(
            title=self.fresh("One bill"),
            lead_unit_id=self.any(Unit).id,
            by=self.person(),
            now=self.now,
            lead=lead,
        )

    def act_copied(self) -> None:
        self.fewer_than(250, Initiative)
        copy(self.initiative(), title=self.fresh("Copy"), by=self.person(), now=self.now)

    def act_edited(self) -> None:
        fields = {
            "title": self.fresh("Bill"),
            "budget": Decimal(self.draw.randrange(10**6)) / 7,
            "systems": self.words(),
        }
        fields |= {
            "cadence": self.draw.choice(tuple(Cadence)),
            "theme": self.words(),
            "next_units": self.words(),
        }
        fields["budget"] = self.draw.choice((None, round(fields["budget"], 2)))
        keys = self.draw.sample(sorted(fields), 3)
        self.initiative().edit(by=self.person(), now=self.now, **{key: fields[key] for key in keys})

    def act_theme(self) -> None:
        self.initiative().set_theme(self.fresh("Theme"), by=self.person(), now=self.now)

    def act_lead(self) -> None:
        self.initiative().set_lead(
            self.draw.choice((None, self.person())), by=self.person(), now=self.now
        )

    def act_friction(self) -> None:
        initiative = self.initiative()
        fields = {
            "words": self.words(),
            "root_cause": self.draw.choice((None, *RootCause)),
            "channel": self.words(),
        }
        Friction.of(initiative).describe(initiative, by=self.person(), now=self.now, **fields)

    def act_proposed(self) -> None:
        stage = self.draw.choice((None, Stage.piloting))
        self.initiative().propose_sponsor(
            self.person(Role.executive),
            by=self.person(),
            now=self.now,
            words=self.words(),
            adopt_at=stage,
        )

    def act_answered(self) -> None:
        initiative = self.initiative(Initiative.proposed_sponsor_id.is_not(None))
        asked = db.session.get_one(Person, initiative.proposed_sponsor_id)
        kind = self.draw.choice(("accept", "accept", "accept", "decline", "withdraw"))
        if kind == "accept":
            aim(initiative)
            initiative.accept_sponsorship(by=asked, now=self.now)
        elif kind == "decline":
            initiative.decline_sponsorship(by=asked, now=self.now, words=self.said())
        else:
            initiative.withdraw_proposal(by=self.person(), now=self.now)

    act_answered_too = act_answered

    def act_stage(self) -> None:
        initiative = self.initiative(Initiative.stage != Stage.idea)
        by, kind = (
            self.person(),
            self.draw.choice(("ask", "open", "open", "withdraw", "decline", "back")),
        )
        told: dict[str, Any] = {"by": by, "now": self.now}
        approval = Approval.open_of(initiative.id)
        if kind == "back":
            if self.draw.random() < 0.5:
                initiative.step_back(words=self.said(), **told)
        elif kind == "ask" and approval is not None:
            approval.change({"gain": self.said()}, **told)
            approval.submit(**told)
        elif approval is None:
            asker = self.person()
            approval = gates.drafted(initiative, by=asker, now=self.now, question=self.said()[:200])
            if kind != "withdraw":
                approval.submit(by=asker, now=self.now)
        elif kind == "withdraw":
            approval.withdraw(**told)
        elif kind == "decline":
            decision = self.draw.choice((Decision.sent_back, Decision.sent_back, Decision.held))
            approval.decide(decision, words=self.said(), **told)
        elif self.draw.random() < 0.7:
            approval.decide(Decision.approved, words=self.words(), **told)
        else:
            wanted = Wanted(self.said(), self.person().id, day_of(self.now))
            approval.decide(Decision.conditional, condition=wanted, **told)

    def act_condition(self) -> None:
        one = self.draw.choice(db.session.scalars(select(ApprovalCondition)).all())
        approval = self.approval(one.approval_id)
        how = self.draw.choice((Settled.accepted, Settled.waived))
        settle(approval, one.id, how, by=self.person(), now=self.now, words=self.said())

    def act_undone(self) -> None:
        made = select(Approval.id).where(
            Approval.decided_by_id.is_not(None), Approval.undone_at.is_(None)
        )
        last = db.session.scalars(made.order_by(Approval.closed_at.desc()).limit(3)).all()
        approval = self.approval(self.draw.choice(last))
        approval.undo(by=db.session.get_one(Person, approval.answerer_id), now=self.now)

    def approval(self, id_: int) -> Approval:
        """Return a request with all it names."""
        named = (Approval.initiative, Approval.milestone, Approval.for_sponsor)
        query = select(Approval).where(Approval.id == id_).options(*map(joinedload, named))
        return db.session.scalars(query).one()

    act_stage_too = act_stage

    def act_held(self) -> None:
        initiative, by = self.initiative(), self.person()
        if initiative.held_at is None:
            initiative.hold(by=by, now=self.now, words=self.said())
        else:
            initiative.resume(by=by, now=self.now, words=self.words())

    def act_stopped(self) -> None:
        if self.draw.random() < 0.15:
            self.initiative().stop(by=self.person(), now=self.now, words=self.said())

    def act_units(self) -> None:
        wanted = {self.any(Unit).id for _turn in range(self.draw.randrange(4))}
        self.initiative().revise_units(wanted, by=self.person(), now=self.now)

    def act_partners(self) -> None:
        wanted = {self.any(Partner).id for _turn in range(self.draw.randrange(3))}
        self.initiative().revise_partners(wanted, by=self.person(), now=self.now)

    def act_lead_unit(self) -> None:
        self.initiative().change_lead_unit(self.any(Unit), by=self.person(), now=self.now)

    def act_joined(self) -> None:
        share = self.draw.choice((None, 20))
        self.initiative().add_member(
            self.person(), by=self.person(), now=self.now, what_for=self.words(), share=share
        )

    def act_member(self) -> None:
        membership = self.any(Membership, Membership.left_at.is_(None))
        initiative, told = (
            db.session.get_one(Initiative, membership.initiative_id),
            {"by": self.person(), "now": self.now},
        )
        kind = self.draw.choice(("change", "agree", "remove"))
        if kind == "change":
            fields = {
                "share": self.draw.randrange(100),
                "discipline": self.draw.choice(tuple(Discipline)),
            }
            initiative.change_member(
                membership, responsibility=self.draw.choice(tuple(Responsibility)), **fields, **told
            )
        elif kind == "agree":
            initiative.agree_share(membership, **told)
        else:
            initiative.remove_member(membership, **told)

    def act_charter(self) -> None:
        initiative, by = self.initiative(), self.person()
        draft = CharterDraft.of(initiative)
        if self.draw.random() < 0.6:
            draft.save(
                initiative, by=by, now=self.now, purpose=self.said(), risks=self.fresh("Risk")
            )
        else:
            draft.publish(
                initiative,
                note=self.words(),
                wording_only=self.draw.random() < 0.3,
                by=by,
                now=self.now,
            )

    def act_signed(self) -> None:
        version = self.any(CharterVersion)
        agreement = Agreement.of(db.session.get_one(Initiative, version.initiative_id), self.now)
        unit = self.any(Unit, Unit.acting_head_id.is_not(None))
        by = db.session.get_one(Person, unit.acting_head_id)
        act = self.draw.choice((sign, object_to))
        act(agreement, unit.id, number=version.number, by=by, now=self.now, words=self.said())

    def act_rated(self) -> None:
        priority, unit = (
            Priority(self.initiative()),
            self.any(Unit, Unit.acting_head_id.is_not(None)),
        )
        by = db.session.get_one(Person, unit.acting_head_id)
        if self.draw.random() < 0.8:
            priority.rate(
                unit.id, self.draw.randrange(1, 6), by=by, now=self.now, words=self.words()
            )
        else:
            priority.settle(by=by, now=self.now, words=self.said())

    def act_reported(self) -> None:
        corrects = self.any(Update) if self.draw.random() < 0.3 else None
        initiative = (
            db.session.get_one(Initiative, corrects.initiative_id)
            if corrects
            else self.initiative()
        )
        day = self.now.date() - timedelta(days=self.draw.randrange(20))
        Update.post(
            initiative, colour=self.draw.choice(tuple(Colour)), day=day, by=self.person(), now=self.now,
            reason=self.said(), help_needed=self.said(), corrects=corrects,
        )  # fmt: skip

    # Blockers

    def act_raised(self) -> None:
        self.fewer_than(400, Blocker)
        holder: dict[str, Any] = {"holder_unit_id": self.any(Unit).id}
        if self.draw.random() < 0.4:
            holder = self.draw.choice(
                ({"holder_partner_id": self.any(Partner).id}, {"holder_outside": "The regulator"})
            )
        waits = {"blocked_unit_id": self.any(Unit).id}
        if self.draw.random() < 0.2:
            waits = {"blocked_partner_id": self.any(Partner).id}
        Blocker.raise_(
            self.initiative(), title=self.fresh("No data"), by=self.person(), now=self.now,
            needed_by=self.now.date() + timedelta(days=9), effect=self.words(), **waits, **holder,
        )  # fmt: skip

    def act_blocker(self) -> None:
        blocker, told = self.any(Blocker), {"by": self.person(), "now": self.now}
        day = self.now.date() + timedelta(days=self.draw.randrange(1, 30))
        acts: dict[str, Callable[[], None]] = {
            "name": lambda: blocker.name_answerer(self.draw.choice((None, self.person())), **told),
            "acknowledge": lambda: blocker.acknowledge(**told),
            "commit": lambda: blocker.commit(day, **told),
            "resolve": lambda: blocker.resolve(self.words(), **told),
            "pass on": lambda: blocker.pass_on(words=self.said(), holder_unit_id=self.any(Unit).id, **told),
            "confirm": lambda: blocker.confirm(**told),
            "reopen": lambda: blocker.reopen(words=self.said(), **told),
            "withdraw": lambda: blocker.withdraw(**told),
            "edit": lambda: blocker.edit(title=self.fresh("Other data"), needed_by=day, blocked_unit_id=self.any(Unit).id, **told),
            "cost": lambda: blocker.enter_cost(Decimal(self.draw.randrange(900)), **told),
        }  # fmt: skip
        acts[self.draw.choice(sorted(acts))]()

    act_blocker_too = act_blocker_again = act_blocker

    # Files

    def _portfolio(self) -> tuple[What, list[str]]:
        executive, lead = self.person(Role.executive).email, self.person(Role.member).email
        rows = [
            f"P{n % 40},Project {n % 40} {self.words().split()[:1]},{self.any(Unit).name},{lead},{executive},{100 * n + 0.5},Green,It goes"
            for n in self.draw.sample(range(80), 12)
        ]
        return What.initiatives, ["id,name,unit,lead,sponsor,budget,rating,reason", *rows]

    def _blockers(self) -> tuple[What, list[str]]:
        rows = [
            f"B{n},{self.initiative().ref},No data {n},{self.any(Unit).name},{self.any(Unit).name}"
            for n in self.draw.sample(range(30), 8)
        ]
        return What.blockers, ["ref,initiative,what,blocked unit,holder", *rows]

    def _people(self) -> tuple[What, list[str]]:
        rows = [
            f"p{n}@example.org,Person {self.fresh(str(n))},member,{self.any(Unit).name}"
            for n in self.draw.sample(range(30), 8)
        ]
        return What.people, ["email,name,role,unit", *rows]

    def _units(self) -> tuple[What, list[str]]:
        rows = [
            f"F{n},Filed {n},{self.any(Unit).name},{self.person(Role.member).email}"
            for n in self.draw.sample(range(20), 6)
        ]
        return What.units, ["code,name,parent,head", *rows]

    def _partners(self) -> tuple[What, list[str]]:
        rows = [
            f"Filed {n},{self.fresh('terms')},{self.person(Role.manager).email}"
            for n in self.draw.sample(range(20), 6)
        ]
        return What.partners, ["name,terms,relationship owner", *rows]
