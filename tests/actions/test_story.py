"""Given to a partner, acknowledged, handed in, returned, handed in again, accepted: by the right people and by no wrong one."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.doing import stored
from tracker.actions.models import Action
from tracker.actions.reviews import Review
from tracker.actions.states import State
from tracker.activity.models import Event
from tracker.db import db

FORM = {
    "title": "Record ten welcome calls",
    "due_on": "2026-03-20",
    "why": "Customers say the first call decides",
    "criteria": "Ten calls\n\n  Consent on each ",
}
EVERYBODY = (
    *("admin", "manager", "owner", "executive", "head", "other_head", "lead", "member"),
    *("finance", "auditor", "contact", "other_contact"),
)


def changes(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event))


def refused_for_all_but(app, as_, cast, right, address, **fields):
    """Post as everybody who must not, and check that nothing happened: internal people 403, partners 404."""
    before = changes(app)
    for part in EVERYBODY:
        if part not in right:
            answer = as_(getattr(cast, part)).submit(address, **fields)
            outside = part == "other_contact" or (part == "contact" and answer.status_code == 404)
            assert answer.status_code == (404 if outside else 403), (part, address)
    assert changes(app) == before


@pytest.mark.both
def test_an_action_goes_its_way_by_the_right_hands_alone(app, cast, as_, work):
    """Canary: `accept_action: (host, leads_the_initiative, manager, contact_of_the_doer)` in policy.py turned this red."""
    here = f"/initiatives/{work.initiative.ref}/actions/new"
    fields = {**FORM, "assignee": f"p{cast.vendor.id}", "host_id": cast.manager.id}
    refused_for_all_but(app, as_, cast, ("lead", "manager"), here, **fields)
    answer = as_(cast.lead).submit(here, **fields)
    assert answer.status_code == 303
    address = answer.location
    ref = address.rsplit("/", 1)[1]
    with app.app_context():
        action = db.session.scalars(select(Action).where(Action.ref == ref)).one()
    assert (action.state, action.host_id, action.criteria) == (State.to_do, cast.manager.id, "Ten calls\nConsent on each")  # fmt: skip

    vendor = as_(cast.contact)
    assert "Record ten welcome calls" in vendor.get("/partner").text
    assert as_(cast.other_contact).get(f"/partner/actions/{ref}").status_code == 404
    assert "Record ten" not in as_(cast.other_contact).get("/partner").text

    refused_for_all_but(app, as_, cast, ("contact",), f"{address}/acknowledgement")
    assert vendor.submit(f"{address}/acknowledgement").location == f"/partner/actions/{ref}"
    assert stored(app, action).state == State.acknowledged
    assert vendor.submit(f"{address}/start").status_code == 303

    wrong = vendor.submit(f"{address}/progress", progress="101", words="Nearly")
    assert (wrong.status_code, "Type a number from 0 to 100." in wrong.text, "Nearly" in wrong.text) == (422, True, True)  # fmt: skip
    assert (
        vendor.submit(
            f"{address}/progress", progress="40", words="Four", version=stored(app, action).version
        ).status_code
        == 303
    )
    assert stored(app, action).progress == 40

    wrong = vendor.submit(f"{address}/submission", met=["0"], words="All there")
    assert (wrong.status_code, "Consent on each" in wrong.text, "All there" in wrong.text) == (422, True, True)  # fmt: skip
    refused_for_all_but(app, as_, cast, ("contact",), f"{address}/submission", met=["0", "1"])
    assert (
        vendor.submit(f"{address}/submission", met=["0", "1"], words="All there").status_code == 303
    )
    assert stored(app, action).state == State.submitted

    wrong = as_(cast.manager).submit(f"{address}/return", words="  ")
    assert (wrong.status_code, "Say what is missing" in wrong.text) == (422, True)
    refused_for_all_but(app, as_, cast, ("lead", "manager"), f"{address}/return", words="No")
    assert (
        as_(cast.manager).submit(f"{address}/return", words="Two have no consent").status_code
        == 303
    )
    page = vendor.get(f"/partner/actions/{ref}").text
    assert "Two have no consent" in page
    assert cast.manager.name in page
    assert stored(app, action).returned == 1

    assert vendor.submit(f"{address}/submission", met=["0", "1"]).status_code == 303
    refused_for_all_but(app, as_, cast, ("lead", "manager"), f"{address}/acceptance")
    assert as_(cast.lead).submit(f"{address}/acceptance").status_code == 303
    done = stored(app, action)
    assert (done.state, done.progress, done.last_on) == (State.accepted, 100, None)
    with app.app_context():
        assert db.session.scalars(select(Review.accepted).order_by(Review.id)).all() == [False, True]  # fmt: skip
    late = as_(cast.manager).submit(f"{address}/return", words="After all")
    assert (late.status_code, "is accepted, and over" in late.text) == (409, True)


def test_nobody_accepts_their_own_work(app, cast, as_, work):
    """Canary: `others_work` answering True."""
    action = work.make(person_id=cast.lead.id, criteria="It is there", by=cast.lead)
    address = f"/actions/{action.ref}"
    mine = as_(cast.lead)
    assert mine.submit(f"{address}/submission", met=["0"]).status_code == 303
    assert mine.submit(f"{address}/acceptance").status_code == 403
    assert "accept it?" not in mine.get(address).text
    assert as_(cast.manager).submit(f"{address}/acceptance").status_code == 303


def test_one_of_our_own_without_criteria_closes_by_itself(app, cast, as_, work):
    action = work.make(person_id=cast.member.id)
    assert as_(cast.member).submit(f"/actions/{action.ref}/completion").status_code == 303
    assert stored(app, action).state == State.done
    partners = work.make(partner_id=cast.vendor.id)
    refused = as_(cast.contact).submit(f"/actions/{partners.ref}/completion")
    assert (refused.status_code, "Hand it in" in refused.text) == (409, True)


def test_a_declined_action_is_with_the_host_again_and_out_of_the_partners_sight(app, cast, as_, work):  # fmt: skip
    action = work.make(contact_id=cast.contact.id, partner_id=cast.vendor.id)
    vendor = as_(cast.contact)
    answer = vendor.submit(f"/actions/{action.ref}/decline", words="We do not record calls")
    assert answer.location == "/partner"
    assert vendor.get("/partner").status_code == 200
    assert vendor.get(f"/partner/actions/{action.ref}").status_code == 404
    back = stored(app, action)
    assert (back.assignee_id, back.partner_id, back.contact_id) == (cast.lead.id, None, None)
    assert "We do not record calls" in as_(cast.lead).get(f"/actions/{action.ref}").text


def test_a_date_is_proposed_and_answered(app, cast, as_, work):
    action = work.make()
    address, vendor, host = f"/actions/{action.ref}", as_(cast.contact), as_(cast.lead)
    past = vendor.submit(f"{address}/date", proposed_on="2026-03-01", words="Earlier")
    assert (past.status_code, "Choose today or a later day." in past.text) == (422, True)
    assert host.submit(f"{address}/date-acceptance").status_code == 409
    assert (
        vendor.submit(
            f"{address}/date",
            proposed_on="2026-04-01",
            words="Hiring",
            version=stored(app, action).version,
        ).status_code
        == 303
    )
    assert "Hiring" in host.get(address).text
    assert vendor.submit(f"{address}/date-acceptance").status_code == 404
    assert host.submit(f"{address}/date-acceptance").status_code == 303
    agreed = stored(app, action)
    told = (agreed.due_on.isoformat(), agreed.first_due_on.isoformat(), agreed.due_changes, agreed.proposed_on)  # fmt: skip
    assert told == ("2026-04-01", "2026-03-20", 1, None)
    assert (
        vendor.submit(
            f"{address}/date",
            proposed_on="2026-05-01",
            words="More",
            version=stored(app, action).version,
        ).status_code
        == 303
    )
    assert host.submit(f"{address}/date-refusal", words="Too late for us").status_code == 303
    assert stored(app, action).due_on.isoformat() == "2026-04-01"
    assert "Too late for us" in vendor.get(f"/partner/actions/{action.ref}").text
