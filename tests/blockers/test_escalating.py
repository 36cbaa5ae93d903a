"""What nobody answers in time climbs: each step once, by working days, told to one person, and on the record (rule 25)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.blockers.conftest import stored
from tests.blockers.test_negotiating import told
from tracker.activity.models import Event
from tracker.blockers.models import Blocker
from tracker.blockers.rungs import Step
from tracker.blockers.silence import escalate_late
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.models import Notice
from tracker.organisation.calendars import Calendar
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, settle_tree
from tracker.sweeping import sweep

FAR = date(2026, 9, 1)  # no day that matters here is missed for it


@pytest.fixture
def work(sponsored):
    """The initiative of `sponsored`, with blockers that are needed much later."""
    make = sponsored.make
    sponsored.make = lambda **fields: make(**{"needed_by": FAR, **fields})
    return sponsored


def days(app, clock, count):
    """Let `count` days go by, with the jobs of each run three times; return the day of each step in between."""
    climbed = []
    for _day in range(count):
        now = clock.forward(days=1)
        for _again in range(3):
            with app.app_context():
                if escalate_late(now):
                    climbed.append(now.date())
    return climbed


def steps(app, blocker):
    """Return the steps on the trail, as (step, person)."""
    with app.app_context():
        mine = select(Event).where(
            Event.kind == "blocker.escalated", Event.subject_id == blocker.id
        )
        found = db.session.scalars(mine.order_by(Event.id)).all()
        return [(event.after["step"], event.after["person_id"]) for event in found]


def test_what_no_unit_answers_climbs_clock_by_clock(app, cast, work, clock):
    """Planted: the clock of promising left out; the step looked for anew from the bottom; no event."""
    blocker = work.make()
    with app.app_context(), writing():
        db.session.get_one(Blocker, blocker.id).name_answerer(
            cast.member, by=cast.head, now=clock()
        )
    # Monday, the 2nd: two working days to acknowledge, five to promise, then five more.
    assert days(app, clock, 30) == [date(2026, 3, 5), date(2026, 3, 10), date(2026, 3, 18)]
    assert steps(app, blocker) == [
        ("head", cast.head.id), ("sponsor", cast.executive.id), ("owner", cast.owner.id),
    ]  # fmt: skip
    for person in (cast.head, cast.executive, cast.owner):
        with app.app_context():
            mine = select(Notice).where(
                Notice.person_id == person.id, Notice.kind == "blocker_escalated"
            )
            assert len(db.session.scalars(mine).all()) == 1, person.name
    there = stored(app, blocker)
    assert (there.escalated_to, there.escalated_to_id) == (Step.owner, cast.owner.id)
    assert there.escalates_on is None


def test_who_is_waited_on_already_is_never_the_next_step(app, cast, work, clock):
    """The head answers, so the sponsor is next. Planted: the answerer not left out."""
    blocker = work.make()
    with app.app_context(), writing():
        db.session.get_one(Blocker, blocker.id).acknowledge(by=cast.head, now=clock())
    assert days(app, clock, 8) == [date(2026, 3, 10)]
    assert steps(app, blocker) == [("sponsor", cast.executive.id)]


def test_a_promise_that_passes_climbs_and_one_that_stands_does_not(app, cast, work, clock):
    blocker = work.make()
    with app.app_context(), writing():
        db.session.get_one(Blocker, blocker.id).commit(date(2026, 3, 13), by=cast.head, now=clock())
    assert days(app, clock, 12) == [date(2026, 3, 14)]
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.commit(date(2026, 3, 27), by=cast.head, now=clock())
    assert days(app, clock, 30) == [date(2026, 3, 28)]
    assert [step for step, _who in steps(app, blocker)] == ["sponsor", "owner"]


def test_a_partner_climbs_to_its_keeper_and_reads_no_name(app, cast, as_, work, clock):
    blocker = work.make(holder_partner_id=cast.vendor.id)
    assert days(app, clock, 20) == [date(2026, 3, 5), date(2026, 3, 10), date(2026, 3, 18)]
    assert steps(app, blocker) == [
        ("keeper", cast.manager.id), ("sponsor", cast.executive.id), ("owner", cast.owner.id),
    ]  # fmt: skip
    page = as_(cast.contact).get(f"/blockers/{blocker.ref}").text
    for person in (cast.executive, cast.owner):
        assert person.name not in page
    assert not [kind for kind, _day in told(app, cast.contact) if kind == "blocker_escalated"]


def test_an_outside_party_has_no_clock_of_acknowledging(app, cast, work, clock):
    blocker = work.make(holder_outside="The regulator")
    assert days(app, clock, 20) == [date(2026, 3, 10), date(2026, 3, 18)]
    assert [step for step, _who in steps(app, blocker)] == ["sponsor", "owner"]


def test_a_dispute_that_nobody_settles_goes_to_the_programme_owner(app, cast, work, clock):
    """Planted: the ladder of the unit climbed instead."""
    blocker = work.make()
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.name_answerer(cast.member, by=cast.head, now=clock())
        fresh.dispute(by=cast.member, now=clock(), words="Not ours")
    assert days(app, clock, 20) == [date(2026, 3, 10)]
    assert steps(app, blocker) == [("owner", cast.owner.id)]


def test_whoever_gets_it_next_begins_below(app, cast, work, clock):
    """Planted: the steps of the last holder kept."""
    blocker = work.make()
    assert days(app, clock, 3) == [date(2026, 3, 5)]
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.pass_on(by=cast.head, now=clock(), words="Theirs", holder_unit_id=cast.billing.id)
    assert stored(app, blocker).escalated_to is None
    assert days(app, clock, 5) == [date(2026, 3, 10)], "two working days from Thursday, the 5th"
    assert steps(app, blocker)[-1] == ("head", cast.other_head.id)


def test_holds_and_weekends_of_the_holder_are_taken_out(app, cast, work, clock):
    """Planted: the pauses left out of `climbs_after`; the sums kept by the organisation's days."""
    with app.app_context(), writing():
        gulf = Calendar.add(name="Gulf", weekend=(5, 6), by=cast.admin, now=clock())
        db.session.get_one(Unit, cast.it.id).calendar_id = gulf.id
        settle_tree()
    blocker = work.make()
    assert stored(app, blocker).escalates_on == date(2026, 3, 4)
    clock.forward(days=1)
    with app.app_context(), writing():
        db.session.get_one(Initiative, work.initiative.id).hold(
            by=cast.executive, now=clock(), words="Wait"
        )
    assert stored(app, blocker).escalates_on is None
    assert days(app, clock, 4) == []
    with app.app_context(), writing():
        db.session.get_one(Initiative, work.initiative.id).resume(by=cast.executive, now=clock())
    # On hold from Tuesday, the 3rd, to Saturday, the 7th: two days of Sunday to Thursday.
    assert stored(app, blocker).escalates_on == date(2026, 3, 8)
    assert days(app, clock, 3) == [date(2026, 3, 9)]


def test_what_was_late_before_a_hold_does_not_climb_in_it(app, cast, work, clock):
    """Planted: a hold that is going on not asked for; naming an answerer counted the day again, and it climbed."""
    blocker = work.make()
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.commit(date(2026, 3, 4), by=cast.head, now=clock())
    now = clock.forward(days=3)
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.hold(by=cast.executive, now=now, words="Wait")
        db.session.get_one(Blocker, blocker.id).name_answerer(cast.member, by=cast.head, now=now)
    assert stored(app, blocker).escalates_on is None
    assert days(app, clock, 10) == []
    with app.app_context(), writing():
        db.session.get_one(Initiative, work.initiative.id).resume(by=cast.executive, now=clock())
    assert days(app, clock, 1) == [date(2026, 3, 16)]


def test_nobody_is_left_and_the_record_says_so(app, cast, as_, work, clock):
    """The sponsor heads the unit and answers, and no programme owner is named: it climbs to the end once."""
    blocker = work.make()
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.it.id).acting_head_id = cast.executive.id
        Organisation.current().programme_owner_id = None
        db.session.get_one(Blocker, blocker.id).acknowledge(by=cast.executive, now=clock())
    assert days(app, clock, 30) == [date(2026, 3, 10)]
    assert steps(app, blocker) == [("owner", None)]
    page = as_(cast.manager).get(f"/blockers/{blocker.ref}")
    assert "Next in line:" in page.text
    assert "someone" not in page.text, "nobody was told"


def test_what_was_answered_meanwhile_is_left_alone(app, cast, work, clock):
    blocker = work.make()
    with app.app_context():
        with writing():
            fresh = db.session.get_one(Blocker, blocker.id)
            fresh.commit(date(2026, 3, 20), by=cast.head, now=clock())
        assert escalate_late(clock.forward(days=10)) == 0
    assert steps(app, blocker) == []


@pytest.mark.both
def test_the_sweep_of_the_application_does_it_and_home_says_so(app, cast, as_, work, clock):
    """Planted: the sweep not registered; what climbed left out of `waits_for`."""
    blocker = work.make()
    with app.app_context(), writing():
        db.session.get_one(Blocker, blocker.id).name_answerer(
            cast.member, by=cast.head, now=clock()
        )
    now = clock.forward(days=4)
    with app.app_context():
        assert sweep(now, only={"escalations"}) == {"escalations": 1}
        assert sweep(now, only={"escalations"}) == {"escalations": 0}
    assert "Escalated to you" in as_(cast.head).get("/").text
    page = as_(cast.lead).get(f"/blockers/{blocker.ref}").text
    assert "Head of the unit" in page
    assert "Nobody answered" in page
    assert "escalated: Head of the unit" in as_(cast.lead).get("/blockers").text
    work.make(title="Raised a moment ago")
    listed = as_(cast.lead).get("/blockers?escalated=1").text
    assert blocker.title in listed
    assert "Raised a moment ago" not in listed
    later = clock() + timedelta(days=1)
    assert stored(app, blocker).escalated_on == later.date() - timedelta(days=1)
