"""The first visit of an empty production database: a code from the start, the organisation, its first administrator."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import START
from tests.conftest import Tab
from tracker.db import db, writing
from tracker.organisation import founding
from tracker.organisation.founding import Founded, code, found, is_code
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.both
As = Callable[[Any], Tab]
WORDS = {
    "organisation": "Harbourline", "language": "fa", "time_zone": "Asia/Tehran", "name": "Ada First",
    "email": "Ada@Example.org", "password": "seven quiet otters swim",
}  # fmt: skip


@pytest.fixture
def empty_place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setitem(app.config, "ENVIRONMENT", "production")
    app.extensions.pop(founding._FOUND, None)
    yield app
    app.extensions.pop(founding._FOUND, None)


def found_one(told: dict[str, str]) -> None:
    found(name="Ada", now=START, email=told["email"], password_hash=told["password_hash"])


def with_code(tab: Tab, app: Flask) -> Tab:
    answer = tab.submit("/set-up", code=code(app).lower().replace("-", " "))
    assert answer.location == "/set-up/organisation"
    return tab


@pytest.mark.parametrize("address", ["/", "/sign-in", "/boards/all", "/reset", "/settings/profile", "/invitations/x"])  # fmt: skip
def test_nothing_else_answers_before(empty_place: Flask, as_: As, address: str) -> None:
    """Planted: asked only of views that need somebody."""
    answer = as_(None).get(address)
    assert (answer.status_code, answer.location) == (303, "/set-up")
    assert as_(None).get("/health/live").status_code == 200
    assert as_(None).get("/set-up").status_code == 200
    assert as_(None).submit("/sign-in", email="a@b.example", password="x").location == "/set-up"


def test_the_code_opens_it_and_the_administrator_is_in(empty_place: Flask, as_: As) -> None:
    tab = with_code(as_(None), empty_place)
    answer = tab.submit("/set-up/organisation", **WORDS)
    assert (answer.status_code, answer.location) == (303, "/settings/welcome")
    page = tab.get("/settings/welcome")
    assert page.status_code == 200
    assert "/admin/people/new" in page.text
    with empty_place.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.email, person.is_admin, person.name) == ("ada@example.org", True, "Ada First")  # fmt: skip
        row = Organisation.current()
        assert (row.name, row.language, row.time_zone) == ("Harbourline", "fa", "Asia/Tehran")
    again = as_(None).submit("/sign-in", email=WORDS["email"], password=WORDS["password"])
    assert again.status_code == 303


def test_a_wrong_code_opens_nothing(empty_place: Flask, as_: As) -> None:
    """Planted: the cookie marked before the code was looked at."""
    tab = as_(None)
    for said in ("0000-0000-0000-0000", code(empty_place)[:-1], "x"):
        assert tab.submit("/set-up", code=said).status_code == 422
    assert tab.submit("/set-up/organisation", **WORDS).location == "/set-up"
    with empty_place.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0


def test_guesses_run_out_for_one_network_and_not_for_others(empty_place: Flask, as_: As) -> None:
    """Planted: the throttle left out; counted for all together."""
    answers = [as_(None).submit("/set-up", code=f"{n:016}").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]
    tab = as_(None)
    data = {"code": code(empty_place), "csrf_token": tab.token()}
    other = tab.post("/set-up", data=data, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 303


def test_it_works_once(empty_place: Flask, as_: As) -> None:
    """Also for somebody who had typed the code before. Planted: nobody looked for inside the write."""
    late = with_code(as_(None), empty_place)
    assert with_code(as_(None), empty_place).submit("/set-up/organisation", **WORDS).status_code == 303  # fmt: skip
    other = {**WORDS, "email": "late@example.org"}
    assert late.submit("/set-up/organisation", **other).status_code == 404
    assert late.get("/set-up").status_code == 404
    assert late.submit("/set-up", code=code(empty_place)).status_code == 404


def test_of_two_that_come_together_one_founds(empty_place: Flask) -> None:
    """Planted: the organisation's row not met before looking (two administrators on PostgreSQL)."""
    ended: list[str] = []
    ready = threading.Barrier(2)

    def one(number: int) -> None:
        with empty_place.app_context():
            ready.wait(10)
            try:
                with writing():
                    told = {"email": f"{number}@example.org", "password_hash": "x"}
                    found_one(told)
                ended.append("found")
            except Founded:
                ended.append("late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ended) == ["found", "late"]
    with empty_place.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


def test_a_weak_password_is_refused_beside_its_field(empty_place: Flask, as_: As) -> None:
    tab = with_code(as_(None), empty_place)
    for weak in ("too short", "harbourline 2026", "Ada First 2026!!"):
        answer = tab.submit("/set-up/organisation", **{**WORDS, "password": weak})
        assert answer.status_code == 422
        assert 'id="password-error"' in answer.text


def test_a_demo_and_a_place_with_people_have_no_set_up(app: Flask, as_: As, cast: Any) -> None:
    assert as_(None).get("/set-up").status_code == 404
    assert as_(None).get("/set-up/organisation").status_code == 404


def test_the_code_is_the_places_own(app: Flask) -> None:
    """Derived from the secret key, so that every process knows it."""
    shown = code(app)
    assert len(shown) == 19
    assert is_code(app, shown.lower().replace("0", "o").replace("1", "l"))
    assert not is_code(app, "")
    assert shown not in app.config["SECRET_KEY"]
