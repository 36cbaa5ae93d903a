"""Requests in a browser: who may, who is told what, and two at once. A page that is opened decides nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests import gates
from tests.aims import aim
from tests.bodies import LATER, REQUEST
from tests.conftest import counted
from tests.filled import form_to
from tests.initiatives.stories import business, kinds, sponsored
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.milestones.models import Milestone
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.organisation.deputies import Capacity, Deputyship


@pytest.fixture
def one(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """Led by Lena, sponsored by Emil, at `framed`."""
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def asked(told: Any, cast: SimpleNamespace, clock: Any, one: Initiative) -> int:
    """A request about it, by Lena."""

    def put() -> int:
        with writing():
            there = db.session.get_one(Initiative, one.id)
            return gates.requested(there, now=clock(), cost=48_000, cost_words="").id

    return told(put)


def stands(app: Any, id_: int) -> SimpleNamespace:
    with app.app_context():
        made = db.session.get_one(Approval, id_)
        its = db.session.get_one(Initiative, made.initiative_id)
        return SimpleNamespace(
            state=made.state, decision=made.decision, stage=its.stage, asked=its.asked_stage, held=its.held_at is not None,
            sponsor_id=made.for_sponsor_id, words=made.words,
        )  # fmt: skip


def change(app: Any, do: Any) -> None:
    with app.app_context(), writing():
        do()


def test_one_asks_on_one_page_and_reads_what_is_missing(app, cast, as_, one):
    """Planted: `whole` not asked."""
    address = f"/initiatives/{one.ref}/stage/request"
    tab = as_(cast.lead)
    answer = tab.submit(address, to="designing", then="submit", question="Shall we?", gain="Much")
    assert answer.status_code == 422
    for words in ("Say what happens if the decision waits.", "Say what it costs", "Say by when it has to be decided."):  # fmt: skip
        assert words in answer.text
    assert "Much</textarea>" in answer.text
    assert "Customers have told in their own words what goes wrong" in answer.text
    kept = tab.submit(address, to="designing", then="keep", question="Shall we?", gain="Much")
    assert (kept.status_code, kept.location) == (303, "/approvals/1")
    assert stands(app, 1).state == State.draft
    page = tab.get(f"/initiatives/{one.ref}/stage?to=designing")
    assert page.location == "/approvals/1/edit"
    assert tab.fill("/approvals/1/edit", **{**REQUEST, "then": "submit"}).status_code == 303
    assert (stands(app, 1).state, stands(app, 1).asked) == (State.submitted, Stage.designing)


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("part", ["", "/approval", "/condition", "/not-yet", "/done"])
def test_opening_a_page_decides_nothing(app, cast, as_, asked, method, part):
    """As a scanner of mails does, signed in or not. Planted: `approve` that takes GET."""
    with app.app_context():
        before = business()
    for who in (cast.executive, None):
        answer = getattr(as_(who), method)(f"/approvals/{asked}{part}")
        assert answer.status_code in {200, 303, 405}, answer.status_code
    assert stands(app, asked).state == State.submitted
    with app.app_context():
        assert business() == before


def test_the_sponsor_reads_all_of_it_and_approves(app, cast, as_, asked):
    """Planted: the open risk left off the page."""
    page = as_(cast.executive).get(f"/approvals/{asked}").text
    for words in ("Shall we go on?", "£48,000", *(gates.SAYS[key] for key in ("gain", "waiting", "risk"))):  # fmt: skip
        assert words in page, words
    assert "Lena Lead asks you to decide by Mon 9 Mar" in page
    answer = as_(cast.executive).fill(f"/approvals/{asked}/approval", f"/approvals/{asked}")
    assert (answer.status_code, answer.location) == (303, f"/approvals/{asked}/done")
    assert (stands(app, asked).decision, stands(app, asked).stage) == (Decision.approved, Stage.designing)  # fmt: skip
    done = as_(cast.executive).get(answer.location).text
    assert "Designing is open." in done


@pytest.mark.parametrize("who", ["manager", "lead", "member", "owner", "head", "finance", "auditor", "admin"])  # fmt: skip
def test_nobody_else_decides_nor_is_offered_to(app, cast, as_, asked, who):
    """Neither the programme owner nor a manager (rule 14). Planted: `manager` beside the sponsor in the policy."""
    tab = as_(getattr(cast, who))
    page = tab.get(f"/approvals/{asked}").text
    assert 'class="decide"' not in page
    for act in ("approval", "condition", "not-yet"):
        answer = tab.submit(f"/approvals/{asked}/{act}", decision="stopped", words="No.")
        assert answer.status_code == 403
    assert stands(app, asked).state == State.submitted


def deputy(cast, of, who, ends=date.max):
    db.session.add(
        Deputyship(person_id=of.id, deputy_id=who.id, capacity=Capacity.sponsor, starts=date.min, ends=ends)
    )  # fmt: skip


def test_a_dated_deputy_decides_and_nobody_who_stands_in_for_them(app, cast, as_, asked, clock):
    """Planted: the sponsor's name left off the decision."""
    change(app, lambda: deputy(cast, cast.executive, cast.other_executive))
    change(app, lambda: deputy(cast, cast.other_executive, cast.alternate))
    change(app, lambda: deputy(cast, cast.executive, cast.owner, ends=date(2026, 3, 1)))
    for who in (cast.alternate, cast.owner):
        assert as_(who).submit(f"/approvals/{asked}/approval").status_code == 403
    tab = as_(cast.other_executive)
    assert "You decide on behalf of Emil Executive." in tab.get(f"/approvals/{asked}").text
    assert tab.fill(f"/approvals/{asked}/approval", f"/approvals/{asked}").status_code == 303
    assert stands(app, asked).sponsor_id == cast.executive.id
    shown = re.sub("[\u2068\u2069]|<[^>]+>", "", as_(cast.lead).get(f"/approvals/{asked}").text)
    assert "Esra Executive for Emil Executive" in shown


def test_a_deputy_who_asked_does_not_decide(app, cast, as_, one, clock):
    """Planted: `not_the_requester` left out of the policy."""

    def put() -> None:
        there = db.session.get_one(Initiative, one.id)
        there.add_member(cast.other_executive, by=cast.lead, now=clock())
        deputy(cast, cast.executive, cast.other_executive)
        gates.requested(there, now=clock(), by=cast.other_executive)

    change(app, put)
    assert as_(cast.other_executive).submit("/approvals/1/approval").status_code == 403
    assert 'class="decide"' not in as_(cast.other_executive).get("/approvals/1").text
    assert as_(cast.executive).submit("/approvals/1/approval").status_code == 303


def test_what_changed_is_named_on_the_page_and_nothing_opens(app, cast, as_, asked):
    """Planted: the button left in its place."""
    shown = as_(cast.executive)
    sent = shown.get(f"/approvals/{asked}").text
    assert "Approve and open Designing" in sent

    def rename() -> None:
        gate = db.session.scalars(select(Milestone)).one()
        its = db.session.get_one(Initiative, gate.initiative_id)
        assert its is gate.initiative
        gate.change(name="Another gate", criteria=["Ten"], measures=set(), by=cast.lead, now=gate.planned_at)  # fmt: skip

    change(app, rename)
    page = shown.get(f"/approvals/{asked}").text
    assert "The gate is called “Another gate” now." in page
    assert "New criterion: Ten" in page
    assert "Approve and open" not in page
    answer = shown.submit(f"/approvals/{asked}/approval")
    assert answer.status_code == 409
    assert "The gate is called “Another gate” now." in answer.text
    lead = as_(cast.lead)
    assert "Put it to the sponsor again" in lead.get(f"/approvals/{asked}").text
    assert lead.fill(f"/approvals/{asked}/edit", then="submit").status_code == 303
    assert shown.fill(f"/approvals/{asked}/approval", f"/approvals/{asked}").status_code == 303


def test_a_day_that_passed_is_not_offered_again(app, cast, as_, asked, clock):
    """Planted: the form left as the request stands (its own day, which `submit` refuses)."""
    lead, page = as_(cast.lead), f"/approvals/{asked}/edit"
    offered = 'name="decide_by" type="date" value="'
    before = lead.get(page).text.split(offered)[1][:10]
    clock.forward(days=60)
    after = lead.get(page).text.split(offered)[1][:10]
    assert before < clock().date().isoformat() <= after
    assert lead.fill(page, then="submit").status_code == 303


def test_who_holds_it_up_is_said_before_the_decision(app, cast, as_, asked, one, clock):
    """Planted: the include left out of the page; a limit that cuts the oldest off."""
    page = f"/approvals/{asked}"
    assert "open blocker" not in as_(cast.executive).get(page).text

    def hinder() -> None:
        for n in range(5):
            Blocker.raise_(
                db.session.get_one(Initiative, one.id), title=f"Obstacle {n}", blocked_unit_id=cast.care.id,
                holder_unit_id=cast.it.id, needed_by=date(2026, 12, 1), by=cast.lead, now=clock(),
            )  # fmt: skip

    change(app, hinder)
    told = as_(cast.executive).get(page).text
    assert "5 open blockers" in told
    shown = re.sub("[\u2068\u2069]|<[^>]+>", "", told)
    assert f"{cast.care.name} waits for {cast.it.name}" in shown
    assert sum(f"Obstacle {n}" in shown for n in range(5)) == 3


def test_what_was_put_anew_is_read_before_it_is_decided(app, cast, as_, asked, clock):
    """Planted: `post.still` left out of `approve`."""
    tab, page = as_(cast.executive), f"/approvals/{asked}"
    shown = form_to(tab.get(page).text, f"{page}/approval", page)
    clock.forward(hours=1)
    assert as_(cast.lead).fill(f"{page}/edit", gain="Half of it", then="submit").status_code == 303
    answer = tab.post(f"{page}/approval", data=shown)
    assert answer.status_code == 409
    assert "This request was put anew since you opened it." in answer.text
    assert stands(app, asked).state == State.submitted


@pytest.mark.both
def test_many_press_at_once_and_it_is_one_decision(app, cast, as_, asked):
    """One event and one notice for each who is told. Planted: `again` left out of `approve`; the same decision refused."""

    def press(_turn: int) -> int:
        return as_(cast.executive).submit(f"/approvals/{asked}/approval").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(press, range(8)))
    assert statuses == [303] * 8
    with app.app_context():
        found = kinds()
        told = db.session.scalars(select(Notice.person_id).where(Notice.kind == Tell.request_approved)).all()  # fmt: skip
    assert (found.count("approval.decided"), found.count("stage.opened")) == (1, 1)
    assert told == [cast.lead.id]


@pytest.mark.both
def test_two_decide_otherwise_at_once_and_one_of_them_decided(app, cast, as_, asked):
    """Planted: neither the state checked in `decide`, nor in `decline_ask`."""
    ways = [("approval", {}), ("not-yet", {"decision": "held", "words": "No."})] * 3

    def press(way: Any) -> int:
        return as_(cast.executive).submit(f"/approvals/{asked}/{way[0]}", **way[1]).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(press, ways))
    assert statuses == [303] * 3 + [409] * 3
    stood = stands(app, asked)
    assert (stood.stage == Stage.designing) != stood.held
    with app.app_context():
        assert kinds().count("approval.decided") == 1


def test_not_yet_needs_a_choice_and_words(app, cast, as_, asked):
    """Planted: the words not asked for."""
    tab, address = as_(cast.executive), f"/approvals/{asked}/not-yet"
    assert tab.submit(address, decision="sent_back", words=" ").status_code == 422
    assert tab.submit(address, words="No.").status_code == 422
    assert tab.submit(address, decision="approved", words="Yes.").status_code == 422
    assert tab.fill(address, decision="sent_back", words="Ring ten more.").status_code == 303
    assert (stands(app, asked).state, stands(app, asked).asked) == (State.draft, None)
    page = as_(cast.lead).get(f"/approvals/{asked}").text
    assert "Ring ten more." in page
    assert "Emil Executive sent it back on" in page


def test_a_condition_on_pages_from_the_decision_to_its_end(app, cast, as_, asked, one):
    """Planted: the lead allowed to accept it."""
    tab, address = as_(cast.executive), f"/approvals/{asked}/condition"
    assert tab.submit(address, words="Ring ten customers", due_on=LATER).status_code == 422
    answer = tab.fill(address, words="Ring ten customers", owner_id=cast.member.id, due_on=LATER)
    assert answer.status_code == 303
    assert "Ring ten customers" in tab.get(answer.location).text
    assert "Ring ten customers" in as_(cast.member).get("/actions").text
    assert "Ring ten customers" in tab.get("/approvals").text
    lead = as_(cast.lead)
    assert "Waive it" not in lead.get(f"/approvals/{asked}").text
    page = lead.get(f"/initiatives/{one.ref}/stage?to=piloting").text
    assert "An earlier decision set a condition that is open: “Ring ten customers”" in page
    end = f"/approvals/{asked}/conditions/1"
    for who in (cast.lead, cast.manager, cast.member, cast.owner):
        assert as_(who).submit(f"{end}/acceptance").status_code == 403
    assert tab.submit(f"{end}/waiving", words="").status_code == 422
    assert tab.fill(f"{end}/waiving", words="They rang us.").status_code == 303
    assert "They rang us." in lead.get(f"/approvals/{asked}").text
    with app.app_context():
        assert db.session.scalars(select(ApprovalCondition)).one().settled_by_id == cast.executive.id  # fmt: skip


def test_the_list_has_what_waits_then_what_was_decided(app, cast, as_, asked, one):
    """Planted: what others decide listed as one's own."""
    assert "1 request waits for your decision." in as_(cast.executive).get("/approvals").text
    assert "Nothing waits for your decision." in as_(cast.other_executive).get("/approvals").text
    mine = as_(cast.lead).get("/approvals").text
    assert ("What you asked" in mine, "Waits for you" in mine) == (True, False)
    as_(cast.executive).submit(f"/approvals/{asked}/approval")
    for who in (cast.executive, cast.member, cast.auditor):
        page = as_(who).get("/approvals").text
        assert "Shall we go on?" in page
        assert "Approved" in page
    assert "Nothing waits for your decision." in as_(cast.executive).get("/approvals").text


def test_it_waits_on_home_in_the_inbox_and_at_the_side(app, cast, as_, asked, one):
    """Planted: the sponsor not told."""
    tab = as_(cast.executive)
    home = tab.get("/").text
    assert "Open Designing for “One bill”?" in home
    assert f'href="/initiatives/{one.ref}/stage?to=designing"' in home
    inbox = tab.get("/inbox").text
    assert "asks you to decide on the next stage" in inbox
    assert f'href="/approvals/{asked}"' in inbox
    tab.submit(f"/approvals/{asked}/approval")
    assert "approved:" in as_(cast.lead).get("/inbox").text


def test_what_was_sent_back_waits_for_whoever_asked(app, cast, as_, asked):
    """On home and in the inbox, in words that say what was decided, until it is asked anew.

    Planted: the list left out of home; one sentence for every decision.
    """
    tab, lead = as_(cast.executive), as_(cast.lead)
    assert tab.fill(f"/approvals/{asked}/not-yet", decision="sent_back", words="Ring ten more.").status_code == 303  # fmt: skip
    home = lead.get("/").text
    assert "Ask anew: " in home
    assert f'href="/approvals/{asked}"' in home
    assert "sent back:" in lead.get("/inbox").text
    assert "Ask anew: " not in as_(cast.manager).get("/").text
    assert lead.fill(f"/approvals/{asked}/edit", then="submit").status_code == 303
    assert "Ask anew: " not in lead.get("/").text


def test_deputies_are_told_as_well(app, cast, as_, one, clock):
    """Planted: one whose time is over told."""

    def put() -> None:
        deputy(cast, cast.executive, cast.other_executive)
        deputy(cast, cast.executive, cast.alternate, ends=date(2026, 3, 1))
        gates.requested(db.session.get_one(Initiative, one.id), now=clock())

    change(app, put)
    with app.app_context():
        told = db.session.scalars(select(Notice.person_id).where(Notice.kind == Tell.stage_asked)).all()  # fmt: skip
    assert set(told) == {cast.executive.id, cast.other_executive.id}


def test_for_a_partner_there_is_nothing(app, cast, as_, asked):
    """Rule 21. Planted: the list open to everybody."""
    tab = as_(cast.contact)
    for address in ("/approvals", f"/approvals/{asked}", "/approvals/999", f"/approvals/{asked}/done"):  # fmt: skip
        assert tab.get(address).status_code == 404
    for act in ("approval", "condition", "not-yet", "withdrawal", "edit"):
        assert tab.submit(f"/approvals/{asked}/{act}").status_code == 404


def test_another_sponsor_decides_once_the_sponsorship_passed_on(app, cast, as_, asked, one, clock):
    """What is open goes with it. Planted: the lead taken for the sponsor."""

    def pass_on() -> None:
        there = db.session.get_one(Initiative, one.id)
        there.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
        there.accept_sponsorship(by=cast.other_executive, now=clock())

    change(app, pass_on)
    assert as_(cast.executive).submit(f"/approvals/{asked}/approval").status_code == 403
    assert as_(cast.other_executive).submit(f"/approvals/{asked}/approval").status_code == 303


def test_the_list_takes_as_many_statements_however_long_it_is(app, cast, as_, asked, clock):
    """Planted: the names looked up row by row."""
    tab = as_(cast.executive)
    tab.get("/approvals")
    with counted(app) as few:
        tab.get("/approvals")
    assert len(few) <= 12

    def more() -> None:
        for n in range(12):
            made = sponsored_now(cast, clock, f"More {n}")
            gates.requested(made, now=clock())

    change(app, more)
    with counted(app) as many:
        page = tab.get("/approvals").text
    assert "13 requests wait" in page
    assert len(many) == len(few)


def sponsored_now(cast: Any, clock: Any, title: str) -> Initiative:
    made = Initiative.create(title=title, lead_unit_id=cast.care.id, by=cast.manager, now=clock(), lead=cast.lead)  # fmt: skip
    made.propose_sponsor(cast.executive, by=cast.manager, now=clock())
    aim(made)
    made.accept_sponsorship(by=cast.executive, now=clock())
    return made


def test_what_was_withdrawn_is_asked_anew_from_its_page(app, cast, as_, asked, one, clock):
    """Planted: the link left out; offered to everybody; offered while another request is open."""
    tab = as_(cast.lead)
    assert "Ask anew" not in tab.get(f"/approvals/{asked}").text
    tab.fill(f"/approvals/{asked}/withdrawal", f"/approvals/{asked}")
    assert stands(app, asked).state == State.withdrawn
    way = f'href="/initiatives/{one.ref}/stage">Ask anew</a>'
    assert way in tab.get(f"/approvals/{asked}").text
    assert "Ask anew" not in as_(cast.executive).get(f"/approvals/{asked}").text
    form = tab.get(f"/initiatives/{one.ref}/stage")
    assert f'action="/initiatives/{one.ref}/stage/request"' in form.text
    change(app, lambda: gates.requested(db.session.get_one(Initiative, one.id), now=clock()))
    assert "Ask anew" not in tab.get(f"/approvals/{asked}").text
