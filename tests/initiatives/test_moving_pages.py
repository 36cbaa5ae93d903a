"""Stages and the course of an initiative in a browser: who may, who is told what, and two people at once.

Planted faults seen red: `post.again` left out of `decide`; a deputy's decision without the sponsor's name; `back` that
leads off the site.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from tests.initiatives.stories import business, kinds
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.initiatives.stages import Stage
from tracker.organisation.deputies import Capacity, Deputyship


def test_a_card_dropped_on_the_next_stage_asks_and_the_sponsor_decides(
    app, cast, as_, a_sponsored, now_is
):
    ref = a_sponsored.ref
    page = as_(cast.lead).get(f"/initiatives/{ref}/stage?to=designing").text
    assert "Ask Emil Executive to open Designing" in page
    answer = as_(cast.lead).submit(
        f"/initiatives/{ref}/stage/request?back=/boards/bills", to="designing", words="It is ready."
    )
    assert (answer.status_code, answer.location) == (303, "/boards/bills")
    assert now_is(a_sponsored).asked_stage == Stage.designing
    page = as_(cast.executive).get(f"/initiatives/{ref}").text
    assert "Lena Lead asks you to open Designing" in page
    page = as_(cast.executive).get(f"/initiatives/{ref}/stage").text
    assert "It is ready." in page
    answer = as_(cast.executive).submit(
        f"/initiatives/{ref}/stage/decision", to="designing", words="Go."
    )
    assert (answer.status_code, answer.location) == (303, f"/initiatives/{ref}")
    assert now_is(a_sponsored).stage == Stage.designing


def test_a_decision_needs_words_and_keeps_what_was_typed(cast, as_, a_sponsored, now_is):
    answer = as_(cast.executive).submit(
        f"/initiatives/{a_sponsored.ref}/stage/decision", to="designing", words="   "
    )
    assert answer.status_code == 422
    assert "Say it in words." in answer.text
    assert now_is(a_sponsored).stage == Stage.framed


def test_others_are_told_who_decides(cast, as_, a_sponsored):
    page = as_(cast.finance).get(f"/initiatives/{a_sponsored.ref}/stage")
    assert page.status_code == 200
    assert "Emil Executive, the sponsor, decides on Designing" in page.text
    assert "<textarea" not in page.text


def test_a_stage_that_is_not_next_is_said(cast, as_, a_sponsored):
    page = as_(cast.executive).get(f"/initiatives/{a_sponsored.ref}/stage?to=piloting").text
    assert "Stages open one at a time: Designing is next." in page


@pytest.mark.parametrize(
    "who", ["manager", "lead", "member", "owner", "head", "finance", "auditor"]
)
def test_nobody_decides_in_the_sponsors_stead(app, cast, as_, a_sponsored, who):
    addresses = ("stage/decision", "stage/refusal", "stage/back", "hold", "resumption", "closure")
    with app.app_context():
        before = business()
    for address in addresses:
        answer = as_(getattr(cast, who)).submit(
            f"/initiatives/{a_sponsored.ref}/{address}", to="designing", words="Go."
        )
        assert answer.status_code == 403, address
    with app.app_context():
        assert business() == before


def test_for_a_partner_there_is_nothing(app, cast, as_, a_sponsored):
    tab, ref = as_(cast.contact), a_sponsored.ref
    for part in ("", "/stage", "/team", "/activity", "/sponsorship", "/edit", "/lead", "/copy"):
        assert tab.get(f"/initiatives/{ref}{part}").status_code == 404
        assert tab.get(f"/initiatives/CX-999{part}").status_code == 404
    for address in ("/initiatives", "/initiatives.csv", "/initiatives.xlsx", "/sponsorships"):
        assert tab.get(address).status_code == 404


@pytest.mark.both
def test_two_decide_at_once_and_one_of_them_moved_it(app, cast, as_, a_sponsored, now_is):
    """Canary: without `again` more than one of them answers 303."""

    def press(_):
        return (
            as_(cast.executive)
            .submit(f"/initiatives/{a_sponsored.ref}/stage/decision", to="designing", words="Go.")
            .status_code
        )

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(press, range(4)))
    assert statuses == [303, 409, 409, 409]
    assert now_is(a_sponsored).stage == Stage.designing
    with app.app_context():
        assert kinds(a_sponsored).count("stage.opened") == 1


def test_the_second_reads_what_happened(cast, as_, a_sponsored, now_is):
    address = f"/initiatives/{a_sponsored.ref}/stage/decision"
    as_(cast.executive).submit(address, to="designing", words="Go.")
    answer = as_(cast.executive).submit(address, to="designing", words="Go.")
    assert answer.status_code == 409
    assert "CX-1 stands at Designing by now; somebody moved it first." in answer.text
    assert now_is(a_sponsored).stage == Stage.designing


@pytest.mark.parametrize("to", ["", "nowhere", "realised", "idea", "piloting"])
def test_a_stage_no_form_shows_is_refused(cast, as_, a_sponsored, now_is, to):
    answer = as_(cast.executive).submit(
        f"/initiatives/{a_sponsored.ref}/stage/decision", to=to, words="Go."
    )
    assert answer.status_code == 409
    assert now_is(a_sponsored).stage == Stage.framed


def test_a_request_is_withdrawn_or_declined(app, cast, as_, a_sponsored, now_is):
    ref = a_sponsored.ref
    ask = {"to": "designing", "words": "Please."}
    as_(cast.lead).submit(f"/initiatives/{ref}/stage/request", **ask)
    assert (
        as_(cast.member).submit(f"/initiatives/{ref}/stage/request/withdrawal").status_code == 403
    )
    page = as_(cast.lead).get(f"/initiatives/{ref}/stage").text
    assert "Withdraw the request" in page
    as_(cast.lead).submit(f"/initiatives/{ref}/stage/request/withdrawal")
    assert now_is(a_sponsored).asked_stage is None
    as_(cast.lead).submit(f"/initiatives/{ref}/stage/request", **ask)
    page = as_(cast.executive).get(f"/initiatives/{ref}/stage/refusal").text
    assert "Please." in page
    answer = as_(cast.executive).submit(f"/initiatives/{ref}/stage/refusal", words="In spring.")
    assert answer.status_code == 303
    with app.app_context():
        assert kinds(a_sponsored)[-1] == "stage.ask_declined"


def test_hold_resume_back_and_stop_each_with_its_page(app, cast, as_, a_sponsored, now_is):
    tab, ref = as_(cast.executive), a_sponsored.ref
    tab.submit(f"/initiatives/{ref}/stage/decision", to="designing", words="Go.")
    for address in ("hold", "stage/back", "closure"):
        assert tab.get(f"/initiatives/{ref}/{address}").status_code == 200
        assert tab.submit(f"/initiatives/{ref}/{address}", to="framed", words="").status_code == 422
    assert "cannot be done as it stands" in tab.get(f"/initiatives/{ref}/resumption").text
    tab.submit(f"/initiatives/{ref}/hold", words="The vendor moves house.")
    assert "The vendor moves house." in tab.get(f"/initiatives/{ref}").text
    assert tab.submit(f"/initiatives/{ref}/hold", words="Again.").status_code == 409
    assert tab.submit(f"/initiatives/{ref}/resumption").status_code == 303
    tab.submit(f"/initiatives/{ref}/stage/back", to="framed", words="Too early.")
    assert now_is(a_sponsored).stage == Stage.framed
    tab.submit(f"/initiatives/{ref}/closure", words="A law made it needless.")
    page = as_(cast.member).get(f"/initiatives/{ref}").text
    assert "A law made it needless." in page
    assert "Post an update" not in page
    assert tab.submit(f"/initiatives/{ref}/closure", words="Again.").status_code == 409


def test_the_lead_stops_an_idea_and_nothing_more(cast, as_, an_idea, a_sponsored, now_is):
    assert (
        as_(cast.member).submit(f"/initiatives/{an_idea.ref}/closure", words="No.").status_code
        == 403
    )
    assert (
        as_(cast.lead).submit(f"/initiatives/{an_idea.ref}/closure", words="No.").status_code == 303
    )
    assert now_is(an_idea).ended
    assert (
        as_(cast.lead).submit(f"/initiatives/{a_sponsored.ref}/closure", words="No.").status_code
        == 403
    )


def test_a_deputy_decides_and_the_trail_says_for_whom(app, cast, as_, a_sponsored, told, clock):
    def appoint():
        with writing():
            db.session.add(
                Deputyship(
                    person_id=cast.executive.id,
                    deputy_id=cast.other_executive.id,
                    capacity=Capacity.sponsor,
                    starts=date.min,
                    ends=date.max,
                )
            )

    told(appoint)
    tab = as_(cast.other_executive)
    assert (
        "You decide on behalf of Emil Executive."
        in tab.get(f"/initiatives/{a_sponsored.ref}/stage").text
    )
    tab.submit(f"/initiatives/{a_sponsored.ref}/stage/decision", to="designing", words="Go.")
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.kind == "stage.opened")).one()
        assert (event.actor_id, event.on_behalf_of_id) == (
            cast.other_executive.id,
            cast.executive.id,
        )


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example/", "/\\x"])
def test_the_way_back_never_leaves_the_site(cast, as_, a_sponsored, back):
    answer = as_(cast.executive).submit(
        f"/initiatives/{a_sponsored.ref}/hold?back={back}", words="Wait."
    )
    assert answer.location == f"/initiatives/{a_sponsored.ref}"
