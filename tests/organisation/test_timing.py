"""Whether there is an account cannot be told by the time that its refusal takes."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.apart import Series, apart, in_turn, slower_share
from tests.cast import PASSWORD
from tests.conftest import Tab
from tests.promises import full
from tracker.db import db, writing
from tracker.organisation import passwords
from tracker.organisation.people import Person

As = Callable[[Any], Tab]
WORK, WALL = 0.10, 0.25  # how far medians may differ, of the greater


@pytest.mark.parametrize(
    ("factor", "found"), [(1.0, False), (0.97, False), (0.8, True), (0.1, True), (1.3, True)]
)
def test_the_judge(factor: float, found: bool) -> None:
    """Noise of a busy machine: most takes about as long, some twice or ten times. Planted: by medians alone; by ranks alone."""
    lot = random.Random(7)
    for count, width in ((30, 0.5), (30, 0.05), (200, 0.05)):
        for _trial in range(20):
            one, other = (
                [part * lot.lognormvariate(0, width) * lot.choice((1, 1, 1, 1, 1, 1, 2, 10)) for _ in range(count)]
                for part in (1.0, factor)
            )  # fmt: skip
            assert not (apart(one, other, share=WORK) and not found)
        steady = [
            [part * lot.lognormvariate(0, 0.05) for _ in range(count)] for part in (1.0, factor)
        ]
        assert apart(*steady, share=WORK) is found
    assert slower_share([2, 3], [1, 2]) == 0.875


@pytest.fixture
def at_cost(app: Flask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hash as outside of tests; return the addresses of those who are here."""
    monkeypatch.setattr(passwords, "_hasher", lambda: passwords._made(cheap=False))
    people = [one for one in vars(cast).values() if isinstance(one, Person) and one.is_active]
    with app.app_context():
        kept = passwords.hashed(PASSWORD)
        with writing():
            for person in people:
                db.session.get_one(Person, person.id).password_hash = kept
    return [person.email for person in people]


def try_it(tab: Tab, path: str, status: int, number: int, **fields: str) -> None:
    """Send a form from a network of its own, so that nothing is throttled."""
    data = {**fields, "csrf_token": tab.token()}
    at = {"REMOTE_ADDR": f"10.0.{(number + 1) // 200}.{(number + 1) % 200 + 1}"}
    answer = tab.post(path, data=data, environ_base=at)
    assert answer.status_code == status


def judged(known: Series, unknown: Series) -> dict[str, str]:
    """Fail when the two are apart; return the figures."""
    assert not apart(known.work, unknown.work, share=WORK)
    assert not apart(known.wall, unknown.wall, share=WALL)
    ratio = statistics.median(unknown.work) / statistics.median(known.work)
    slower = slower_share(known.work, unknown.work)
    return {"unknown_to_known": f"{ratio:.3f}", "known_slower_in": f"{slower:.0%}"}


def test_a_refused_sign_in_takes_as_long_for_nobody(
    app: Flask, as_: As, at_cost: list[str], promise: Any
) -> None:
    """User names by timing (Kimai), with argon2 as it is outside of tests. Planted: nobody found, refused before the hash."""
    tab, tries = as_(None), full(40, 400)
    wrong = {"password": "not this one at all"}
    series = in_turn(
        lambda n: try_it(tab, "/sign-in", 422, n, email=at_cost[n % len(at_cost)], **wrong),
        lambda n: try_it(tab, "/sign-in", 422, n, email=f"nobody{n}@example.org", **wrong),
        rounds=tries // 2,
    )
    promise("a refused sign-in takes as long for nobody", tried=tries, **judged(*series))


def test_a_wish_for_another_password_takes_as_long_for_nobody(
    app: Flask, cast: SimpleNamespace, as_: As, promise: Any
) -> None:
    """Planted: the person looked up, and the link made, in the view."""
    people = [one for one in vars(cast).values() if isinstance(one, Person)]  # fmt: skip
    tab, tries = as_(None), full(100, 400)
    series = in_turn(
        lambda n: try_it(tab, "/reset", 200, n, email=people[n % len(people)].email),
        lambda n: try_it(tab, "/reset", 200, n, email=f"nobody{n}@example.org"),
        rounds=tries // 2,
    )
    promise("a wish for another password takes as long for nobody", tried=tries, **judged(*series))
