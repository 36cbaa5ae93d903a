"""Faults that comparable products had at their doors, each told here as a story; the others stand where their subject is.

Others' sessions by number (OpenProject CVE-2026-23646): test_sessions_page. A second path to a password without throttle
(CVE-2026-22603): test_throttling. The Host header in mails (CVE-2025-27913), a proxy header trusted (CVE-2026-21881):
tests/test_whence. Redirects (CVE-2026-21879): test_redirects. Access that was revoked (CVE-2024-55603): test_two_processes.
Names by timing (Kimai): test_timing. The last administrator removed (CVE-2026-47409): test_handing_over. Mass assignment on
one's own page (CVE-2026-28781): test_settings_pages.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.cast import PASSWORD
from tests.conftest import Clock, Tab
from tests.organisation.test_links import NEW, choose, link  # noqa: F401 - a fixture
from tests.organisation.test_sign_ins import As, come_in, copy_of, is_in
from tests.organisation.test_throttling import try_in
from tracker.db import db
from tracker.organisation.access import Purpose
from tracker.organisation.people import Person, Role

AT = "198.51.100.{}"


def whose(tab: Tab) -> str:
    """Return the address of whoever is signed in."""
    return re.search(
        r'id="email"[^>]*value="([^"]*)"|([\w.]+@example\.org)', tab.get("/settings/profile").text
    )[0]  # type: ignore[index]


def test_a_link_that_was_used_opens_nothing_again(
    cast: SimpleNamespace, as_: As, clock: Clock, link: Any  # noqa: F811
) -> None:  # fmt: skip
    """Vikunja CVE-2026-28268: a token for another password worked again. Not for its owner, not for another, not later.

    Planted: `used_at` not set; the links that were open beside it left open.
    """
    older, address = link(cast.member, Purpose.invite), link(cast.member, Purpose.reset)
    first = as_(None)
    assert choose(first, address).status_code == 303
    for tab in (first, as_(None), as_(cast.lead)):
        for used in (address, older):
            assert tab.get(used).status_code == 410
            assert choose(tab, used, "another eight brown owls").status_code == 410
    clock.forward(minutes=59)
    assert choose(as_(None), address, "another eight brown owls").status_code == 410
    assert as_(None).submit("/sign-in", email=cast.member.email, password=NEW).status_code == 303


def test_a_link_that_another_person_opens_is_its_owners(
    cast: SimpleNamespace, as_: As, link: Any  # noqa: F811
) -> None:  # fmt: skip
    """Whoever was signed in here is not any longer, and keeps nothing. Planted: the session before left; the person in it changed."""
    tab = come_in(as_(None), cast.contact)
    copy = copy_of(tab)
    address = link(cast.member, Purpose.reset)
    page = tab.get(address)
    assert cast.member.email in page.text
    assert cast.contact.email not in page.text
    assert choose(tab, address).status_code == 303
    assert whose(tab).endswith(cast.member.email)
    assert not is_in(copy)
    assert try_in(as_(None), cast.contact.email, NEW).status_code == 422
    assert try_in(as_(None), cast.contact.email, PASSWORD).status_code == 303


@pytest.mark.parametrize("purpose", Purpose)
def test_a_form_at_the_door_sets_nothing_that_it_does_not_ask_for(
    app: Flask, cast: SimpleNamespace, as_: As, link: Any, purpose: Purpose  # noqa: F811
) -> None:  # fmt: skip
    """Mass assignment (Craft CVE-2026-28781). Planted: `form.values` handed on with what else came."""
    more = {
        "is_admin": "y", "role": "manager", "person_id": cast.admin.id, "email": "evil@example.org", "epoch": 99,
        "id": cast.admin.id,
    }  # fmt: skip
    address = link(cast.contact, purpose)
    tab = as_(None)
    assert tab.submit(address, password=NEW, **more).status_code == 303
    tab.submit("/sign-out")
    assert tab.submit("/sign-in", password=NEW, **{**more, "email": cast.contact.email}).status_code == 303  # fmt: skip
    with app.app_context():
        found = db.session.get_one(Person, cast.contact.id)
        assert (found.role, found.is_admin, found.email) == (
            Role.partner,
            False,
            cast.contact.email,
        )
        assert db.session.get_one(Person, cast.admin.id).password_hash == cast.admin.password_hash


def test_nothing_in_an_answer_tells_whether_there_is_an_account(
    cast: SimpleNamespace, as_: As
) -> None:
    """Not the status, the names of its headers, the cookies, nor the page. Planted: a cookie for those who are here; other words."""

    def seen(path: str, email: str, network: int) -> tuple[Any, ...]:
        tab = as_(None)
        data = {"email": email, "password": "not this one at all", "csrf_token": tab.token()}
        answer = tab.post(path, data=data, environ_base={"REMOTE_ADDR": AT.format(network)})
        page = answer.text.replace(email, "somebody")
        page = re.sub(r'name="(csrf_token|once)" value="[^"]*"|"X-CSRFToken": "[^"]*"', "", page)
        names = sorted(name for name, _value in answer.headers if name != "Content-Length")
        cookies = sorted(value.partition("=")[0] for value in answer.headers.getlist("Set-Cookie"))
        with tab.session_transaction() as session:  # signed, but for everybody to read
            held = {name: value for name, value in session.items() if name != "csrf_token"}
        return answer.status_code, names, cookies, held, page

    for path in ("/sign-in", "/reset"):
        answers = [
            seen(path, email, number)
            for number, email in enumerate(
                (cast.member.email, cast.ended.email, "nobody@example.org")
            )
        ]
        assert answers[0] == answers[1] == answers[2], path


def test_how_often_one_may_try_tells_nothing_either(cast: SimpleNamespace, as_: As) -> None:
    """Planted: tries counted for those alone who are here."""

    def tries(path: str, email: str, network: int) -> list[int]:
        tab = as_(None)
        data = {"email": email, "password": "not this one at all", "csrf_token": tab.token()}
        at = {"REMOTE_ADDR": AT.format(network)}
        return [tab.post(path, data=data, environ_base=at).status_code for _ in range(12)]

    for path in ("/sign-in", "/reset"):
        known, ended, nobody = (
            tries(path, email, number)
            for number, email in enumerate(
                (cast.member.email, cast.ended.email, "nobody@example.org")
            )
        )
        assert known == ended == nobody
        assert known[-1] == 429


def test_one_network_at_many_accounts_locks_no_office_out_for_long(
    cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Who shares a network with somebody who guesses waits a quarter of an hour; in a known browser not at all.

    Planted: known browsers counted with their network; a window that every try begins anew.
    """
    known = come_in(as_(None), cast.member)
    known.submit("/sign-out")
    network = "192.0.2.77"
    for number in range(70):
        try_in(as_(None), f"guess{number}@example.org", at=network)
        clock.forward(seconds=10)
    assert try_in(as_(None), cast.lead.email, PASSWORD, at=network).status_code == 429
    assert try_in(known, cast.member.email, PASSWORD, at=network).status_code == 303
    clock.forward(minutes=4)
    assert try_in(as_(None), cast.lead.email, PASSWORD, at=network).status_code == 303
