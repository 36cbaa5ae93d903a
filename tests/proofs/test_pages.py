"""The pages that a walk through the demo cannot reach: for those who are half-way in, and with something to show.

Their HTML, headers and words are held against the contract of all pages, in the four languages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.conftest import Tab, counted
from tests.test_pages import DIRECTIONS, HEADERS, faults
from tracker.db import db, writing
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import SignIn
from tracker.proofs.passkeys import Passkey

As = Callable[[Any], Tab]


def _soundness(answer: Any, language: str) -> list[str]:
    wrong = faults(answer.text, language)
    wrong += [
        f"{name}: {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value
    ]
    return wrong


@pytest.mark.parametrize("language", DIRECTIONS)
def test_every_page_of_this_room_is_sound(
    language: str,
    app: Flask,
    cast: SimpleNamespace,
    as_: As,
    with_app: Any,
    with_passkey: Any,
    with_codes: Any,
    arriving: Any,
) -> None:
    """Canary: an id twice on the page that offers an app and a passkey."""
    with_app(cast.member)
    with_passkey(cast.member)
    with_codes(cast.member)
    with app.app_context(), writing() as session:
        session.execute(update(Person).values(language=language))
        Organisation.found().change(by=None, now=app.config["CLOCK"](), second_factor={"manager"})
        key = db.session.scalars(select(Passkey.id)).one()
    wrong: dict[str, list[str]] = {}

    def look(tab: Tab, address: str, answer: Any = None) -> None:
        answer = answer or tab.get(address)
        wrong[f"{address} {answer.status_code}"] = _soundness(answer, language)

    def held(person: Any) -> Tab:
        tab, _answer = arriving(person)
        tab.set_cookie("language", language)
        return tab

    code, first = held(cast.member), held(cast.manager)
    look(code, "/sign-in/code")
    look(code, "/sign-in/code", code.submit("/sign-in/code", code="123456"))
    look(code, "/sign-in/passkey", code.submit("/sign-in/passkey"))
    look(first, "/sign-in/second-factor")
    look(first, "/sign-in/second-factor", first.fill("/sign-in/second-factor", code="1"))
    member, admin = as_(cast.member), as_(cast.admin)
    for address in (
        "/settings/security",
        f"/settings/security/passkeys/{key}",
        "/sign-in/again",
        "/sign-in/again?next=/blockers",
    ):
        look(member, address)
    look(member, "codes", member.submit("/settings/security/recovery-codes"))
    look(member, "rename", member.fill(f"/settings/security/passkeys/{key}", name=""))
    look(
        member, "a passkey without a script", member.submit("/settings/security/passkeys", name="A")
    )
    for address in (
        "/settings/security/app",
        "/settings/security",
        "/settings/access",
        f"/admin/people/{cast.member.id}/second-factor",
        f"/admin/people/{cast.admin.id}/second-factor",
        f"/admin/people/{cast.lead.id}/second-factor",
    ):
        look(admin, address)
    with app.app_context(), writing() as session:
        session.execute(update(SignIn).values(proved_at=datetime(2026, 1, 1, tzinfo=UTC)))
    look(admin, "again", admin.submit("/admin/people/new", name="Nina", email="n@example.org"))
    assert not {where: said for where, said in wrong.items() if said}


def test_pages_ask_little(
    app: Flask, cast: SimpleNamespace, as_: As, with_app: Any, with_passkey: Any
) -> None:
    """At most twelve statements, with twenty passkeys as with one."""
    with_app(cast.member)
    for _each in range(20):
        with_passkey(cast.member)
    tab = as_(cast.member)
    tab.get("/settings/profile")
    with counted(app) as seen:
        assert tab.get("/settings/security").status_code == 200
    assert len(seen) <= 12, "\n".join(seen)
    kept = tab.post("/settings/security/passkeys/question", data={"csrf_token": tab.token()})
    assert kept.status_code == 200
