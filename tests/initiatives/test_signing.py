"""Signatures (rule 3): who signs what for whom, when the sponsor may go on, and what keeps a stage shut.

Units of the stories: `care` leads (no head of its own, so the programme owner's word counts) and `it` takes part.
Planted faults seen red: a signature carried to a version that binds anew; silence counted from a rewording; a manager
who signs; a condition that asks nobody.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.aims import aim
from tests.conftest import counted
from tests.gates import opened
from tests.initiatives.stories import waits
from tracker.activity.models import Event
from tracker.clock import local_day
from tracker.db import db, writing
from tracker.errors import NotNow, Refused
from tracker.initiatives import signing
from tracker.initiatives.agreeing import Agreement, State
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.models import Initiative
from tracker.initiatives.overriding import go_on_unsigned, override, unsigned
from tracker.initiatives.signatures import Signature, Stance
from tracker.initiatives.stages import Stage
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

pytestmark = pytest.mark.usefixtures("inside")


class Story:
    """One initiative at `framed`, with signatures switched on, told step by step."""

    def __init__(self, cast, clock):
        self.cast, self.clock = cast, clock
        with writing():
            Organisation.current().change(by=cast.admin, now=clock(), modules={"signatures"})
            self.one = Initiative.create(
                title="One bill",
                lead_unit_id=cast.care.id,
                by=cast.manager,
                now=clock(),
                lead=cast.lead,
            )
            aim(self.one)
            self.one.revise_units({cast.it.id}, by=cast.lead, now=clock())
            self.one.propose_sponsor(cast.executive, by=cast.manager, now=clock())
            self.one.accept_sponsorship(by=cast.executive, now=clock())

    def publish(self, wording_only=False, **sections):
        with writing():
            draft = CharterDraft.of(self.one)
            draft.save(self.one, by=self.cast.lead, now=self.clock(), **sections)
            return draft.publish(
                self.one, note="", wording_only=wording_only, by=self.cast.lead, now=self.clock()
            )

    @property
    def agreement(self):
        self.one.forget_team()
        return Agreement.of(self.one, self.clock())

    @property
    def number(self):
        return self.agreement.current.number

    def state(self, unit):
        return self.agreement.position(unit.id).state

    def sign(self, unit, by, number=None, words=""):
        by.forget_duties()
        with writing():
            return signing.sign(
                self.agreement,
                unit.id,
                number=number or self.number,
                by=by,
                now=self.clock(),
                words=words,
            )

    def object(self, unit, by, words="Too dear", number=None):
        by.forget_duties()
        with writing():
            return signing.object_to(
                self.agreement,
                unit.id,
                number=number or self.number,
                by=by,
                now=self.clock(),
                words=words,
            )

    def override(self, unit, words="We go on", **more):
        with writing():
            override(
                self.agreement,
                unit.id,
                by=self.cast.executive,
                now=self.clock(),
                words=words,
                **more,
            )

    def go_on(self, unit, **more):
        with writing():
            return go_on_unsigned(
                self.agreement, unit.id, by=self.cast.executive, now=self.clock(), **more
            )

    def open(self):
        with writing():
            stage = self.one.stage_to_open(self.clock())
            opened(self.one, stage, by=self.cast.executive, now=self.clock())
        return self.one.stage

    def shut(self):
        return unsigned(self.one, Stage.designing, self.clock())

    def told(self, kind):
        return db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)).all()[
            -1
        ]


@pytest.fixture
def story(inside, cast, clock):
    return Story(cast, clock)


def test_the_next_stage_opens_once_every_unit_has_signed(story, cast):
    with pytest.raises(NotNow, match="no published charter"):
        story.open()
    story.publish(purpose="One bill")
    story.sign(cast.it, cast.head)
    assert (
        story.shut()
        == "Customer care has not signed version 1 of the charter; it has until 16 Mar 2026."
    )
    with pytest.raises(NotNow, match="Customer care has not signed"):
        story.open()
    with pytest.raises(NotNow, match="Customer care has not signed"), writing():
        story.one.ask_stage(by=cast.lead, now=story.clock(), words="Please")
    story.sign(cast.care, cast.owner)
    assert story.open() == Stage.designing
    event = story.told("signature.signed")
    assert event.facts == {"unit_id": cast.care.id, "version": 1, "also": None}
    assert (event.actor_id, event.on_behalf_of_id) == (cast.owner.id, None)


def test_while_the_module_is_off_nobody_is_asked(story, cast):
    with writing():
        Organisation.current().change(by=cast.admin, now=story.clock(), modules=set())
    assert story.shut() is None
    assert story.open() == Stage.designing


def test_only_who_speaks_for_the_unit_signs_for_it(story, cast):
    story.publish(purpose="One bill")
    for person in (
        cast.other_head,
        cast.manager,
        cast.lead,
        cast.executive,
        cast.admin,
        cast.auditor,
    ):
        with pytest.raises(Refused, match="Only the head of IT platforms"):
            story.sign(cast.it, person)
        with pytest.raises(Refused, match="Only the head of IT platforms"):
            story.object(cast.it, person)
    with pytest.raises(NotNow, match="does not take part"):
        story.sign(cast.billing, cast.other_head)
    assert db.session.scalar(select(Signature.id)) is None


def test_a_deputy_signs_on_behalf_of_the_head_within_the_dates(story, cast, clock):
    story.publish(purpose="One bill")
    today = local_day(clock())
    with writing():
        Deputyship.appoint(
            cast.head, cast.member, Capacity.head,
            starts=today + timedelta(days=1), ends=today + timedelta(days=2), by=cast.head, now=clock(),
        )  # fmt: skip
    with pytest.raises(Refused):
        story.sign(cast.it, cast.member)
    clock.forward(days=1)
    signature = story.sign(cast.it, cast.member)
    assert (signature.by_id, signature.on_behalf_of_id) == (cast.member.id, cast.head.id)
    assert story.told("signature.signed").on_behalf_of_id == cast.head.id


def test_a_head_who_also_leads_or_sponsors_signs_and_it_says_so(story, cast):
    with writing():
        story.one.set_lead(cast.head, by=cast.manager, now=story.clock())
        care = db.session.get(Unit, cast.care.id)
        care.change(by=cast.admin, now=story.clock(), head_id=cast.executive.id)
    story.publish(purpose="One bill")
    assert story.sign(cast.it, cast.head).also == "lead"
    assert story.told("signature.signed").after["also"] == "lead"
    assert story.sign(cast.care, cast.executive).also == "sponsor"
    assert story.shut() is None


def test_wording_alone_keeps_signatures_and_a_head_may_object_to_it(story, cast, clock):
    story.publish(purpose="One bill")
    story.sign(cast.it, cast.head)
    story.sign(cast.care, cast.owner)
    clock.forward(days=1)
    story.publish(wording_only=True, purpose="A single bill")
    position = story.agreement.position(cast.it.id)
    assert (position.state, position.number) == (State.signed, 1)
    assert story.shut() is None
    assert [row.ref for row in waits("reworded", cast.head, clock())] == [story.one.ref]
    story.object(cast.it, cast.head, words="That is more than wording")
    assert story.state(cast.it) == State.objected
    assert waits("reworded", cast.head, clock()) == []
    assert "IT platforms objects to version 2" in story.shut()


def test_a_version_that_changes_more_must_be_signed_anew_before_the_next_stage(story, cast, clock):
    first = story.publish(purpose="One bill")
    story.sign(cast.it, cast.head)
    story.sign(cast.care, cast.owner)
    assert story.open() == Stage.designing
    clock.forward(days=3)
    story.publish(purpose="One bill", in_scope="Phones as well")
    assert story.agreement.in_force.number == first.number
    with pytest.raises(NotNow, match="has not signed version 2"):
        story.open()
    story.sign(cast.it, cast.head)
    story.sign(cast.care, cast.owner)
    assert story.agreement.in_force.number == 2
    assert story.open() == Stage.piloting


def test_an_objection_has_words_and_the_sponsor_overrides_it_in_words(story, cast):
    story.publish(purpose="One bill")
    story.sign(cast.care, cast.owner)
    with pytest.raises(NotNow, match="Say what you object to"):
        story.object(cast.it, cast.head, words="  ")
    story.object(cast.it, cast.head)
    assert story.told("signature.objected").private == {"words": "Too dear"}
    assert "override the objection in words" in story.shut()
    with pytest.raises(NotNow, match="Say why"):
        story.override(cast.it, words="")
    story.override(cast.it)
    assert story.state(cast.it) == State.overridden
    assert story.told("signature.overridden").private == {"words": "We go on"}
    with pytest.raises(NotNow, match="does not object any more"):
        story.override(cast.it)
    with pytest.raises(NotNow, match="is settled"):
        story.object(cast.it, cast.head)
    assert story.open() == Stage.designing


def test_the_sponsors_deputy_overrides_for_the_sponsor(story, cast):
    story.publish(purpose="One bill")
    story.object(cast.it, cast.head)
    with writing():
        override(
            story.agreement, cast.it.id, by=cast.other_executive, now=story.clock(), words="Go on",
            for_sponsor=cast.executive,
        )  # fmt: skip
    event = story.told("signature.overridden")
    assert (event.actor_id, event.on_behalf_of_id) == (cast.other_executive.id, cast.executive.id)


def test_an_objection_can_turn_into_a_signature_but_not_the_other_way(story, cast):
    story.publish(purpose="One bill")
    story.object(cast.it, cast.head)
    story.sign(cast.it, cast.head, words="We talked")
    assert story.state(cast.it) == State.signed
    stances = db.session.execute(
        select(Signature.stance, Signature.replaced_at).order_by(Signature.id)
    )
    assert [(row.stance, row.replaced_at is None) for row in stances] == [
        (Stance.objected, False),
        (Stance.signed, True),
    ]
    with pytest.raises(NotNow, match="signed this version already"):
        story.sign(cast.it, cast.head)
    with pytest.raises(NotNow, match="is settled"):
        story.object(cast.it, cast.head)


def test_who_read_an_older_version_reads_the_new_one_first(story, cast):
    story.publish(purpose="One bill")
    story.publish(purpose="Two bills")
    with pytest.raises(NotNow, match="Version 2 was published meanwhile"):
        story.sign(cast.it, cast.head, number=1)


def test_after_ten_working_days_of_silence_the_sponsor_may_go_on(story, cast, clock):
    story.publish(purpose="One bill")
    story.sign(cast.care, cast.owner)
    assert story.agreement.position(cast.it.id).until == date(2026, 3, 16)
    clock.forward(days=14)  # the tenth working day, still theirs
    with pytest.raises(NotNow, match=r"IT platforms has until 16 Mar 2026"):
        story.go_on(cast.it)
    clock.forward(days=1)
    assert story.state(cast.it) == State.silent
    assert "by 16 Mar 2026" in story.shut()
    with pytest.raises(NotNow):
        story.open()
    story.go_on(cast.it)
    event = story.told("signature.passed_unsigned")
    assert event.facts == {"unit_id": cast.it.id, "version": 1}
    assert story.state(cast.it) == State.passed
    assert story.open() == Stage.designing
    story.sign(cast.it, cast.head)  # late, and welcome
    assert story.state(cast.it) == State.signed
    with pytest.raises(NotNow, match="has answered"):
        story.go_on(cast.it)


def test_silence_is_not_counted_anew_for_new_wording(story, cast, clock):
    story.publish(purpose="One bill")
    clock.forward(days=15)
    story.publish(wording_only=True, purpose="A single bill")
    assert story.state(cast.it) == State.silent
    story.publish(purpose="A single bill", in_scope="Phones")
    assert story.state(cast.it) == State.waiting


def test_a_unit_that_comes_later_has_its_ten_days(story, cast, clock):
    story.publish(purpose="One bill")
    story.sign(cast.care, cast.owner)
    story.sign(cast.it, cast.head)
    clock.forward(days=20)
    assert story.shut() is None
    with writing():
        story.one.revise_units({cast.it.id, cast.billing.id}, by=cast.lead, now=clock())
    assert story.state(cast.billing) == State.waiting
    assert "Billing has not signed" in story.shut()
    clock.forward(days=1)
    story.publish(purpose="One bill", risks="Late")
    assert (
        story.agreement.in_force is None
    )  # Billing was asked about version 1 too, and never answered
    with writing():
        story.one.revise_units({cast.it.id}, by=cast.lead, now=clock())
    assert story.agreement.in_force.number == 1
    with pytest.raises(NotNow, match="does not take part"):
        story.sign(cast.billing, cast.other_head)


def test_holidays_of_the_unit_prolong_its_time(story, cast, clock):
    story.publish(purpose="One bill")
    with writing():
        short = Calendar.add(
            name="Sunday to Thursday", weekend=(5, 6), holidays={date(2026, 3, 4): "A day off"},
            by=cast.admin, now=clock(),
        )  # fmt: skip
        db.session.get(Unit, cast.it.id).change(by=cast.admin, now=clock(), calendar_id=short.id)
    assert story.agreement.position(cast.it.id).until == date(2026, 3, 17)
    assert story.agreement.position(cast.care.id).until == date(2026, 3, 16)


def test_work_adopted_under_way_without_a_charter_is_not_held_up(story, cast, clock):
    with writing():
        other = Initiative.create(
            title="Imported",
            lead_unit_id=cast.it.id,
            by=cast.manager,
            now=clock(),
            adopt_stage=Stage.piloting,
        )
        other.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        other.accept_sponsorship(by=cast.executive, now=clock())
    assert unsigned(other, Stage.rolling_out, clock()) is None


def test_many_missing_units_are_named_and_the_rest_counted_in_as_many_statements(
    story, cast, clock
):
    story.publish(purpose="One bill")
    here = current_app._get_current_object()
    with counted(here) as few:
        story.shut()
    with writing():
        more = [
            Unit.add(code=f"U{n}", name=f"Unit {n}", by=cast.admin, now=clock()) for n in range(7)
        ]
        story.one.revise_units({unit.id for unit in more}, by=cast.lead, now=clock())
    with counted(here) as many:
        words = story.shut()
    assert "3 more units have not agreed." in words
    assert len(many) <= len(few) + 1  # the team is looked up again after it changed


def test_nobody_was_silent_before_signatures_were_in_use(story, cast, clock):
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules=set())
    story.publish(purpose="One bill")
    clock.forward(days=60)
    with writing():
        Organisation.current().change(
            by=cast.admin, now=clock(), modules={"signatures", "priorities"}
        )
    clock.forward(days=1)
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules={"signatures"})
    assert story.state(cast.it) == State.waiting
    assert waits("unsigned", cast.head, clock())[0].since == clock() - timedelta(days=1)
    assert waits("silent", cast.owner, clock()) == []


def test_what_waits_for_heads_the_head_above_and_the_sponsor(story, cast, clock):
    assert waits("unsigned", cast.head, clock()) == []
    story.publish(purpose="One bill")
    mine = waits("unsigned", cast.head, clock())
    assert [(row.ref, row.title, row.unit) for row in mine] == [
        (story.one.ref, "One bill", "IT platforms")
    ]
    assert mine[0].since == clock()
    assert {row.unit for row in waits("unsigned", cast.owner, clock())} == {"Customer care"}
    assert (
        waits("unsigned", cast.other_head, clock())
        == waits("unsigned", cast.manager, clock())
        == []
    )
    assert waits("unsigned", cast.owner, clock(), 0) == []
    clock.forward(days=7)
    assert waits("silent", cast.owner, clock()) == []
    clock.forward(days=1)
    assert [row.unit for row in waits("silent", cast.owner, clock())] == ["IT platforms"]
    story.object(cast.it, cast.head)
    assert waits("unsigned", cast.head, clock()) == waits("silent", cast.owner, clock()) == []
    assert [(row.ref, row.unit) for row in waits("objections", cast.executive, clock())] == [
        (story.one.ref, "IT platforms")
    ]
    assert waits("objections", cast.other_executive, clock()) == []
    story.override(cast.it)
    assert waits("objections", cast.executive, clock()) == []
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules=set())
    assert waits("unsigned", cast.owner, clock()) == []


@pytest.mark.both
def test_the_database_keeps_one_answer_of_a_unit_and_words_with_an_objection(story, cast, clock):
    version = story.publish(purpose="One bill")
    story.sign(cast.it, cast.head)
    same = {
        "initiative_id": story.one.id, "version_id": version.id, "unit_id": cast.it.id, "by_id": cast.head.id,
        "at": clock(), "words": "", "also": "", "override_words": "",
    }  # fmt: skip
    over = {"overridden_at": clock(), "overridden_by_id": cast.executive.id}
    for more in (
        {"stance": Stance.objected, "words": "No"},
        {"stance": Stance.objected, "unit_id": cast.care.id},
        {"stance": Stance.signed, "unit_id": cast.care.id, "overridden_at": clock()},
        {"stance": Stance.signed, "unit_id": cast.care.id, **over, "override_words": "x"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), writing() as session:
            session.add(Signature(**{**same, **more}))
    assert story.state(cast.it) == State.signed
    assert waits("unsigned", cast.owner, clock())[0].unit == "Customer care"
    assert (
        waits("objections", cast.executive, clock()) == waits("silent", cast.owner, clock()) == []
    )
    assert waits("reworded", cast.head, clock()) == []
