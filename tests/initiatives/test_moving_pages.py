"""Stages and the course of an initiative in a browser: who may, who is told what, and two people at once.

Planted faults seen red: a deputy's decision without the sponsor's name; `back` that leads off the site. How a request
is decided is told in `tests/approvals`.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.bodies import REQUEST
from tests.initiatives.stories import business
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.initiatives.stages import Stage
from tracker.organisation.deputies import Capacity, Deputyship


def asks(tab, ref, back="", **more):
    """Request the next gate, as the form does."""
    return tab.submit(
        f"/initiatives/{ref}/stage/request{back}", **{**REQUEST, "to": "designing", **more}
    )


def test_a_card_dropped_on_the_next_stage_asks_and_the_sponsor_decides(
    app, cast, as_, a_sponsored, now_is
):
    ref = a_sponsored.ref
    page = as_(cast.lead).get(f"/initiatives/{ref}/stage?to=designing").text
    assert "Request Designing" in page
    assert "Emil Executive decides." in page
    answer = asks(as_(cast.lead), ref, "?back=/boards/bills")
    assert (answer.status_code, answer.location) == (303, "/boards/bills")
    assert now_is(a_sponsored).asked_stage == Stage.designing
    page = as_(cast.executive).get(f"/initiatives/{ref}").text
    assert "Lena Lead asks you to open Designing" in page
    there = as_(cast.executive).get(f"/initiatives/{ref}/stage?to=designing")
    assert (there.status_code, there.location) == (302, "/approvals/1")
    page = as_(cast.executive).get("/approvals/1").text
    assert "Shall we go on?" in page
    assert "Lena Lead asks you to decide by" in page
    answer = as_(cast.executive).submit("/approvals/1/approval")
    assert (answer.status_code, answer.location) == (303, "/approvals/1/done")
    assert now_is(a_sponsored).stage == Stage.designing


def test_the_sponsor_of_whom_nobody_asked_anything_reads_who_can(cast, as_, a_sponsored, now_is):
    """Planted: the form of a request offered to the sponsor."""
    page = as_(cast.executive).get(f"/initiatives/{a_sponsored.ref}/stage?to=designing").text
    assert "Nobody has asked to open Designing." in page
    assert "Lead: Lena Lead" in page
    assert "<textarea" not in page


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
    asks(as_(cast.manager if who == "lead" else cast.lead), a_sponsored.ref)
    work = f"/initiatives/{a_sponsored.ref}"
    addresses = [f"/approvals/1/{act}" for act in ("approval", "condition", "not-yet")]
    addresses += [f"{work}/{act}" for act in ("stage/back", "hold", "resumption", "closure")]
    with app.app_context():
        before = business()
    for address in addresses:
        answer = as_(getattr(cast, who)).submit(
            address, to="designing", words="Go.", decision="held"
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


@pytest.mark.parametrize("to", ["", "nowhere", "realised", "idea", "piloting"])
def test_a_stage_no_form_shows_is_refused(cast, as_, a_sponsored, now_is, to):
    answer = asks(as_(cast.lead), a_sponsored.ref, to=to)
    assert answer.status_code == 409
    assert (now_is(a_sponsored).stage, now_is(a_sponsored).asked_stage) == (Stage.framed, None)


def test_hold_resume_back_and_stop_each_with_its_page(app, cast, as_, a_sponsored, now_is):
    tab, ref = as_(cast.executive), a_sponsored.ref
    asks(as_(cast.lead), ref)
    tab.submit("/approvals/1/approval")
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
    asks(as_(cast.lead), a_sponsored.ref)
    tab = as_(cast.other_executive)
    assert "You decide on behalf of Emil Executive." in tab.get("/approvals/1").text
    tab.submit("/approvals/1/approval")
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
