"""A password of eight characters does where it never lets anybody in alone (NIST SP 800-63B-4 section 3.1.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock, Tab
from tests.proofs.conftest import App, is_in
from tests.proofs.device import Device
from tests.proofs.test_required import FIRST, asking  # noqa: F401 - a fixture
from tracker.db import db, writing
from tracker.organisation.access import Purpose, issue
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.proofs.factors import reset

pytestmark = pytest.mark.both
As = Callable[[Any], Tab]
SHORT = "k3ttle-9"
EIGHT, FIFTEEN = "At least 8 characters", "At least 15 characters"


@pytest.fixture
def link(app: Flask, clock: Clock, cast: SimpleNamespace) -> Callable[[Any], str]:
    def make(person: Any) -> str:
        with app.app_context(), writing():
            one = db.session.get_one(Person, person.id)
            return f"/reset/{issue(one, Purpose.reset, by=cast.admin, now=clock())}"

    return make


def test_eight_characters_do_for_whoever_has_a_second_factor(
    cast: SimpleNamespace, as_: As, link: Any, with_app: Callable[[Any], App],
    with_passkey: Callable[..., Device],
) -> None:  # fmt: skip
    """Planted: eight for everybody; fifteen for everybody; the passkeys not asked about."""
    phone = with_app(cast.member)
    with_passkey(cast.lead)
    for person, hint, status in ((cast.member, EIGHT, 303), (cast.lead, EIGHT, 303), (cast.contact, FIFTEEN, 422)):  # fmt: skip
        address, tab = link(person), as_(None)
        assert hint in tab.get(address).text
        assert tab.submit(address, password=SHORT).status_code == status
    tab = as_(None)
    tab.submit("/sign-in", email=cast.member.email, password=SHORT)
    assert not is_in(tab)
    tab.submit("/sign-in/code", code=phone.code(steps=1))
    assert is_in(tab)
    assert EIGHT in tab.get("/settings/profile").text
    assert FIFTEEN in as_(cast.contact).get("/settings/profile").text


def test_eight_characters_do_where_a_second_factor_has_to_be(
    cast: SimpleNamespace, as_: As, link: Any, asking: Any  # noqa: F811
) -> None:  # fmt: skip
    """And nobody comes in before it stands. Planted: let in by the link."""
    asking("member")
    address, tab = link(cast.member), as_(None)
    assert EIGHT in tab.get(address).text
    assert tab.submit(address, password=SHORT).location == FIRST
    assert "Your role needs one" in tab.get(FIRST).text
    assert not is_in(tab)


def test_a_short_password_alone_lets_nobody_in(
    app: Flask, cast: SimpleNamespace, as_: As, link: Any, clock: Clock,
    with_app: Callable[[Any], App], asking: Any,  # noqa: F811
) -> None:  # fmt: skip
    """Neither when the second factor is gone, nor when none has to be any longer. Planted: `short` not passed on, not asked."""
    with_app(cast.lead)
    asking("member")
    for person in (cast.lead, cast.member):
        assert as_(None).submit(link(person), password=SHORT).status_code == 303
    with app.app_context(), writing():
        admin = db.session.get_one(Person, cast.admin.id)
        reset(db.session.get_one(Person, cast.lead.id), "Lost", by=admin, now=clock())
        Organisation.current().change(by=None, now=clock(), second_factor=())
    for person in (cast.lead, cast.member):
        tab = as_(None)
        answer = tab.submit("/sign-in", email=person.email, password=SHORT, next="/boards")
        assert answer.location == FIRST
        assert "too short to be enough by itself" in tab.get(FIRST).text
        assert not is_in(tab)
        address = link(person)
        assert FIFTEEN in tab.get(address).text
        assert tab.submit(address, password="seven quiet otters swim").location == "/"
        assert is_in(tab)
