"""Units, partners and people from files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.aims import aim
from tests.cast import START
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role, Standing
from tracker.organisation.units import Unit

Bring = Callable[..., Plan]


def outcomes(plan: Plan) -> list[str]:
    return [result.outcome.value for result in plan.report.results]


def words(plan: Plan) -> str:
    return plan.report.results[-1].words


def unit(name: str) -> Unit:
    found = Unit.named(name)
    assert found is not None, name
    return found


@pytest.mark.both
def test_units_come_with_their_tree_heads_and_other_names(bring: Bring, cast: Any) -> None:
    rows = (
        "code,name,short name,parent,head,aliases",
        "LEG,Legal and privacy,Legal,ALL,member@example.org,Lawyers;Privacy office",
        "DPO,Data protection,,LEG,,",
        "CARE,Customer care,Care,,lead@example.org,Contact centre",
    )
    plan = bring(What.units, *rows)
    assert outcomes(plan) == ["created", "created", "changed"]
    assert unit("privacy OFFICE").name == "Legal and privacy"
    assert unit("dpo").parent_id == unit("leg").id
    assert unit("dpo").acting_head_id == cast.member.id
    assert unit("contact centre").id == cast.care.id
    assert (unit("care").head_id, unit("care").short_name) == (cast.lead.id, "Care")
    assert outcomes(bring(What.units, *rows)) == ["unchanged"] * 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (("ALL,Company,IT",), "below itself"),
        (("A,Alpha,Beta", "B,Beta,Alpha"), "below itself"),
        (("A,Alpha,Alpha",), "below itself"),
        (("A,Alpha,Mars",), "not known"),
        (("A,Alpha,", "B,ALPHA,"), "already stands"),
        (("NEW,IT,",), "already stands"),
    ],
)
def test_impossible_units_are_refused(bring: Bring, rows: tuple[str, ...], why: str) -> None:
    # Canary: _reject_circles() doing nothing.
    plan = bring(What.units, "code,name,parent", *rows)
    assert "rejected" in outcomes(plan)
    assert any(why in result.words for result in plan.report.results)
    assert db.session.scalar(select(func.count(Unit.id))) == 4


def test_a_unit_below_a_rejected_one_is_rejected_with_it(bring: Bring) -> None:
    plan = bring(
        What.units, "code,name,parent,head", "A,Alpha,,Nobody", "B,Beta,Alpha,", skip_bad=True
    )
    assert outcomes(plan) == ["rejected", "rejected"]


def test_units_are_found_by_name_too_and_learn_their_code(bring: Bring) -> None:
    plan = bring(What.units, "code,name", "CC,Customer Care")
    assert outcomes(plan) == ["changed"]
    assert words(plan) == "Matched by name."
    assert unit("CC").name == "Customer Care"


def test_a_unit_found_by_another_of_its_names_keeps_its_own(bring: Bring) -> None:
    assert outcomes(bring(What.units, "name,short name", "care,Care")) == ["changed"]
    assert unit("care").name == "Customer care"


@pytest.mark.both
def test_partners_are_found_by_name(bring: Bring, cast: Any) -> None:
    rows = (
        "name,serves,terms,relationship owner",
        "BRIGHTLINE,Telephony,,lead@example.org",
        "Third Party,,30 days,",
    )
    plan = bring(What.partners, *rows)
    assert outcomes(plan) == ["changed", "created"]
    changed = db.session.get_one(Partner, cast.vendor.id)
    assert (changed.serves, changed.relationship_owner_id) == ("Telephony", cast.lead.id)
    assert outcomes(bring(What.partners, *rows)) == ["unchanged", "unchanged"]


def test_a_relationship_owner_is_one_of_us(bring: Bring) -> None:
    plan = bring(What.partners, "name,owner", "New,contact@example.org")
    assert outcomes(plan) == ["rejected"]


@pytest.mark.both
def test_people_are_found_by_address(bring: Bring, cast: Any) -> None:
    rows = (
        "email,name,role,job title,unit,vendor",
        "New.Person@Example.org,NEW PERSON,executive,Director,IT,",
        "lead@example.org,Lena Lead,,Agent,Billing,",
        "agent@vendor.example,Vera Vendor,,,,Brightline",
    )
    plan = bring(What.people, *rows)
    assert outcomes(plan) == ["created", "changed", "created"]
    new = Person.by_email("new.person@example.org")
    assert new is not None
    assert (new.name, new.role, new.standing) == ("New Person", Role.executive, Standing.executive)
    assert (new.is_admin, new.password_hash) == (False, None)
    contact = Person.by_email("agent@vendor.example")
    assert contact is not None
    assert (contact.role, contact.partner_id) == (Role.partner, cast.vendor.id)
    moved = db.session.scalars(
        select(Event).filter_by(kind="person.changed", subject_id=cast.lead.id)
    ).one()
    assert moved.facts == {"fields": ["job_title"], "unit_id": cast.billing.id}
    assert outcomes(bring(What.people, *rows)) == ["unchanged"] * 3


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("x@example.org,X,partner,,", "vendor", "belongs to a partner"),
        ("x@example.org,X,member,,Brightline", "role", "role partner"),
        ("x@example.org,X,partner,IT,Brightline", "unit", "no unit"),
        ("ended@example.org,Enno Ended,member,,", "email", "ended"),
        ("lead@example.org,Lena Lead,partner,,Brightline", "vendor", "cannot move"),
        ("contact@example.org,Paul Partner,member,,", "role", "cannot move"),
        ("contact@example.org,Paul Partner,,,Otherwise", "vendor", "cannot move"),
        ("admin@example.org,Ada Admin,auditor,,", "role", "auditor"),
        ("owner@example.org,Olga Owner,member,,", "role", "programme owner"),
        ("not an address,X,member,,", "email", "e-mail"),
        ("x@example.org,X,emperor,,", "role", "Allowed are"),
    ],
)
def test_impossible_people_are_refused(bring: Bring, row: str, column: str, why: str) -> None:
    # Canary: _check_known() doing nothing.
    plan = bring(What.people, "email,name,role,unit,vendor", row)
    assert outcomes(plan) == ["rejected"]
    assert plan.report.results[0].column == column
    assert why in words(plan)


def test_a_sponsor_stays_an_executive(bring: Bring, cast: Any) -> None:
    with writing():
        made = Initiative.create(title="A", lead_unit_id=cast.care.id, by=cast.manager, now=START)
        made.propose_sponsor(cast.executive, by=cast.manager, now=START)
        aim(made)
        made.accept_sponsorship(by=cast.executive, now=START)
    plan = bring(What.people, "email,name,role", "executive@example.org,Emil Executive,member")
    assert outcomes(plan) == ["rejected"]
    assert db.session.get_one(Person, cast.executive.id).role == Role.executive
