"""Team, units, partners and the lead in a browser.

Planted faults seen red: `members` looking in any initiative; `agree_share` without the head; `places` that takes the
lead unit as another one.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.initiatives.stories import business, idea
from tracker.db import db, writing
from tracker.initiatives.memberships import Membership
from tracker.initiatives.reaching import Involvement, Participation


def seats(app):
    with app.app_context():
        return list(db.session.scalars(select(Membership).order_by(Membership.id)))


def test_the_lead_takes_somebody_on_changes_and_lets_go(app, cast, as_, an_idea):
    tab, team = as_(cast.lead), f"/initiatives/{an_idea.ref}/team"
    assert "Add somebody" in tab.get(team).text
    answer = tab.submit(
        f"{team}/members",
        person=cast.finance.id,
        responsibility="consulted",
        discipline="analyst",
        what_for="Counts letters",
        share="20 %",
    )
    assert (answer.status_code, answer.location) == (303, team)
    page = tab.get(team).text
    assert "Counts letters" in page
    assert "Not agreed" in page
    (seat,) = seats(app)
    part = f"{team}/members/{seat.id}"
    assert 'value="20"' in tab.get(part).text
    tab.fill(part, responsibility="informed", discipline="", what_for="", share="")
    assert (seats(app)[0].responsibility, seats(app)[0].share) == ("informed", None)
    assert tab.submit(f"{part}/removal").status_code == 303
    assert seats(app)[0].left_at is not None
    assert tab.submit(f"{part}/removal").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"person": ""}, "Choose who joins."),
        ({"person": "contact"}, "cannot join"),
        ({"person": "auditor"}, "cannot join"),
        ({"person": "999999"}, "Choose one from the list."),
        ({"person": "member", "share": "101"}, "Type a share between 0 and 100."),
        ({"person": "member", "share": "ten"}, "Type a share between 0 and 100."),
        ({"person": "member", "responsibility": "accountable"}, "Choose one from the list."),
    ],
)
def test_who_cannot_join_is_said_at_the_field(app, cast, as_, an_idea, fields, words):
    if hasattr(cast, fields["person"]):
        fields = {**fields, "person": getattr(cast, fields["person"]).id}
    answer = as_(cast.lead).submit(
        f"/initiatives/{an_idea.ref}/team/members",
        **{"responsibility": "responsible", "what_for": "Keeps this", **fields},
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "Keeps this" in answer.text
    assert seats(app) == []


def test_a_member_of_another_initiative_is_none_here(app, cast, as_, an_idea, told, clock):
    def elsewhere():
        other = idea(cast, clock(), "Two bills", lead=cast.finance)
        with writing():
            return other.add_member(cast.member, by=cast.manager, now=clock())

    foreign = told(elsewhere)
    team = f"/initiatives/{an_idea.ref}/team/members/{foreign.id}"
    with app.app_context():
        before = business()
    tab = as_(cast.lead)
    assert tab.get(team).status_code == tab.get(f"{team}00").status_code == 404
    for part in ("", "/removal", "/agreement"):
        answer = tab.submit(f"{team}{part}", responsibility="informed")
        assert answer.status_code == 404
    with app.app_context():
        assert business() == before


def test_the_head_of_the_unit_agrees_to_the_share(app, cast, as_, an_idea, told, clock):
    def share():
        with writing():
            one = an_idea.again(cast.manager)
            return one.add_member(cast.finance, by=cast.lead, now=clock(), share=20)

    seat = told(share)
    address = f"/initiatives/{an_idea.ref}/team/members/{seat.id}/agreement"
    for who in ("lead", "manager", "head", "owner", "finance"):
        assert as_(getattr(cast, who)).submit(address).status_code == 403
    page = as_(cast.other_head).get(f"/initiatives/{an_idea.ref}/team").text
    assert "Agree<span" in page
    assert as_(cast.other_head).submit(address).status_code == 303
    assert seats(app)[0].share_agreed_by_id == cast.other_head.id
    assert as_(cast.other_head).submit(address).status_code == 409


def test_units_and_partners_are_set_together(app, cast, as_, an_idea, now_is):
    address = f"/initiatives/{an_idea.ref}/team/places"
    team = f"/initiatives/{an_idea.ref}/team"
    answer = as_(cast.lead).fill(
        address, team, units=[cast.it.id, cast.billing.id], partners=[cast.vendor.id]
    )
    assert answer.status_code == 303
    with app.app_context():
        units = set(db.session.scalars(select(Participation.unit_id)))
        partners = set(db.session.scalars(select(Involvement.partner_id)))
    assert (units, partners) == ({cast.it.id, cast.billing.id}, {cast.vendor.id})
    assert now_is(an_idea).unit_count == 3
    answer = as_(cast.lead).submit(address, units=[cast.care.id])
    assert answer.status_code == 422  # the lead unit is no other unit
    as_(cast.lead).fill(address, team, units=None, partners=None)
    assert now_is(an_idea).unit_count == 1
    assert "Single unit" in as_(cast.finance).get(f"/initiatives/{an_idea.ref}").text


def test_the_lead_is_named_by_the_lead_a_manager_or_the_sponsor(cast, as_, a_sponsored, now_is):
    address = f"/initiatives/{a_sponsored.ref}/lead"
    assert as_(cast.member).submit(address, person=cast.member.id).status_code == 403
    answer = as_(cast.executive).submit(address, person=cast.executive.id)
    assert answer.status_code == 422
    assert "the sponsor never leads" in answer.text
    assert as_(cast.executive).fill(address, person=cast.member.id).status_code == 303
    assert now_is(a_sponsored).lead_id == cast.member.id
    as_(cast.manager).fill(address, person="")
    assert now_is(a_sponsored).lead_id is None
    assert "Nobody leads it" in as_(cast.manager).get(f"/initiatives/{a_sponsored.ref}").text


def test_a_card_dropped_on_another_lane_of_units_is_confirmed(cast, as_, an_idea, now_is):
    address = f"/initiatives/{an_idea.ref}/lead-unit?unit={cast.it.id}&back=/boards/bills"
    page = as_(cast.lead).get(address).text
    assert f'<option selected value="{cast.it.id}">IT platforms</option>' in page
    assert "Customer care leads it now" in page
    answer = as_(cast.lead).fill(address, unit=cast.it.id)
    assert answer.location == "/boards/bills"
    assert now_is(an_idea).lead_unit_id == cast.it.id
    answer = as_(cast.lead).submit(address, unit="999999")
    assert answer.status_code == 422
