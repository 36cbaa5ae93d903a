"""Two things at once about one account: what was taken stays taken, and whoever comes second is told in words."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.cast import PASSWORD
from tests.conftest import Clock, Tab
from tests.proofs.conftest import is_in
from tracker.db import db, writing
from tracker.organisation import sign_ins
from tracker.organisation.people import Person
from tracker.organisation.settings import ADMINISTRATORS, Organisation
from tracker.organisation.sign_ins import SignIn
from tracker.proofs import factors, recovery, views_again
from tracker.proofs.passkeys import Passkey

pytestmark = pytest.mark.both
As = Callable[[Any], Tab]


def at_once(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """Let two who come to this function at the same time go on together; whoever is alone waits for half a second."""
    meet, real = threading.Barrier(2), getattr(where, name)

    def together(*given: Any, **more: Any) -> Any:
        with contextlib.suppress(
            threading.BrokenBarrierError
        ):  # the other waits for its turn to write
            meet.wait(0.5)
        return real(*given, **more)

    monkeypatch.setattr(where, name, together)


def sent(*acts: Callable[[], Any]) -> list[int]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(lambda act: act().status_code, acts))


def test_the_last_two_factors_cannot_be_removed_at_once(
    app: Flask, cast: SimpleNamespace, as_: As, with_app: Any, with_passkey: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Planted: `in_turn` left out of the removals; seen red on PostgreSQL, where each counted what the other took."""
    with_app(cast.admin)
    with_passkey(cast.admin)
    with app.app_context(), writing():
        key = db.session.scalar(select(Passkey.id))
        admin = db.session.get_one(Person, cast.admin.id)
        factors.require(
            Organisation.current(), [ADMINISTRATORS], by=admin, now=app.config["CLOCK"]()
        )
    one, other = as_(cast.admin), as_(cast.admin)
    at_once(monkeypatch, factors, "_after_removal")
    assert sent(
        lambda: one.submit("/settings/security/app/removal"),
        lambda: other.submit(f"/settings/security/passkeys/{key}/removal"),
    ) == [303, 409]
    with app.app_context():
        assert factors.factors_of(cast.admin).any


def test_of_two_sets_of_recovery_codes_made_at_once_one_works(
    app: Flask, cast: SimpleNamespace, as_: As, with_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `in_turn` left out of `make_new`; seen red on PostgreSQL, where twenty codes worked."""
    with_app(cast.member)
    one, other = as_(cast.member), as_(cast.member)
    at_once(monkeypatch, recovery, "forget")
    address = "/settings/security/recovery-codes"
    assert sent(lambda: one.submit(address), lambda: other.submit(address)) == [200, 200]
    with app.app_context():
        assert recovery.left(cast.member) == recovery.HOW_MANY


def _row(person: Person, _now: Any) -> None:
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def _all(person: Person, now: Any) -> None:
    sign_ins.end_all(person, by=person, now=now)


@pytest.mark.parametrize("ended", [_row, _all])
def test_a_sign_in_that_ends_while_a_proof_is_looked_at_stays_ended(
    ended: Any, app: Flask, cast: SimpleNamespace, clock: Clock, arriving: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It is said in words. Planted: neither `look_again` nor `renewed` in `_rise`: a fault of ours (500)."""
    tab, _answer = arriving(cast.member)
    clock.forward(minutes=20)
    looked_at = views_again.by_secret

    def end() -> None:
        with app.app_context(), writing():
            ended(db.session.get_one(Person, cast.member.id), clock())

    def and_meanwhile(*given: Any, **more: Any) -> Any:
        found = looked_at(*given, **more)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(end).result()
        return found

    monkeypatch.setattr(views_again, "by_secret", and_meanwhile)
    answer = tab.submit("/settings/security/recovery-codes", proof_secret=PASSWORD)
    assert answer.status_code == 400
    assert "Your access ended" in answer.text
    assert not is_in(tab)
