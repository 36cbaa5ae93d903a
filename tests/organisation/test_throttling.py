"""How often a door may be tried: by one who guesses, by many, and by the owner of an account that strangers guess at."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.cast import PASSWORD
from tests.conftest import Clock
from tests.organisation.test_sign_ins import As, come_in, is_in
from tests.promises import full
from tracker.organisation import throttling
from tracker.organisation.throttling import LINK, SIGN_IN

HOME, STRANGER = "192.0.2.10", "198.51.100.{}"


def try_in(tab: Any, email: str, password: str = "not this one at all", at: str = HOME) -> Any:
    data = {"email": email, "password": password, "csrf_token": tab.token()}
    return tab.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": at})


@pytest.mark.both
def test_many_tries_for_one_account(app: Flask, clock: Clock, promise: Any) -> None:
    """From as many networks as there are tries, over a day: a hundred are let through, then one at a time, ever more slowly.

    Planted: no count for all networks together; the pause that does not grow.
    """
    tries, through = full(600, 10_000), 0
    step = timedelta(days=1) / tries
    with app.app_context():
        for number in range(tries):
            address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
            through += SIGN_IN.try_it("milo@example.org", address, clock.moment) == 0
            clock.moment += step
    assert 100 < through < 100 + 200
    promise("tries for one account, from everywhere", tried=tries, let_through=through)


def test_the_owner_comes_in_while_strangers_guess(app: Flask, clock: Clock, promise: Any) -> None:
    """At once where they came in before, all day long; anywhere else a quarter of an hour after the last stranger at most.

    Planted: known browsers counted with all networks; the pause of a network without an end.
    """
    tries, owner = full(300, 10_000), "milo@example.org"
    kept_waiting = 0
    with app.app_context():
        for number in range(tries):
            SIGN_IN.try_it(owner, f"10.0.{number // 250 % 250}.{number % 250}", clock.moment)
            if number % (tries // 24) == 0:
                kept_waiting += SIGN_IN.try_it(owner, HOME, clock.moment, known="a laptop") > 0
            clock.forward(seconds=86_400 / tries)
        assert kept_waiting == 0
        wait = SIGN_IN.try_it(owner, HOME, clock.moment)
        assert wait <= 15 * 60
        clock.forward(seconds=wait)
        assert SIGN_IN.try_it(owner, HOME, clock.moment) == 0
    promise("the owner comes in while strangers guess", tried=tries, kept_waiting=kept_waiting)


@pytest.mark.both
def test_one_try_for_many_accounts(app: Flask, clock: Clock, promise: Any) -> None:
    """From one network; nobody elsewhere waits for it. Planted: counted by account alone; counted for all networks together."""
    tries = full(200, 10_000)
    with app.app_context():
        through = sum(
            SIGN_IN.try_it(f"{number}@example.org", HOME, clock.moment) == 0
            for number in range(tries)
        )
        assert through == SIGN_IN.for_address
        assert SIGN_IN.try_it(f"{tries - 1}@example.org", STRANGER.format(3), clock.moment) == 0
        assert SIGN_IN.try_it("0@example.org", HOME, clock.moment, known="a laptop") == 0
    promise("one try for each of many accounts, from one network", tried=tries, let_through=through)


def test_a_stranger_elsewhere_locks_nobody_out(cast: SimpleNamespace, as_: As) -> None:
    """Planted: tries counted by account alone."""
    for number in range(30):
        assert try_in(as_(None), cast.member.email, at=STRANGER.format(7)).status_code == (
            422 if number < 10 else 429
        )
    assert try_in(as_(None), cast.member.email, PASSWORD).status_code == 303


def test_many_strangers_keep_a_known_browser_waiting_not_at_all(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """They use up what all networks have together. Planted: a known browser counted with the others; any cookie believed."""
    known = come_in(as_(None), cast.member)
    known.submit("/sign-out")
    other = come_in(as_(None), cast.lead)
    other.submit("/sign-out")
    with app.app_context():
        for number in range(101):
            SIGN_IN.try_it(cast.member.email, STRANGER.format(number), clock.moment)
    forged = as_(None)
    forged.set_cookie("known", "eyJhIjpbXX0.forged.forged")
    for stranger in (as_(None), forged, other):
        assert try_in(stranger, cast.member.email, PASSWORD).status_code == 429
    assert try_in(known, cast.member.email, PASSWORD).status_code == 303
    clock.forward(minutes=1)
    assert try_in(as_(None), cast.member.email, PASSWORD).status_code == 303


def test_a_known_browser_has_its_own_end(cast: SimpleNamespace, as_: As) -> None:
    """Planted: a known browser not counted."""
    known = come_in(as_(None), cast.member)
    known.submit("/sign-out")
    assert [try_in(known, cast.member.email).status_code for _ in range(11)] == [422] * 10 + [429]


@pytest.mark.parametrize("address", ["/reset/{}", "/invitations/{}"])
def test_guessing_at_links_is_throttled(
    as_: As, cast: SimpleNamespace, address: str, clock: Clock
) -> None:
    """Planted: the count left out."""
    answers = [as_(None).get(address.format(f"guess{n}")).status_code for n in range(21)]
    assert answers == [410] * 20 + [429]
    clock.forward(minutes=15)
    assert as_(None).get(address.format("guess")).status_code == 410
    assert LINK.for_address == 20


def test_the_second_path_to_a_password_is_throttled_too(cast: SimpleNamespace, as_: As) -> None:
    """OpenProject CVE-2026-22603: the present password asked on change. Planted: `try_it` left out there."""
    tab = come_in(as_(None), cast.member)
    answers = [
        tab.submit("/settings/password", current="not this one at all", password="seven quiet otters swim")
        for _ in range(11)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Retry-After" in answers[-1].headers
    assert is_in(tab)


@pytest.mark.both
def test_a_try_and_a_sign_in_that_succeeds_do_not_wait_for_each_other(
    app: Flask, clock: Clock
) -> None:
    """Planted: `forgive` that takes the account's row before the address's: a deadlock on PostgreSQL, and 500 for a right code."""
    account, address = "owner@example.org", "192.0.2.7"

    def forgive() -> None:
        with app.app_context():
            SIGN_IN.forgive(account, address, clock())

    with app.app_context(), ThreadPoolExecutor(1) as elsewhere:
        SIGN_IN.try_it(account, address, clock())
        with throttling._connection() as connection:
            SIGN_IN._wait(connection, SIGN_IN._address(address), 60, clock())
            forgiven = elsewhere.submit(forgive)
            with contextlib.suppress(TimeoutError):
                forgiven.result(0.3)  # it waits for the row of the address
            SIGN_IN._wait(connection, SIGN_IN._account(account, address), 10, clock())
        forgiven.result(5)
