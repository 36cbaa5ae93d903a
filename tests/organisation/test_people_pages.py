"""The administrator's pages about people and partners."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, insert, select

from tests.cast import START
from tests.conftest import Tab, counted
from tracker.activity.models import Event
from tracker.db import db
from tracker.organisation.access import AccessLink
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.sweeping import sweep

As = Callable[[Any], Tab]
NEW = {"name": "Nora New", "email": "Nora.New@example.org", "role": "member"}


def fresh_link(page: str) -> str | None:
    if 'id="fresh-link"' not in page:
        return None
    return (
        page.split('id="fresh-link" value="')[1]
        .split('"', maxsplit=1)[0]
        .removeprefix("http://localhost")
    )


def by_email(app: Flask, email: str) -> Person | None:
    with app.app_context():
        return Person.by_email(email)


def mailed(app: Flask) -> int:
    """Let the jobs send what waits; return how many mails lie in the folder."""
    with app.app_context():
        sweep(only={"jobs"})
    return len(list((Path(app.config["DATA_DIR"]) / "mail").glob("*.eml")))


def test_somebody_is_invited_and_comes_in(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    admin = as_(cast.admin)
    answer = admin.submit("/admin/people/new", **NEW, unit_id=cast.care.id)
    assert answer.status_code == 303
    page = admin.get(answer.location)
    link = fresh_link(page.text)
    assert link is not None
    assert "Nora New is invited" in page.text
    assert fresh_link(admin.get(answer.location).text) is None  # shown once
    assert mailed(app) == 1
    assert as_(None).submit(link, password="seven quiet otters swim").status_code == 303
    person = by_email(app, "nora.new@example.org")
    assert (person.role, person.unit_id) == (Role.member, cast.care.id)


def test_a_click_invites_once(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    admin = as_(cast.admin)
    answers = [admin.submit("/admin/people/new", once="the same", **NEW) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AccessLink)) == 1


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"email": "mona"}, "email", "does not look like an e-mail address"),
        ({"email": "MANAGER@example.org "}, "email", "Mona Manager is already here"),
        ({"name": "   "}, "name", "Type a name"),
        ({"role": "emperor"}, "role", ""),
        ({"role": "partner"}, "partner_id", "Choose the partner"),
        ({"role": "member", "partner_id": 1}, "partner_id", "Only a partner contact"),
        ({"role": "partner", "partner_id": 1, "unit_id": 1}, "unit_id", "no unit of ours"),
        ({"role": "auditor", "is_admin": "y"}, "is_admin", "cannot be an administrator"),
        ({"role": "partner", "partner_id": 1, "is_admin": "y"}, "is_admin", "cannot be"),
        ({"unit_id": 2**31 + 1}, "unit_id", ""),
        ({"unit_id": "-1"}, "unit_id", ""),
        ({"name": "x" * 121}, "name", "120"),
    ],
)
def test_the_invitation_says_it_at_the_field(
    fields: dict[str, Any], place: str, words: str, app: Flask, as_: As
) -> None:
    answer = as_(by_email(app, "admin@example.org")).submit("/admin/people/new", **NEW | fields)
    assert answer.status_code == 422
    assert words in answer.text.split(f'id="{place}-error"')[1].split("</p>")[0]
    assert by_email(app, "nora.new@example.org") is None


def test_an_administrator_never_sees_the_link_to_an_account_in_use(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Or the flag would let them decide as somebody else. Canary: show every link."""
    admin, address = as_(cast.admin), f"/admin/people/{cast.executive.id}"
    assert admin.submit(f"{address}/link").status_code == 303
    assert fresh_link(admin.get(address).text) is None
    assert mailed(app) == 1


def test_coming_back_is_an_invitation(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    admin, address = as_(cast.admin), f"/admin/people/{cast.ended.id}"
    assert admin.submit(f"{address}/restoration").status_code == 303
    assert fresh_link(admin.get(address).text)
    old = as_(None).submit("/sign-in", email=cast.ended.email, password="a long enough sentence")
    assert old.status_code == 422


def test_nobody_gets_a_link_after_access_ended(cast: SimpleNamespace, as_: As) -> None:
    answer = as_(cast.admin).submit(f"/admin/people/{cast.ended.id}/link")
    assert answer.status_code == 409
    assert "Restore it first" in answer.text


EDIT = {
    "name": "Milo M.",
    "email": "member@example.org",
    "role": "manager",
    "unit_id": "",
    "is_finance": "y",
}


def test_a_person_is_changed_and_told(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    address = f"/admin/people/{cast.member.id}"
    assert as_(cast.admin).submit(f"{address}/edit", **EDIT, version=1).status_code == 303
    with app.app_context():
        person = db.session.get_one(Person, cast.member.id)
        assert (person.name, person.role, person.is_finance) == ("Milo M.", Role.manager, True)
        told = db.session.scalars(select(Event).where(Event.kind == "person.changed")).one()
        assert told.before == {"role": "member", "is_finance": False, "unit_id": cast.care.id}
        assert told.private == {"was": {"name": "Milo Member"}, "now": {"name": "Milo M."}}
    assert "Name: was Milo Member, now Milo M." in as_(cast.admin).get(address).text


def test_two_administrators_do_not_overwrite_each_other(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Canary: leave the version out of the form."""
    address = f"/admin/people/{cast.member.id}/edit"
    assert as_(cast.admin).submit(address, **EDIT, version=1).status_code == 303
    second = as_(cast.admin).submit(address, **EDIT | {"name": "Somebody <else>"}, version=1)
    assert second.status_code == 409
    assert "Milo M." in second.text
    assert "Somebody &lt;else&gt;" in second.text
    assert by_email(app, "member@example.org").name == "Milo M."


def test_what_the_form_does_not_offer_cannot_be_changed(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Canary: set whatever was posted."""
    more = {"password_hash": "x", "epoch": 9, "ended_at": "2020-01-01", "id": 99, "standing": "x"}
    answer = as_(cast.admin).submit(
        f"/admin/people/{cast.contact.id}/edit",
        name="Paul",
        email="contact@example.org",
        role="manager",
        is_admin="y",
        partner_id=cast.other_vendor.id,
        version=1,
        **more,
    )
    assert answer.status_code == 303
    with app.app_context():
        person = db.session.get_one(Person, cast.contact.id)
        assert person.name == "Paul"
        assert (person.role, person.is_admin) == (Role.partner, False)
        assert person.partner_id == cast.vendor.id
        assert (person.epoch, person.password_hash) == (1, cast.contact.password_hash)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=mona", {"Mona Manager"}),
        ("q=MANAGER@", {"Mona Manager"}),
        ("q=%25", set()),
        ("role=auditor", {"Aude Auditor"}),
        ("access=ended", {"Enno Ended", "Pia Ended"}),
        ("role=partner&access=open", {"Paul Partner", "Petra Partner"}),
        ("q=nobody", set()),
    ],
)
def test_the_list_shows_who_matches(
    query: str, found: set[str], cast: SimpleNamespace, as_: As
) -> None:
    admin = as_(cast.admin)
    page = admin.get(f"/admin/people?{query}").text
    everybody = {person.name for person in vars(cast).values() if isinstance(person, Person)}
    listed = page.split("<main")[1]
    assert {name for name in everybody if f">{name}</a>" in listed} == found
    csv = admin.get(f"/admin/people.csv?{query}").text
    assert {name for name in everybody if f"{name}," in csv} == found


def test_nonsense_in_the_address_is_no_filter(cast: SimpleNamespace, as_: As) -> None:
    odd = "role=x&unit=99999999999999999999&access=x&sort=;drop&page=-4&q=%00%ff"
    assert as_(cast.admin).get(f"/admin/people?{odd}").status_code == 200
    assert as_(cast.admin).get("/admin/people?page=999999999999999999999").status_code == 200


@pytest.mark.parametrize("key", ["0", "999", "99999999999999999999", "x", "-1"])
@pytest.mark.both
def test_who_is_not_there_is_not_found(key: str, cast: SimpleNamespace, as_: As) -> None:
    for path in ("", "/edit", "/ending"):
        assert as_(cast.admin).get(f"/admin/people/{key}{path}").status_code == 404


def test_the_number_of_queries_does_not_grow(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    """Canary: load the unit of each row."""

    def asked() -> int:
        with counted(app) as statements:
            assert as_(cast.admin).get("/admin/people?q=guest").status_code == 200
        return len(statements)

    def add(first: int, last: int) -> None:
        row = {"role": "member", "standing": "other", "created_at": START, "theme": "auto"}
        row |= {"day_calendar": "auto", "digits": "auto", "job_title": "", "unit_id": cast.it.id}
        row |= {"epoch": 1, "version": 1, "shortcuts": True, "is_admin": False, "is_finance": False}
        with app.app_context():
            guests = [
                row | {"name": f"Guest {n}", "email": f"guest{n}@example.org"}
                for n in range(first, last)
            ]
            db.session.execute(insert(Person), guests)
            db.session.commit()

    add(0, 10)
    asked()
    few = asked()
    add(10, 1000)
    assert asked() == few <= 12


ADMIN_PAGES = (
    *("/admin/people", "/admin/people.csv", "/admin/people/new", "/admin/people/1"),
    *(
        "/admin/units",
        "/admin/units/new",
        "/admin/units/it-platforms/edit",
        "/admin/units.csv",
        "/admin/units.xlsx",
    ),
    *(
        "/admin/partners",
        "/admin/partners/new",
        "/admin/partners/brightline/edit",
        "/admin/partners.csv",
        "/admin/partners.xlsx",
    ),
    *("/admin/calendars", "/admin/calendars/new", "/admin/calendars/1/edit"),
    "/settings/workspace",
)


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_administration_is_the_administrators(address: str, cast: SimpleNamespace, as_: As) -> None:
    for who in ("manager", "owner", "executive", "head", "member", "finance", "auditor"):
        assert as_(getattr(cast, who)).get(address).status_code == 403
    for who in ("contact", "other_contact"):
        assert as_(getattr(cast, who)).get(address).status_code in {403, 404}
    assert as_(None).get(address).location.startswith("/sign-in")
    assert as_(cast.admin).get(address).status_code == 200


@pytest.mark.parametrize("of", ["units", "partners"])
def test_units_and_partners_leave_as_csv_and_as_a_workbook(
    of: str, cast: SimpleNamespace, as_: As
) -> None:
    """The same rows in both. Planted: `form` looked at the other way round."""
    tab = as_(cast.admin)
    text = tab.get(f"/admin/{of}.csv")
    assert text.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(tab.get(f"/admin/{of}.xlsx").data)).active
    told = [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]
    assert told == lines
    assert {"units": "IT platforms", "partners": "Brightline"}[of] in {
        cell for line in lines for cell in line
    }
    page = tab.get(f"/admin/{of}").text
    for form in ("csv", "xlsx"):
        assert f'href="/admin/{of}.{form}"' in page
    assert tab.get(f"/admin/{of}.pdf").status_code == 404


def test_the_relationship_owner_invites_contacts_of_that_partner_alone(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    with app.app_context():
        db.session.get_one(Partner, cast.other_vendor.id).relationship_owner_id = cast.lead.id
        db.session.commit()
    contact = {"name": "Piet", "email": "piet@vendor.example.org"}
    manager, base = as_(cast.manager), "/admin/partners/brightline"
    assert manager.submit(f"{base}/contacts/new", **contact).status_code == 303
    assert fresh_link(manager.get(base).text)
    piet = by_email(app, contact["email"])
    assert (piet.role, piet.partner_id) == (Role.partner, cast.vendor.id)
    assert manager.get("/admin/partners/otherwise").status_code == 403
    other = {"name": "Pim", "email": "pim@vendor.example.org"}
    assert manager.submit("/admin/partners/otherwise/contacts/new", **other).status_code == 403
    foreign = f"{base}/contacts/{cast.other_contact.id}"
    for path in ("link", "ending"):
        assert manager.submit(f"{foreign}/{path}").status_code == 404
        assert manager.submit(f"{base}/contacts/999/{path}").status_code == 404
        assert manager.submit(f"{base}/contacts/{cast.member.id}/{path}").status_code == 404
    assert manager.submit(f"{base}/contacts/{piet.id}/ending").status_code == 303
    assert by_email(app, contact["email"]).ended_at is not None


def test_no_contact_is_invited_to_a_partner_that_has_ended(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    admin, base = as_(cast.admin), "/admin/partners/brightline"
    page = admin.get(f"{base}/ending").text
    assert "Paul Partner" in page
    assert admin.submit(f"{base}/ending").status_code == 303
    late = {"name": "Late", "email": "late@vendor.example.org"}
    assert admin.submit(f"{base}/contacts/new", **late).status_code == 409
    assert by_email(app, late["email"]) is None
    gone = as_(cast.contact).get("/settings/profile")
    assert gone.location.startswith("/sign-in")


def test_a_partners_name_is_taken_in_any_spelling(cast: SimpleNamespace, as_: As) -> None:
    answer = as_(cast.admin).submit("/admin/partners/new", name="  BRIGHTLINE ")
    assert answer.status_code == 422
    assert "There is a partner called Brightline already" in answer.text


def test_somebody_new_is_a_member_until_another_role_is_chosen(as_, cast):
    """Canary: without a role of its own the list offers its first one, the programme manager."""
    page = as_(cast.admin).get("/admin/people/new").text
    assert re.findall(r'<option selected value="([a-z]+)">', page) == ["member"]
    nothing = as_(cast.admin).submit("/admin/people/new", **NEW | {"role": ""})
    assert nothing.status_code == 422
