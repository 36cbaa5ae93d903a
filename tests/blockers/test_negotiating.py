"""Another day is proposed and answered, a holder disputes that it owes, and one person settles it (rule 23)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.blockers.conftest import stored
from tests.blockers.test_story import HOLDERS_SIDE, RAISERS_SIDE, changes, refused_for_all_but
from tests.filled import form_to
from tracker.activity.models import Event
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.settling import settler_now
from tracker.blockers.states import State, WaitingOn
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.models import Notice
from tracker.organisation.calendars import Calendar
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, settle_tree

LATER = {"proposed_on": "2026-04-10", "words": "The feed is rebuilt in April."}
WHY = {"words": "The meters are not ours."}


def told(app, person):
    """Return what a person was told, as (kind, day)."""
    with app.app_context():
        query = select(Notice.kind, Notice.day).where(Notice.person_id == person.id)
        return {(row.kind.value, row.day) for row in db.session.execute(query)}


def kinds(app):
    with app.app_context():
        mine = select(Event.kind).where(Event.subject_type == "blocker").order_by(Event.id)
        return [str(kind).removeprefix("blocker.") for kind in db.session.scalars(mine)]


def test_another_day_is_proposed_declined_proposed_again_and_accepted(app, cast, as_, work, clock):
    """Planted: `decline` open to everybody; `counter_proposed` that waits on the holder; the proposal kept once answered."""
    blocker = work.make()
    address = f"/blockers/{blocker.ref}"
    refused_for_all_but(app, as_, cast, HOLDERS_SIDE, f"{address}/counter-proposal", **LATER)
    fields = {**LATER, "version": blocker.version}
    assert as_(cast.head).submit(f"{address}/counter-proposal", **fields).status_code == 303
    there = stored(app, blocker)
    assert (there.state, there.waiting_on) == (State.counter_proposed, WaitingOn.raiser)
    assert (there.answerer_id, there.open_since) == (cast.head.id, date(2026, 3, 2))
    assert there.due_on == date(2026, 3, 9), "five working days to answer"
    assert ("counter_proposed", date(2026, 4, 10)) in told(app, cast.member)
    page = as_(cast.member).get(address).text
    assert "rebuilt in April" in page
    assert "proposes" in page

    refused_for_all_but(app, as_, cast, RAISERS_SIDE, f"{address}/refusal", **WHY)
    clock.forward(days=2)
    declined = {"words": "Bills go out in March."}
    assert as_(cast.member).submit(f"{address}/refusal", **declined).status_code == 303
    there = stored(app, blocker)
    assert (there.state, there.waiting_on) == (State.acknowledged, WaitingOn.holder)
    assert (there.proposed_on, there.asked_since, there.reason) == (None, None, "")
    assert there.due_on == date(2026, 3, 11), "five working days to promise, from the answer on"
    assert ("counter_declined", None) in told(app, cast.head)

    again = {
        "proposed_on": "2026-03-27",
        "words": "With two people more.",
        "version": there.version,
    }
    assert as_(cast.head).submit(f"{address}/counter-proposal", **again).status_code == 303
    refused_for_all_but(app, as_, cast, RAISERS_SIDE, f"{address}/acceptance")
    assert as_(cast.lead).submit(f"{address}/acceptance").status_code == 303
    there = stored(app, blocker)
    assert (there.state, there.waiting_on) == (State.committed, WaitingOn.holder)
    assert (there.promised_on, there.proposed_on, there.reason) == (date(2026, 3, 27), None, "")
    assert ("counter_accepted", date(2026, 3, 27)) in told(app, cast.head)
    assert kinds(app) == [
        *("raised", "counter_proposed", "counter_declined", "counter_proposed", "counter_accepted")
    ]


def test_what_was_proposed_meanwhile_is_not_accepted_unseen(app, cast, as_, work):
    """Planted: `seen=` left out of the acceptance."""
    blocker = work.make()
    address = f"/blockers/{blocker.ref}"
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.counter_propose(date(2026, 4, 10), by=cast.head, now=blocker.raised_at, words="Slow")
    tab = as_(cast.member)
    shown = form_to(tab.get(address).text, f"{address}/acceptance", address)
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.counter_propose(
            date(2026, 9, 30), by=cast.head, now=blocker.raised_at, words="Slower"
        )
    answer = tab.post(f"{address}/acceptance", data=shown)
    assert answer.status_code == 409
    assert stored(app, blocker).state == State.counter_proposed


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-01", "today or a later day"),
        ("2026-03-20", "Promise it instead"),
        ("2026-03-05", "Promise it instead"),
        ("", "Choose a day"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_answered_in_words(app, cast, as_, work, day, words):
    blocker = work.make()
    before = changes(app)
    fields = {"proposed_on": day, "words": "Slow", "version": blocker.version}
    answer = as_(cast.head).submit(f"/blockers/{blocker.ref}/counter-proposal", **fields)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert "Slow" in answer.text, "what was typed is not lost"
    assert changes(app) == before


def test_a_day_that_has_passed_cannot_be_accepted_any_more(app, cast, as_, work, clock):
    blocker = work.make()
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.counter_propose(date(2026, 3, 27), by=cast.head, now=clock(), words="Slow")
    clock.forward(days=30)
    answer = as_(cast.member).submit(f"/blockers/{blocker.ref}/acceptance")
    assert answer.status_code == 409
    assert "The proposed day has passed" in answer.text


def test_the_sponsor_settles_a_dispute_and_nobody_else(app, cast, as_, sponsored, clock):
    """Planted: `settle_blocker` open to managers; the new holder's turn not begun; the promise left out."""
    blocker = sponsored.make()
    address = f"/blockers/{blocker.ref}"
    refused_for_all_but(app, as_, cast, HOLDERS_SIDE, f"{address}/dispute", **WHY)
    assert as_(cast.head).submit(f"{address}/dispute", **WHY).status_code == 303
    there = stored(app, blocker)
    assert (there.state, there.waiting_on) == (State.disputed, WaitingOn.settler)
    assert (there.open_since, there.due_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert ("dispute_waits", None) in told(app, cast.executive)
    assert ("dispute_raised", None) in told(app, cast.member)
    assert "The meters are not ours." in as_(cast.executive).get(address).text
    assert "Settle it" in as_(cast.executive).get("/").text

    clock.forward(days=3)
    word = {
        "holder": f"u{cast.billing.id}",
        "promised_on": "2026-03-18",
        "words": "Billing reads the meters.",
    }
    refused_for_all_but(app, as_, cast, ("executive",), f"{address}/settlement", **word)
    assert as_(cast.executive).submit(f"{address}/settlement", **word).status_code == 303
    there = stored(app, blocker)
    assert (there.state, there.waiting_on) == (State.committed, WaitingOn.holder)
    assert (there.holder_unit_id, there.answerer_id) == (cast.billing.id, cast.other_head.id)
    assert (there.promised_on, there.hand_overs, there.reason) == (date(2026, 3, 18), 1, "")
    with app.app_context():
        turns = db.session.execute(
            select(BlockerHolding.holder_unit_id, BlockerHolding.starts, BlockerHolding.ends)
        ).all()
    assert turns == [
        (cast.it.id, date(2026, 3, 2), date(2026, 3, 5)),
        (cast.billing.id, date(2026, 3, 5), None),
    ]
    for person in (cast.head, cast.other_head, cast.member):
        assert ("dispute_settled", date(2026, 3, 18)) in told(app, person), person.name


def test_settled_at_the_same_holder_it_is_theirs_by_a_day(app, cast, as_, sponsored):
    blocker = sponsored.make()
    address = f"/blockers/{blocker.ref}"
    as_(cast.head).submit(f"{address}/dispute", **WHY)
    word = {"holder": f"u{cast.it.id}", "promised_on": "2026-03-18", "words": "It is yours."}
    assert as_(cast.executive).submit(f"{address}/settlement", **word).status_code == 303
    there = stored(app, blocker)
    assert (there.holder_unit_id, there.answerer_id) == (cast.it.id, cast.head.id)
    assert (there.state, there.hand_overs) == (State.committed, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"holder": "", "outside": ""}, "Say who owes it"),
        ({"outside": "The regulator"}, "Two holders are named"),
        ({"promised_on": "2026-03-01"}, "today or a later day"),
        ({"words": ""}, "Say why"),
    ],
)
def test_half_a_word_settles_nothing(app, cast, as_, sponsored, change, words):
    blocker = sponsored.make()
    as_(cast.head).submit(f"/blockers/{blocker.ref}/dispute", **WHY)
    before = changes(app)
    fields = {"holder": f"u{cast.billing.id}", "promised_on": "2026-03-18", "words": "So be it."}
    answer = as_(cast.executive).submit(f"/blockers/{blocker.ref}/settlement", **(fields | change))
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert changes(app) == before


def who_settles(app, blocker):
    with app.app_context():
        person = settler_now(Blocker, blocker.id)
        return person.email.split("@")[0] if person else None


def test_who_settles_is_nobody_who_heads_a_side(app, cast, sponsored, work):
    """Planted: the waiting unit left out of the two sides; the alternate never asked."""
    blocker = sponsored.make(blocked_unit_id=cast.billing.id)
    assert who_settles(app, blocker) == "executive"
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.billing.id).acting_head_id = cast.executive.id
    assert who_settles(app, blocker) == "owner", "the sponsor heads the side that waits"
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.it.id).acting_head_id = cast.owner.id
    assert who_settles(app, blocker) == "alternate", "the owner heads the holder"
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.billing.id).acting_head_id = cast.other_head.id
    assert who_settles(app, blocker) == "executive"


def test_where_nobody_can_settle_nothing_is_disputed(app, cast, as_, work):
    blocker = work.make(blocked_unit_id=cast.billing.id)
    assert who_settles(app, blocker) == "owner", "there is no sponsor"
    with app.app_context(), writing():
        settings = Organisation.current()
        settings.programme_owner_id = settings.alternate_id = None
    answer = as_(cast.head).submit(f"/blockers/{blocker.ref}/dispute", **WHY)
    assert answer.status_code == 409
    assert "Nobody can settle this" in answer.text
    assert stored(app, blocker).state == State.raised


def test_a_partner_proposes_and_disputes_and_reads_no_name_of_ours(
    app, cast, as_, sponsored, clock
):
    """Planted: the settler's name on the partner's page; the reason left out of it."""
    with app.app_context(), writing():
        held = sponsored.raises(holder_partner_id=cast.vendor.id)
    address = f"/blockers/{held.ref}"
    tab = as_(cast.contact)
    assert f'{address}/counter-proposal"' in tab.get(address).text
    fields = {**LATER, "version": held.version}
    assert tab.submit(f"{address}/counter-proposal", **fields).status_code == 303
    assert "rebuilt in April" in tab.get(address).text
    assert as_(cast.other_contact).get(address).status_code == 404
    assert as_(cast.member).submit(f"{address}/refusal", words="Too late").status_code == 303
    assert ("counter_declined", None) in told(app, cast.contact)
    assert tab.submit(f"{address}/dispute", **WHY).status_code == 303
    page = tab.get(address).text
    for name in (cast.executive.name, cast.member.name, cast.lead.name, "IT platforms"):
        assert name not in page
    assert tab.get(f"{address}/settlement").status_code == 404
    word = {"holder": f"u{cast.it.id}", "promised_on": "2026-03-18", "words": "Ours after all."}
    assert as_(cast.executive).submit(f"{address}/settlement", **word).status_code == 303
    assert tab.get(address).status_code == 404, "it is none of theirs any more"


def test_a_hold_pauses_whoever_is_waited_for(app, cast, sponsored, clock):
    """Planted: the days of a proposal counted by the holder's calendar; disputes left out of the unpausing."""
    with app.app_context(), writing():
        for unit, weekend in ((cast.care, (5, 6)), (cast.it, (4, 5))):
            own = Calendar.add(name=unit.name, weekend=weekend, by=cast.admin, now=clock())
            db.session.get_one(Unit, unit.id).calendar_id = own.id
        settle_tree()
    proposed, disputed = sponsored.make(), sponsored.make()
    with app.app_context(), writing():
        there = db.session.get_one(Blocker, proposed.id)
        there.counter_propose(date(2026, 4, 10), by=cast.head, now=clock(), words="Slow")
        db.session.get_one(Blocker, disputed.id).dispute(
            by=cast.head, now=clock(), words="Not ours"
        )
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, sponsored.initiative.id)
        initiative.hold(by=cast.executive, now=clock(), words="Wait")
    for blocker in (proposed, disputed):
        assert stored(app, blocker).due_on is None
    clock.forward(days=4)
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, sponsored.initiative.id)
        initiative.resume(by=cast.executive, now=clock())
    assert stored(app, proposed).due_on == date(2026, 3, 12), "three days of the side that waits"
    assert stored(app, disputed).due_on == date(2026, 3, 13), "four of the organisation"


def test_an_ending_partner_leaves_no_dispute_behind(app, cast, as_, sponsored, clock):
    """What a partner disputes passes to who keeps the relationship, and is raised anew there."""
    with app.app_context(), writing():
        held = sponsored.raises(holder_partner_id=cast.vendor.id)
        held.dispute(by=cast.contact, now=clock(), words="Not ours")
    tab = as_(cast.admin)
    answer = tab.submit(f"/admin/partners/{cast.vendor.slug}/ending")
    assert answer.status_code == 303, answer.text
    there = stored(app, held)
    assert (there.state, there.waiting_on) == (State.raised, WaitingOn.holder)
    assert (there.holder_partner_id, there.asked_since, there.reason) == (None, None, "")
    with app.app_context():
        assert db.session.scalar(select(func.count(Blocker.id)).where(Blocker.asked_since.is_not(None))) == 0  # fmt: skip


def test_the_page_says_who_is_late_and_who_is_not(app, cast, as_, sponsored, clock):
    """Planted: a dispute of today that is called overdue because the day it was needed by has passed."""
    disputed, passed = sponsored.make(), sponsored.make(needed_by=date(2026, 3, 6))
    with app.app_context(), writing():
        db.session.get_one(Blocker, disputed.id).dispute(
            by=cast.head, now=clock(), words="Not ours"
        )
    clock.forward(days=8)  # it is Tuesday, the 10th
    with app.app_context(), writing():
        db.session.get_one(Blocker, passed.id).dispute(by=cast.head, now=clock(), words="Not ours")
    tab = as_(cast.member)
    said = [" ".join(tab.get(f"/blockers/{one.ref}").text.split()) for one in (disputed, passed)]
    assert "has not settled that; it was due by" in said[0]
    assert tab.get("/blockers").text.count("Disputed, to be settled") == 2
    assert "has not settled that" not in said[1]
    assert "It was needed by" in said[1]
