"""What holds for everybody, and what one chooses for oneself."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import PASSWORD
from tests.conftest import Tab
from tracker.activity.models import Event
from tracker.db import db
from tracker.organisation.calendars import Calendar
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

As = Callable[[Any], Tab]
NEW = "seven quiet otters swim"


def settings(cast: SimpleNamespace, **fields: Any) -> dict[str, Any]:
    usual = {
        "name": "Testing & Daughters",
        "product_name": "Throughline",
        "prefix": "CX",
        "language": "en",
        "time_zone": "UTC",
        "currency": "EUR",
        "programme_owner_id": cast.owner.id,
        "alternate_id": cast.alternate.id,
        "designing": "y",
        "version": 1,
    }
    return usual | fields


def organisation(app: Flask) -> Organisation:
    with app.app_context():
        return Organisation.current()


def test_settings_are_kept_and_told(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.admin)
    changed = settings(cast, prefix="xp", signatures="y", stage_piloting="Trying out", name="New")
    assert tab.submit("/settings/workspace", **changed).status_code == 303
    kept = organisation(app)
    assert (kept.name, kept.prefix, kept.currency) == ("New", "XP", "EUR")
    assert kept.modules == {"signatures"}
    assert kept.stage_names == {"piloting": "Trying out"}
    with app.app_context():
        told = db.session.scalars(select(Event).where(Event.kind == "settings.changed")).one()
        assert told.after["modules"] == ["signatures"]
        assert told.actor_id == cast.admin.id


def test_the_trail_tells_every_setting_that_one_save_changed(
    cast: SimpleNamespace, as_: As
) -> None:
    """Canary: `unfolding` left empty, as before: the names of stages and the modules are not told."""
    tab = as_(cast.admin)
    first = settings(cast, currency="GBP", language="fa", stage_framed="Agreed", priorities="y")
    assert tab.submit("/settings/workspace", **first).status_code == 303
    changed = settings(
        cast, version=2, currency="EUR", prefix="XP", language="en", time_zone="Asia/Tehran", name="New", product_name="Our line",
        programme_owner_id=cast.alternate.id, alternate_id=cast.owner.id, calendar_id="", designing="",
        stage_piloting="Trial run", signatures="y",
    )  # fmt: skip
    assert tab.submit("/settings/workspace", **changed).status_code == 303
    newest = tab.get("/activity").text.split('<li id="event-', 2)[1]
    told = {
        " ".join(one.split())
        for one in re.findall(r'<div class="muted">(.*?)</div>', newest, re.DOTALL)
    }
    owner, alternate = cast.owner.name, cast.alternate.name
    assert told == {
        "Currency: was GBP, now EUR",
        "Prefix of initiative numbers: was CX, now XP",
        "Language: was فارسی, now English",
        "Time zone: was UTC, now Asia/Tehran",
        "Name: was Testing &amp; Daughters, now New",
        "Name of this site: was Throughline, now Our line",
        f"Programme owner: was {owner}, now {alternate}",
        f"Alternate: was {alternate}, now {owner}",
        "Calendar: was Usual, now –",
        "There is a stage for designing, before piloting: was yes, now no",
        "Name of the stage Framed: was Agreed, now Framed",
        "Name of the stage Piloting: was Piloting, now Trial run",
        "Signatures: was switched off, now switched on",
        "Priorities: was switched on, now switched off",
    }


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"prefix": "C-X"}, "prefix", "letters and digits"),
        ({"prefix": "1X"}, "prefix", "letters and digits"),
        ({"currency": "XQZ"}, "currency", "three letters of a currency"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", ""),
        ({"language": "tlh"}, "language", ""),
        ({"stage_piloting": "framed"}, "stage_piloting", "Another stage is called this"),
        ({"name": ""}, "name", "Type a name"),
    ],
)
def test_settings_say_it_at_the_field(
    fields: dict[str, Any], place: str, words: str, cast: SimpleNamespace, as_: As
) -> None:
    answer = as_(cast.admin).submit("/settings/workspace", **settings(cast, **fields))
    assert answer.status_code == 422
    assert words in answer.text.split(f'id="{place}-error"')[1].split("</p>")[0]


def test_the_programme_has_an_executive_and_another_one(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    for fields in (
        {"programme_owner_id": cast.manager.id},
        {"programme_owner_id": cast.contact.id},
        {"alternate_id": cast.owner.id},
    ):
        answer = as_(cast.admin).submit("/settings/workspace", **settings(cast, **fields))
        assert answer.status_code == 422
    assert organisation(app).programme_owner_id == cast.owner.id


def test_stale_settings_show_both_texts(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.admin)
    assert tab.submit("/settings/workspace", **settings(cast, name="First")).status_code == 303
    second = tab.submit("/settings/workspace", **settings(cast, name="Second"))
    assert second.status_code == 409
    assert "First" in second.text
    assert "Second" in second.text
    assert organisation(app).name == "First"


def test_finance_is_named_in_the_settings(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.admin)
    assert "Fina Finance" in tab.get("/settings/workspace").text
    assert tab.submit("/settings/finance", person_id=cast.member.id).status_code == 303
    assert tab.submit(f"/settings/finance/{cast.finance.id}/removal").status_code == 303
    for nobody in (cast.contact.id, cast.auditor.id, "", "x"):
        assert tab.submit("/settings/finance", person_id=nobody).status_code == 422
    with app.app_context():
        assert list(db.session.scalars(select(Person.id).where(Person.is_finance))) == [
            cast.member.id
        ]
    for who in (cast.manager, cast.owner, cast.finance):
        assert as_(who).submit("/settings/finance", person_id=cast.lead.id).status_code == 403


PROFILE = {
    "name": "Milo Member",
    "language": "fa",
    "theme": "dark",
    "time_zone": "Asia/Tehran",
    "day_calendar": "auto",
    "digits": "auto",
    "version": 1,
}


def test_language_and_theme_apply_at_once(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.member)
    answer = tab.submit("/settings/profile", **PROFILE)
    assert answer.status_code == 303
    page = tab.get(answer.location).text
    assert '<html lang="fa" dir="rtl" data-theme="dark"' in page
    assert 'data-shortcuts="off"' in page
    tab.submit("/sign-out")
    assert '<html lang="fa" dir="rtl"' in tab.get("/sign-in").text
    with app.app_context():
        assert db.session.scalars(select(Event).where(Event.kind == "person.changed")).all() == []


@pytest.mark.parametrize(
    "fields",
    [{"language": "tlh"}, {"theme": "pink"}, {"time_zone": "x"}, {"digits": "x"}, {"name": " "}],
)
def test_a_profile_takes_only_what_it_offers(
    fields: dict[str, Any], cast: SimpleNamespace, as_: As
) -> None:
    assert as_(cast.member).submit("/settings/profile", **PROFILE | fields).status_code == 422


def test_everybody_keeps_their_own_profile_and_no_other(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    forged = PROFILE | {"name": "Paul P.", "id": cast.member.id, "role": "manager", "is_admin": "y"}
    for who in (cast.contact, cast.auditor):
        assert as_(who).submit("/settings/profile", **forged).status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, cast.member.id).name == "Milo Member"
        contact = db.session.get_one(Person, cast.contact.id)
        assert (contact.name, contact.role, contact.is_admin) == ("Paul P.", "partner", False)


def test_changing_the_password_ends_every_other_session(cast: SimpleNamespace, as_: As) -> None:
    """Canary: leave the epoch as it is."""
    here, elsewhere = as_(cast.member), as_(cast.member)
    answer = here.submit("/settings/password", current=PASSWORD, password=NEW)
    assert answer.status_code == 303
    assert "Your password is changed" in here.get("/settings/profile").text
    assert elsewhere.get("/settings/profile").status_code == 303
    assert as_(None).submit("/sign-in", email=cast.member.email, password=NEW).status_code == 303


def test_a_new_password_needs_the_present_one(cast: SimpleNamespace, as_: As) -> None:
    """And guessing it is throttled like signing in. Canary: a second path without a count."""
    for _ in range(10):
        wrong = as_(cast.member).submit("/settings/password", current="x" * 15, password=NEW)
        assert wrong.status_code == 422
        assert "not your present password" in wrong.text
    stopped = as_(cast.member).submit("/settings/password", current=PASSWORD, password=NEW)
    assert stopped.status_code == 429
    assert as_(None).submit("/sign-in", email=cast.member.email, password=NEW).status_code == 422


def test_a_calendar_is_added_changed_and_refused(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    tab = as_(cast.admin)
    fields = {"name": "Shops", "day_1": "y", "day_7": "y", "holidays": "2026-12-25 Christmas"}
    assert tab.submit("/admin/calendars/new", **fields).status_code == 303
    with app.app_context():
        calendar = db.session.scalars(select(Calendar).where(Calendar.name == "Shops")).one()
        assert calendar.weekend == "1,7"
        assert len(calendar.holidays()) == 1
    address = f"/admin/calendars/{calendar.id}/edit"
    assert "2026-12-25 Christmas" in tab.get(address).text
    bad = fields | {"holidays": "2026-12-25 Christmas\nthe day after", "version": 1}
    answer = tab.submit(address, **bad)
    assert answer.status_code == 422
    assert "Line 2: “the day after” has no date at its start" in answer.text
    never = {f"day_{day}": "y" for day in range(1, 8)}
    assert tab.submit(address, **fields | never | {"version": 1}).status_code == 422
    assert tab.submit(address, **fields | {"name": "usual", "version": 1}).status_code == 303
    assert tab.submit(address, **fields | {"name": "Usual", "version": 2}).status_code == 422
