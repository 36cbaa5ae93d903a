"""Access ends at once, always; what hung on it passes to somebody by name (rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.aims import aim
from tests.cast import START
from tests.conftest import Tab
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.handed import Handover
from tracker.organisation.handing_over import Handed, end_access, end_partner, foreseen
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

As = Callable[[Any], Tab]


def end(person: Person, cast: SimpleNamespace, by: Person | None = None) -> list[Handed]:
    with writing():
        person = person.again(cast.admin)
        return end_access(person, by=by or cast.admin, now=START)


def test_the_alternate_follows_the_programme_owner(
    inside: None, cast: SimpleNamespace, fresh: Any
) -> None:
    """Canary: leave the owner's place vacant."""
    handed = end(cast.owner, cast)
    organisation = Organisation.current()
    assert organisation.programme_owner_id == cast.alternate.id
    assert organisation.alternate_id is None
    assert Handed("programme owner", "", cast.alternate.id) in handed
    assert fresh(cast.care).acting_head_id == cast.alternate.id


def test_without_an_alternate_another_executive_follows(
    inside: None, cast: SimpleNamespace
) -> None:
    end(cast.alternate, cast)
    end(cast.owner, cast)
    assert Organisation.current().programme_owner_id == cast.executive.id


def test_the_last_executive_cannot_leave(inside: None, cast: SimpleNamespace, fresh: Any) -> None:
    for executive in (cast.alternate, cast.executive, cast.other_executive):
        end(executive, cast)
    with pytest.raises(NotNow, match="No other executive could take over"):
        end(cast.owner, cast)
    assert fresh(cast.owner).is_active


def test_a_heads_units_fall_to_the_head_above(
    inside: None, cast: SimpleNamespace, fresh: Any
) -> None:
    handed = end(cast.head, cast)
    assert fresh(cast.it).head_id is None
    assert fresh(cast.it).acting_head_id == cast.owner.id
    assert handed == [Handed("head", "IT platforms", cast.owner.id)]


def test_partners_pass_to_the_head_of_the_keepers_unit(inside: None, cast: SimpleNamespace) -> None:
    handed = end(cast.manager, cast)
    heirs = set(db.session.scalars(select(Partner.relationship_owner_id)))
    assert heirs == {cast.owner.id}  # the manager's unit, customer care, has no head
    assert [h.duty for h in handed] == ["relationship owner"] * 2


def test_what_passed_on_is_kept_and_told(inside: None, cast: SimpleNamespace) -> None:
    end(cast.head, cast)
    row = db.session.scalars(select(Handover)).one()
    assert (row.person_id, row.duty, row.about) == (cast.head.id, "head", "IT platforms")
    told = db.session.scalars(select(Event).where(Event.kind == "duty.handed_over")).one()
    assert told.after["heir_id"] == cast.owner.id


def test_the_last_administrator_stays(inside: None, cast: SimpleNamespace) -> None:
    """CVE-2026-47409. Neither ended, nor demoted, nor made an auditor. Canary: count those who ended."""
    for act in (
        lambda person: end_access(person, by=cast.manager, now=START),
        lambda person: person.change(by=cast.manager, now=START, is_admin=False),
    ):
        with pytest.raises(NotNow, match="the last administrator"), writing():
            act(cast.admin.again(cast.admin))
    with writing():
        cast.member.again(cast.admin).change(by=cast.admin, now=START, is_admin=True)
    end(cast.admin, cast, by=cast.member)
    with pytest.raises(NotNow, match="the last administrator"):
        end(cast.member, cast, by=cast.manager)


def test_nobody_ends_their_own_access(inside: None, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="your own access"):
        end(cast.admin, cast)


def test_access_ends_once(inside: None, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="already ended"):
        end(cast.ended, cast)


def test_ending_a_partner_ends_its_contacts(
    inside: None, cast: SimpleNamespace, fresh: Any
) -> None:
    with writing():
        end_partner(cast.vendor.again(cast.admin), by=cast.admin, now=START)
    gone = select(Person).where(Person.partner_id == cast.vendor.id, Person.ended_at.is_(None))
    assert db.session.scalars(gone).all() == []
    assert fresh(cast.other_contact).is_active
    with pytest.raises(NotNow, match="contacts stay out"), writing():
        cast.contact.again(cast.admin).restore(by=cast.admin, now=START)


def test_coming_back_needs_a_new_password_and_brings_no_duty_back(
    inside: None, cast: SimpleNamespace, fresh: Any
) -> None:
    end(cast.head, cast)
    with writing():
        cast.head.again(cast.admin).restore(by=cast.admin, now=START)
    assert fresh(cast.head).password_hash is None
    assert db.session.scalar(select(Unit.head_id).where(Unit.id == cast.it.id)) is None


def test_what_is_announced_is_what_happens_and_changes_nothing(
    inside: None, cast: SimpleNamespace
) -> None:
    """Canary: commit what `foreseen` runs."""
    events = db.session.scalar(select(func.count()).select_from(Event))
    announced = foreseen(lambda: end_access(cast.head.again(cast.admin), by=cast.admin, now=START))
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Event)) == events
    assert db.session.get_one(Person, cast.head.id).is_active
    assert db.session.get_one(Unit, cast.it.id).head_id == cast.head.id
    assert announced == end(cast.head, cast)


@pytest.mark.parametrize("role", [Role.member, Role.manager, Role.auditor])
def test_the_programme_owner_stays_an_executive(
    role: Role, inside: None, cast: SimpleNamespace
) -> None:
    with pytest.raises(NotNow, match="programme owner or the alternate"), writing():
        cast.owner.again(cast.admin).change(by=cast.admin, now=START, role=role)


def test_a_head_does_not_become_an_auditor(inside: None, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="still answers for IT platforms"), writing():
        cast.head.again(cast.admin).change(by=cast.admin, now=START, role=Role.auditor)


def test_nobody_moves_between_us_and_a_partner(inside: None, cast: SimpleNamespace) -> None:
    for person, role in ((cast.member, Role.partner), (cast.contact, Role.member)):
        with pytest.raises(NotNow, match="Nobody moves between us and a partner"), writing():
            person.again(cast.admin).change(by=cast.admin, now=START, role=role)


@pytest.mark.both
def test_the_page_announces_and_then_does_it(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.admin)
    address = f"/admin/people/{cast.head.id}/ending"
    page = tab.get(address)
    assert page.status_code == 200
    assert "IT platforms" in page.text
    assert "Olga Owner" in page.text
    with app.app_context():
        assert db.session.get_one(Person, cast.head.id).is_active
    assert tab.head(address).status_code == 200
    with app.app_context():
        assert db.session.get_one(Person, cast.head.id).is_active
    assert tab.submit(address).status_code == 303
    shown = tab.get(f"/admin/people/{cast.head.id}").text
    assert "Was handed over" in shown
    assert "Access ended" in shown
    again = tab.submit(address)
    assert again.status_code == 409
    assert "already ended" in again.text


def test_the_page_says_why_it_cannot_be(cast: SimpleNamespace, as_: As) -> None:
    page = as_(cast.admin).get(f"/admin/people/{cast.admin.id}/ending")
    assert "You cannot end your own access" in page.text
    assert "End access now" not in page.text


def test_a_sponsors_page_lists_what_hangs_on_them(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    with app.app_context(), writing():
        made = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=START, lead=cast.lead
        )
        made.propose_sponsor(cast.executive, by=cast.manager, now=START)
        aim(made)
        made.accept_sponsorship(by=cast.executive, now=START)
    admin = as_(cast.admin)
    assert f"{made.ref} One bill" in admin.get(f"/admin/people/{cast.executive.id}").text
    assert f"{made.ref} One bill" in admin.get(f"/admin/people/{cast.lead.id}").text
    announced = admin.get(f"/admin/people/{cast.executive.id}/ending").text
    assert made.ref in announced
    assert "to Olga Owner" in announced
    assert admin.submit(f"/admin/people/{cast.executive.id}/ending").status_code == 303
    with app.app_context():
        passed = db.session.get_one(Initiative, made.id)
        assert (passed.sponsor_id, passed.sponsor_interim) == (cast.owner.id, True)


def test_a_sponsor_stays_an_executive(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    """Canary: let the database refuse it alone; then the answer is a 500."""
    with app.app_context(), writing():
        made = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=START, lead=cast.lead
        )
        made.propose_sponsor(cast.executive, by=cast.manager, now=START)
        aim(made)
        made.accept_sponsorship(by=cast.executive, now=START)
    fields = {"name": "Emil", "email": cast.executive.email, "role": "member", "version": 1}
    answer = as_(cast.admin).submit(f"/admin/people/{cast.executive.id}/edit", **fields)
    assert answer.status_code == 409
    assert made.ref in answer.text
