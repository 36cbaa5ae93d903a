"""Who takes part: people, units, partners; the lead, and what follows when somebody leaves (rules 2 and 4).

Planted faults seen red: `add_member` without the role; `remove_member` without `_need_present`; the head taken as lead
although they sponsor.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.initiatives.stories import idea, kinds, last_event, sponsored
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.leaving import hand_over_leads
from tracker.initiatives.memberships import Discipline, Membership, Responsibility
from tracker.initiatives.reaching import Participation
from tracker.organisation.handing_over import end_access
from tracker.organisation.units import settle_tree

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def one(cast, clock, present):
    return idea(cast, clock())


def test_somebody_joins_with_the_unit_they_belong_to_then(one, cast, clock):
    with writing():
        membership = one.add_member(
            cast.finance,
            by=cast.lead,
            now=clock(),
            responsibility=Responsibility.consulted,
            discipline=Discipline.analyst,
            what_for="Counts the letters.",
            share=20,
        )
        cast.finance.unit_id = cast.it.id
    assert membership.unit_id == cast.billing.id
    event = last_event()
    assert (event.kind, event.private) == ("member.joined", {"words": "Counts the letters."})
    assert event.facts == {
        "person_id": cast.finance.id,
        "unit_id": cast.billing.id,
        "responsibility": "consulted",
        "discipline": "analyst",
        "share": 20,
    }
    assert one.member_ids == {cast.lead.id, cast.finance.id}
    assert one.working_member_ids == {cast.finance.id}


@pytest.mark.parametrize("who", ["contact", "auditor", "ended"])
def test_who_cannot_join(one, cast, clock, who):
    with pytest.raises(NotNow, match="cannot join"), writing():
        one.add_member(getattr(cast, who), by=cast.lead, now=clock())


def test_nobody_joins_twice(one, cast, clock):
    with writing():
        one.add_member(cast.member, by=cast.lead, now=clock())
    with pytest.raises(NotNow, match="already"), writing():
        one.add_member(cast.member, by=cast.lead, now=clock())


@pytest.mark.both
def test_the_database_refuses_two_present_seats(one, cast):
    row = {"one": one.id, "who": cast.member.id, "now": "2026-03-02 09:00:00"}
    insert = text(
        "INSERT INTO membership (initiative_id, person_id, responsibility, what_for, joined_at) "
        "VALUES (:one, :who, 'informed', '', :now)"
    )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(insert, [row, row])


def test_a_share_is_agreed_by_the_head_and_a_new_one_anew(one, cast, clock):
    with writing():
        membership = one.add_member(cast.finance, by=cast.lead, now=clock(), share=20)
        one.agree_share(membership, by=cast.other_head, now=clock())
    assert (membership.share_agreed_by_id, last_event().kind) == (
        cast.other_head.id,
        "member.share_agreed",
    )
    with pytest.raises(NotNow, match="No share"), writing():
        one.agree_share(membership, by=cast.other_head, now=clock())
    with writing():
        one.change_member(membership, by=cast.lead, now=clock(), share=40, what_for="All letters.")
    assert membership.share_agreed_by_id is None
    assert last_event().private == {"was": {"what_for": ""}, "now": {"what_for": "All letters."}}


def test_changing_nothing_is_no_change(one, cast, clock):
    with writing():
        membership = one.add_member(cast.member, by=cast.lead, now=clock())
    before = kinds(one)
    with writing():
        one.change_member(
            membership, by=cast.lead, now=clock(), responsibility=Responsibility.responsible
        )
    assert kinds(one) == before


def test_somebody_leaves_once_and_may_come_back(one, cast, clock):
    with writing():
        membership = one.add_member(cast.member, by=cast.lead, now=clock())
        one.remove_member(membership, by=cast.lead, now=clock())
    for act in (one.remove_member, one.change_member, one.agree_share):
        with pytest.raises(NotNow, match="any more"), writing():
            act(membership, by=cast.lead, now=clock())
    with writing():
        one.add_member(cast.member, by=cast.lead, now=clock())
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 2


def test_units_come_and_go_each_with_its_event(one, cast, clock):
    with writing():
        one.revise_units({cast.it.id, cast.billing.id, cast.care.id}, by=cast.lead, now=clock())
    assert (one.unit_count, one.participating_unit_ids) == (
        3,
        {cast.it.id, cast.billing.id, cast.care.id},
    )
    with writing():
        one.revise_units({cast.billing.id}, by=cast.lead, now=clock())
    assert one.unit_count == 2
    assert kinds(one)[1:] == [
        "initiative.unit_joined",
        "initiative.unit_joined",
        "initiative.unit_left",
    ]


def test_the_unit_that_led_stays_on_it(one, cast, clock):
    with writing():
        one.revise_units({cast.it.id}, by=cast.lead, now=clock())
        one.change_lead_unit(cast.it, by=cast.lead, now=clock())
    others = db.session.scalars(select(Participation.unit_id)).all()
    assert (one.lead_unit_id, others, one.unit_count) == (cast.it.id, [cast.care.id], 2)
    before = kinds(one)
    with writing():
        one.change_lead_unit(cast.it, by=cast.lead, now=clock())
    assert kinds(one) == before


def test_what_is_closed_takes_no_part(one, cast, clock):
    with writing():
        cast.billing.end(by=cast.admin, now=clock())
        cast.vendor.end(by=cast.admin, now=clock())
    for act in (
        lambda: one.change_lead_unit(cast.billing, by=cast.lead, now=clock()),
        lambda: one.revise_units({cast.billing.id}, by=cast.lead, now=clock()),
        lambda: one.revise_partners({cast.vendor.id}, by=cast.lead, now=clock()),
    ):
        with pytest.raises(NotNow, match="is closed"), writing():
            act()


def test_partners_come_and_go(one, cast, clock):
    with writing():
        one.revise_partners({cast.vendor.id, cast.other_vendor.id}, by=cast.lead, now=clock())
        one.revise_partners({cast.other_vendor.id}, by=cast.lead, now=clock())
    assert [partner.id for partner in one.partners()] == [cast.other_vendor.id]
    assert kinds(one)[-1] == "initiative.partner_left"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("executive", "never leads"),
        ("other_executive", "is proposed as sponsor"),
        ("contact", "cannot lead"),
        ("auditor", "cannot lead"),
        ("ended", "cannot lead"),
    ],
)
def test_who_cannot_lead(cast, clock, who, words):
    made = sponsored(cast, clock())
    with writing():
        made.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
    with pytest.raises(NotNow, match=words), writing():
        made.set_lead(getattr(cast, who), by=cast.manager, now=clock())
    assert made.lead_id == cast.lead.id


@pytest.mark.both
def test_the_database_refuses_a_sponsor_who_leads(cast, clock):
    made = sponsored(cast, clock())
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text("UPDATE initiative SET lead_id = sponsor_id WHERE id = :id"), {"id": made.id}
        )


def test_a_lead_may_be_taken_away(one, cast, clock):
    with writing():
        one.set_lead(None, by=cast.manager, now=clock())
    assert (one.lead_id, last_event().kind) == (None, "initiative.lead_vacated")


@pytest.mark.both
def test_a_lead_leaves_and_the_head_of_the_unit_leads_on(cast, clock):
    one = idea(cast, clock(), lead_unit_id=cast.it.id)
    with writing():
        one.add_member(cast.lead, by=cast.manager, now=clock())
        handed = end_access(cast.lead, by=cast.admin, now=clock())
    assert [(h.duty, h.about, h.heir_id) for h in handed] == [("lead", one.ref, cast.head.id)]
    assert (one.lead_id, one.members()) == (cast.head.id, [])


def test_where_the_head_sponsors_the_programme_owner_leads_on(cast, clock):
    with writing():
        cast.it.head_id = cast.executive.id
        settle_tree()
    one = sponsored(cast, clock(), lead_unit_id=cast.it.id)
    with writing():
        hand_over_leads(cast.lead, cast.admin, clock())
    assert one.lead_id == cast.owner.id


def test_where_nobody_may_lead_the_lead_is_vacant(cast, clock):
    """Customer care has no head of its own, so the programme owner is meant twice, and sponsors."""
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.owner, by=cast.manager, now=clock())
        hand_over_leads(cast.lead, cast.admin, clock())
    assert one.lead_id is None
    assert last_event().kind == "initiative.lead_vacated"
