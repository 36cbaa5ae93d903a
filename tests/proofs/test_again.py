"""Fresh sign-in: acts that matter ask once more who it is, and what was typed is not lost.

Planted faults seen red are named in each test.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import PASSWORD
from tests.conftest import Clock, Tab
from tests.filled import form_to
from tests.proofs.conftest import App, is_in
from tests.proofs.device import Device
from tracker.db import db, writing
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import Proof, SignIn

As = Callable[[Any], Tab]
NEW = {
    "name": "Nina New",
    "email": "nina@example.org",
    "job_title": "Tester",
    "role": "member",
    "unit_id": "",
    "partner_id": "",
}


@pytest.fixture
def stale(app: Flask, clock: Clock, as_: As) -> As:
    """Give the tab of somebody who proved who they are eleven minutes ago."""

    def tab(person: Any) -> Tab:
        made = as_(person)
        with app.app_context(), writing() as session:
            long_ago = clock.moment.replace(hour=clock.moment.hour - 1)
            session.execute(
                update(SignIn).values(proved_at=long_ago, begun_at=long_ago, last_seen=clock.moment)
            )
        return made

    return tab


def somebody(app: Flask, email: str) -> Person | None:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.email == email)).one_or_none()


def test_an_act_that_matters_asks_first_and_then_is_done_as_it_was_typed(
    app: Flask, cast: SimpleNamespace, stale: As
) -> None:
    """One form, one password, and the person is added. Canaries: `fresh` left off the view; the fields not carried on."""
    tab = stale(cast.admin)
    assert tab.get("/admin/people/new").status_code == 200  # to look at the form is free
    asked = tab.submit("/admin/people/new", once="the key", **NEW)
    assert asked.status_code == 403
    assert somebody(app, NEW["email"]) is None
    carried = form_to(asked.text, "/admin/people/new")
    assert carried["name"] == ["Nina New"]
    assert carried["once"] == ["the key"]
    wrong = tab.post("/admin/people/new", data={**carried, "proof_secret": "not this one"})
    assert wrong.status_code == 422
    assert "That is not right." in wrong.text
    carried = form_to(wrong.text, "/admin/people/new")
    done = tab.post("/admin/people/new", data={**carried, "proof_secret": PASSWORD})
    assert done.status_code == 303
    added = somebody(app, NEW["email"])
    assert added is not None
    assert done.location == f"/admin/people/{added.id}"
    again = tab.submit(
        "/admin/people/new", once="the key", **NEW
    )  # the first form, from behind the back button
    assert (again.status_code, again.location) == (303, done.location)


def test_what_is_wrong_with_a_form_is_said_after_the_proof_with_all_that_was_typed(
    cast: SimpleNamespace, stale: As
) -> None:
    tab = stale(cast.admin)
    asked = tab.submit("/admin/people/new", **{**NEW, "email": "nowhere"})
    proved = tab.post(
        "/admin/people/new",
        data={**form_to(asked.text, "/admin/people/new"), "proof_secret": PASSWORD},
    )
    assert proved.status_code == 422
    assert 'value="Nina New"' in proved.text
    assert 'value="nowhere"' in proved.text


def test_for_ten_minutes_nothing_is_asked_and_then_again(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Canaries: eleven minutes; the moment of the last visit instead of the proof."""
    tab = as_(None)
    tab.submit("/sign-in", email=cast.admin.email, password=PASSWORD)
    clock.forward(minutes=9, seconds=59)
    assert tab.submit("/admin/people/new", **NEW).status_code == 303
    clock.forward(seconds=1)
    assert tab.submit("/admin/people/new", **{**NEW, "email": "two@example.org"}).status_code == 403
    assert somebody(app, "two@example.org") is None


def test_a_password_is_never_carried_through_a_page(cast: SimpleNamespace, stale: As) -> None:
    """It is typed anew. Canary: carry every field."""
    secret = "quite another long sentence"
    asked = stale(cast.member).submit("/settings/password", current=PASSWORD, password=secret)
    assert asked.status_code == 403
    assert secret not in asked.text
    assert PASSWORD not in asked.text


def test_a_code_of_the_app_proves_it_and_counts_once_here_too(
    cast: SimpleNamespace, stale: As, with_app: Callable[[Any], App]
) -> None:
    """Canary: look at the code without using it up."""
    phone, tab = with_app(cast.admin), stale(cast.admin)
    code = phone.code()
    asked = tab.get("/sign-in/again?next=/blockers")
    assert "Password, or the code of your app" in asked.text
    proved = tab.fill("/sign-in/again", page="/sign-in/again?next=/blockers", proof_secret=code)
    assert (proved.status_code, proved.location) == (303, "/blockers")
    assert tab.submit("/admin/people/new", **NEW).status_code == 303
    other = stale(cast.admin)
    assert other.submit("/sign-in/again", proof_secret=code).status_code == 422


def test_a_passkey_proves_it_if_it_is_ones_own(
    app: Flask, cast: SimpleNamespace, stale: As, with_passkey: Callable[..., Device]
) -> None:
    """Canary: take anybody's passkey."""
    own, others = with_passkey(cast.admin), with_passkey(cast.manager)
    tab = stale(cast.admin)

    def prove(device: Device) -> Any:
        answer = tab.post("/sign-in/again/question", data={"csrf_token": tab.token()})
        question = json.loads(answer.text)
        assert [one["id"] for one in question["allowCredentials"]] == [own.name]
        return tab.submit("/admin/people/new", **NEW, proof_token=device.sign(question))

    assert prove(others).status_code == 422
    assert somebody(app, NEW["email"]) is None
    assert prove(own).status_code == 303
    assert somebody(app, NEW["email"]) is not None
    with app.app_context():
        proofs = {
            row.proof
            for row in db.session.scalars(select(SignIn).where(SignIn.person_id == cast.admin.id))
        }
    assert proofs == {Proof.second_factor}


def test_a_page_that_is_sensitive_itself_is_asked_for_and_reached(
    cast: SimpleNamespace, stale: As
) -> None:
    tab = stale(cast.auditor)
    assert tab.submit("/settings/audit/exports", words="yes").status_code == 403
    away = tab.get("/settings/audit/exports/1.jsonl")
    assert (away.status_code, away.location) == (
        303,
        "/sign-in/again?next=/settings/audit/exports/1.jsonl",
    )
    back = tab.fill("/sign-in/again", page=away.location, proof_secret=PASSWORD)
    assert back.location == "/settings/audit/exports/1.jsonl"


def test_the_second_password_path_has_its_throttle_cve_2026_22603(
    app: Flask, cast: SimpleNamespace, stale: As, clock: Clock, with_app: Callable[[Any], App]
) -> None:
    """OpenProject let whoever held a session try passwords without end where a password is asked for again.

    All ways to prove it again share one count: ten, then even the right one waits. Canaries: no door; a door for each form;
    a door that is counted after the password was looked at.
    """
    phone, tab = with_app(cast.admin), stale(cast.admin)
    paths = (
        "/sign-in/again",
        "/admin/people/new",
        "/settings/workspace",
        "/settings/security/app/removal",
    )
    for number in range(10):
        guess = f"guess number {number}" if number % 2 else f"00000{number}"
        assert tab.submit(paths[number % 4], proof_secret=guess).status_code == 422
    for right in (PASSWORD, phone.code()):
        for path in paths:
            stopped = tab.submit(path, proof_secret=right)
            assert stopped.status_code == 429, path
            assert "Too many tries" in stopped.text
    clock.forward(minutes=15)
    assert tab.submit("/sign-in/again", proof_secret=PASSWORD).status_code == 303


def test_who_may_not_act_is_refused_and_not_asked_for_a_password(
    cast: SimpleNamespace, stale: As
) -> None:
    """Canary: ask before the policy."""
    tab = stale(cast.member)
    for path in ("/admin/people/new", "/settings/workspace", f"/admin/people/{cast.lead.id}/edit"):
        refused = tab.submit(path, proof_secret=PASSWORD)
        assert refused.status_code == 403
        assert "Confirm that it is you" not in refused.text
    contact = stale(cast.contact)
    assert contact.submit("/admin/people/new").status_code == 404


def test_the_proof_gives_the_session_another_key_and_open_pages_stay_of_use(
    app: Flask, cast: SimpleNamespace, stale: As
) -> None:
    """Whoever copied the cookie before is out. Canaries: note the proof without `renew`; let the token for forms go."""
    tab = stale(cast.admin)
    page = form_to(tab.get("/admin/people/new").text, "/admin/people/new", "/admin/people/new")
    thief = app.test_client()
    cookie = tab.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    thief.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    assert is_in(thief)  # type: ignore[arg-type]
    assert tab.submit("/sign-in/again", proof_secret=PASSWORD).status_code == 303
    assert not is_in(thief)  # type: ignore[arg-type]
    assert tab.post("/admin/people/new", data={**page, **NEW}).status_code == 303


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", ""]
)
def test_the_proof_leads_nowhere_else(address: str, cast: SimpleNamespace, stale: As) -> None:
    answer = stale(cast.member).submit("/sign-in/again", next=address, proof_secret=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
