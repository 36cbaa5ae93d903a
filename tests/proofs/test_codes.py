"""The second step of signing in by a code: right ones, wrong ones, and none twice.

Planted faults seen red are named in each test.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock, Tab
from tests.promises import full
from tests.proofs.conftest import App, is_in
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.organisation.access import Purpose, issue
from tracker.organisation.people import Person
from tracker.proofs import recovery
from tracker.proofs.apps import AuthenticatorApp, use_code
from tracker.proofs.codes import counter_of, digits_of, new_secret
from tracker.proofs.sealing import Unreadable, seal, unseal

As = Callable[[Any], Tab]
Arriving = Callable[..., tuple[Tab, Any]]
WRONG = "000000"


def test_a_password_alone_no_longer_lets_in(
    cast: SimpleNamespace, with_app: Callable[[Any], App], arriving: Arriving
) -> None:
    """Canary: `before_entry` without `ask_more`."""
    phone = with_app(cast.member)
    tab, answer = arriving(cast.member, next="/initiatives?q=a")
    assert answer.location == "/sign-in/code"
    assert not is_in(tab)
    assert "Code from your app" in tab.get("/sign-in/code").text
    assert tab.submit("/sign-in/code", code=WRONG).status_code == 422
    assert not is_in(tab)
    answer = tab.submit("/sign-in/code", code=phone.code())
    assert (answer.status_code, answer.location) == (303, "/initiatives?q=a")
    assert is_in(tab)


def test_whoever_has_no_second_factor_comes_in_as_before(
    cast: SimpleNamespace, arriving: Arriving
) -> None:
    tab, answer = arriving(cast.member)
    assert answer.location == "/"
    assert is_in(tab)


def test_the_second_step_opens_to_nobody_without_the_first(
    cast: SimpleNamespace, with_app: Callable[[Any], App], as_: As, arriving: Arriving, clock: Clock
) -> None:
    """Canary: take the person from the form."""
    phone = with_app(cast.member)
    stranger = as_(None)
    for tab in (stranger,):
        assert tab.get("/sign-in/code").location == "/sign-in"
        assert tab.submit("/sign-in/code", code=phone.code()).location == "/sign-in"
        assert not is_in(tab)
    late, _answer = arriving(cast.member)
    clock.forward(minutes=10)
    assert late.submit("/sign-in/code", code=phone.code()).location == "/sign-in"
    assert not is_in(late)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_wrong(
    steps: int, cast: SimpleNamespace, with_app: Callable[[Any], App], arriving: Arriving
) -> None:
    phone = with_app(cast.member)
    tab, _answer = arriving(cast.member)
    assert tab.submit("/sign-in/code", code=phone.code(steps=steps)).status_code == 303


@pytest.mark.parametrize("steps", [-2, 2])
def test_and_no_more(
    steps: int, cast: SimpleNamespace, with_app: Callable[[Any], App], arriving: Arriving
) -> None:
    """Canary: a drift of two."""
    phone = with_app(cast.member)
    tab, _answer = arriving(cast.member)
    assert tab.submit("/sign-in/code", code=phone.code(steps=steps)).status_code == 422


def test_a_code_counts_once_and_no_earlier_one_after_it(
    cast: SimpleNamespace, with_app: Callable[[Any], App], arriving: Arriving, clock: Clock
) -> None:
    """Canaries: forget the counter; compare it with `!=`, so that the code of the step before counts again."""
    phone = with_app(cast.member)
    tab, _answer = arriving(cast.member)
    used = phone.code()
    assert tab.submit("/sign-in/code", code=used).status_code == 303
    again, _answer = arriving(cast.member)
    refused = again.submit("/sign-in/code", code=used)
    assert refused.status_code == 422
    assert "was used before" in refused.text
    assert again.submit("/sign-in/code", code=phone.code(steps=-1)).status_code == 422
    clock.forward(seconds=30)
    assert again.submit("/sign-in/code", code=used).status_code == 422
    assert again.submit("/sign-in/code", code=phone.code()).status_code == 303


@pytest.mark.both
def test_of_many_who_send_one_code_at_once_one_comes_in(
    app: Flask, cast: SimpleNamespace, with_app: Callable[[Any], App], clock: Clock, promise: Any
) -> None:
    """Canaries: read the app without its lock (PostgreSQL); keep the counter without asking what it was (both)."""
    phone, rounds, crowd = with_app(cast.member), full(3, 60), 6
    with ThreadPoolExecutor(crowd) as pool:
        for _round in range(rounds):
            clock.forward(seconds=30)
            code = phone.code()
            won = list(
                pool.map(lambda _n, code=code: _use(app, cast.member.id, code, clock), range(crowd))
            )
            assert won.count(True) == 1
    promise(
        "a code of an app counts once, of six who send it at once",
        tried=rounds * crowd,
        database=app.config["SQLALCHEMY_DATABASE_URI"].partition(":")[0],
        twice=0,
    )


def _use(app: Flask, person_id: int, code: str, clock: Clock) -> bool:
    with app.app_context(), writing():
        return use_code(db.session.get_one(Person, person_id), code, now=clock())


@pytest.mark.both
def test_of_many_who_send_one_recovery_code_at_once_one_comes_in(
    app: Flask, cast: SimpleNamespace, with_codes: Callable[[Any], list[str]], clock: Clock
) -> None:
    """Canary: select the code without a lock and whether it was used (PostgreSQL lets several in)."""
    crowd = 6

    def use(code: str) -> bool:
        with app.app_context(), writing():
            person = db.session.get_one(Person, cast.member.id)
            return recovery.use_recovery_code(person, code, now=clock())

    with ThreadPoolExecutor(crowd) as pool:
        for code in with_codes(cast.member)[: full(2, 10)]:
            assert list(pool.map(use, [code] * crowd)).count(True) == 1


def test_each_recovery_code_works_once_however_it_is_typed(
    app: Flask, cast: SimpleNamespace, with_app: Any, with_codes: Any, arriving: Arriving
) -> None:
    """Canaries: forget that it was used; compare capitals."""
    with_app(cast.member)
    codes = with_codes(cast.member)
    assert len(set(codes)) == 10
    tab, _answer = arriving(cast.member)
    typed = codes[0].replace("-", " ").upper()
    assert tab.submit("/sign-in/code", code=typed).status_code == 303
    assert "9 are left" in tab.get("/settings/profile").text
    again, _answer = arriving(cast.member)
    assert again.submit("/sign-in/code", code=codes[0]).status_code == 422
    assert again.submit("/sign-in/code", code=codes[1]).status_code == 303
    with app.app_context():
        of_kind = select(Event).where(Event.kind == Kind.person_recovery_code_used.value)
        told = [(e.after or {})["left"] for e in db.session.scalars(of_kind.order_by(Event.id))]
    assert told == [9, 8]


def test_another_persons_codes_open_nothing(
    cast: SimpleNamespace, with_app: Any, with_codes: Any, arriving: Arriving
) -> None:
    """Canary: look a recovery code up without its person."""
    phone, _own = with_app(cast.manager), with_app(cast.member)
    codes = with_codes(cast.manager)
    tab, _answer = arriving(cast.member)
    assert tab.submit("/sign-in/code", code=codes[0]).status_code == 422
    assert tab.submit("/sign-in/code", code=phone.code()).status_code == 422


def test_tries_of_codes_run_out_whatever_kind_they_are(
    cast: SimpleNamespace, with_app: Any, with_codes: Any, arriving: Arriving, clock: Clock
) -> None:
    """Five, even if the sixth is right. Canary: count after the code was looked at; a count for each kind of code."""
    phone, codes = with_app(cast.member), with_codes(cast.member)
    tab, _answer = arriving(cast.member)
    for typed in (WRONG, "111111", "aaaaa-bbbbb-ccccc", "222222", "nonsense"):
        assert tab.submit("/sign-in/code", code=typed).status_code == 422
    fresh, _answer = arriving(cast.member)
    for right in (phone.code(), codes[0]):
        stopped = fresh.submit("/sign-in/code", code=right)
        assert stopped.status_code == 429
        assert 0 < int(stopped.headers["Retry-After"]) <= 15 * 60
    clock.forward(minutes=15)
    later, _answer = arriving(cast.member)
    assert later.submit("/sign-in/code", code=phone.code()).status_code == 303


def test_a_link_for_a_new_password_is_no_way_round_the_second_factor(
    app: Flask, cast: SimpleNamespace, with_app: Any, as_: As
) -> None:
    """Canary: let in whoever redeems a link, without `enter`."""

    phone = with_app(cast.member)
    with app.app_context(), writing():
        person = db.session.get_one(Person, cast.member.id)
        token = issue(person, Purpose.reset, by=None, now=app.config["CLOCK"]())
    tab = as_(None)
    answer = tab.submit(f"/reset/{token}", password="quite another long sentence")
    assert answer.location == "/sign-in/code"
    assert not is_in(tab)
    assert tab.submit("/sign-in/code", code=phone.code()).status_code == 303
    assert is_in(tab)


def test_the_secret_lies_sealed_and_opens_for_its_person_alone(
    app: Flask, cast: SimpleNamespace, with_app: Any, arriving: Arriving
) -> None:
    """Canaries: keep the secret as it is; seal it about nobody."""
    phone, other = with_app(cast.member), with_app(cast.manager)
    with app.app_context():
        rows = {row.person_id: row.sealed for row in db.session.scalars(select(AuthenticatorApp))}
        for shown in (phone.secret, other.secret):
            assert all(shown not in sealed for sealed in rows.values())
        assert unseal(rows[cast.member.id], about=f"app {cast.member.id}") == phone.secret
        with pytest.raises(Unreadable):
            unseal(rows[cast.member.id], about=f"app {cast.manager.id}")
        with writing():  # moved to somebody else's row by hand
            mine = AuthenticatorApp.of(db.session.get_one(Person, cast.manager.id))
            assert mine is not None
            mine.sealed = rows[cast.member.id]
    tab, _answer = arriving(cast.manager)
    assert tab.submit("/sign-in/code", code=phone.code()).status_code == 422


def test_recovery_codes_are_nowhere_kept(
    app: Flask, cast: SimpleNamespace, with_codes: Any
) -> None:
    """Not in the table, and not on the trail. Canary: keep the code instead of its hash."""
    codes = with_codes(cast.member)
    with app.app_context():
        kept = " ".join(row.code_hash for row in db.session.scalars(select(recovery.RecoveryCode)))
        told = " ".join(f"{e.after} {e.private}" for e in db.session.scalars(select(Event)))
    for code in codes:
        assert code not in kept + told
        assert code.replace("-", "") not in kept + told


def test_another_key_of_the_application_opens_nothing(app: Flask) -> None:
    """Canary: draw the key from a constant."""
    with app.app_context():
        sealed = seal("JBSWY3DPEHPK3PXP", about="app 1")
        before = app.config["SECRET_KEY"]
        app.config["SECRET_KEY"] = "another key, as long as the first one"
        try:
            with pytest.raises(Unreadable):
                unseal(sealed, about="app 1")
        finally:
            app.config["SECRET_KEY"] = before
        for torn in ("", "1.", "1.****", sealed[:-4], "2." + sealed[2:]):
            with pytest.raises(Unreadable):
                unseal(torn, about="app 1")


def test_digits_may_be_of_any_script(clock: Clock) -> None:
    phone = App(new_secret(), clock)
    persian = phone.code().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert counter_of(phone.secret, f" {persian[:3]} {persian[3:]} ", clock()) is not None
    assert digits_of("a123456") == ""
    assert counter_of(phone.secret, "", clock()) is None
