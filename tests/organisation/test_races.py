"""Two at once: the database decides, and what must hold holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tests.cast import START
from tracker.db import Busy, db, writing
from tracker.errors import Missing, NotNow
from tracker.organisation.access import AccessLink, LinkGone, Purpose, issue, redeem
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person, Role
from tracker.organisation.throttling import SIGN_IN, SignInAttempt
from tracker.organisation.units import Unit, line_above

pytestmark = pytest.mark.both


def at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Run every act in a write of its own, all beginning together; return how each ended."""
    ready, ended = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait(10)
            try:
                with writing():
                    act()
                ended[place] = "done"
            except (NotNow, Missing, LinkGone, Busy, DBAPIError) as refusal:
                ended[place] = type(refusal).__name__
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ended


def test_two_administrators_do_not_end_each_other(app: Flask, cast: SimpleNamespace) -> None:
    """Canary: count the others without locking them."""
    with app.app_context(), writing():
        cast.member.again(cast.admin).change(by=cast.admin, now=START, is_admin=True)

    def end(whom: Person, by: Person) -> Callable[[], object]:
        return lambda: end_access(whom.again(by), by=db.session.get_one(Person, by.id), now=START)

    ended = at_once(app, end(cast.member, cast.admin), end(cast.admin, cast.member))
    with app.app_context():
        left = select(func.count()).where(Person.is_admin, Person.ended_at.is_(None))
        assert db.session.scalar(left) == 1
    assert ended.count("done") == 1


def test_two_moves_do_not_close_a_circle(app: Flask, cast: SimpleNamespace) -> None:
    """Canary: read the parents without locking them."""

    def move(unit: Unit, below: Unit) -> Callable[[], object]:
        return lambda: unit.again(cast.admin).change(by=cast.admin, now=START, parent_id=below.id)

    at_once(app, move(cast.it, cast.billing), move(cast.billing, cast.it))
    with app.app_context():
        parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).all())
    assert cast.company.id in line_above(parents, cast.it.id)
    assert cast.company.id in line_above(parents, cast.billing.id)


def test_two_people_of_one_address(app: Flask, cast: SimpleNamespace) -> None:
    def add(name: str) -> Callable[[], object]:
        fields = {"email": "twin@example.org", "name": name, "role": Role.member}
        return lambda: Person.add(**fields, by=cast.admin, now=START)

    ended = at_once(app, add("One"), add("Two"))
    assert sorted(ended) == ["NotNow", "done"]


def test_a_link_is_used_once(app: Flask, cast: SimpleNamespace) -> None:
    with app.app_context(), writing():
        token = issue(cast.member.again(cast.admin), Purpose.invite, by=cast.admin, now=START)
    uses = [lambda n=n: redeem(token, Purpose.invite, f"hash {n}", now=START) for n in range(4)]
    ended = at_once(app, *uses)
    assert sorted(ended) == ["LinkGone", "LinkGone", "LinkGone", "done"]
    with app.app_context():
        kept = db.session.get_one(Person, cast.member.id).password_hash
        assert kept == f"hash {ended.index('done')}"
        assert db.session.scalars(select(AccessLink)).one().used_at == START


def test_parallel_guesses_are_all_counted(app: Flask, cast: SimpleNamespace) -> None:
    """Canary: count after the password was looked at, or read and then write."""
    ready, waits = threading.Barrier(6), []

    def guess() -> None:
        with app.app_context():
            ready.wait(10)
            waits.extend(SIGN_IN.try_it("x@example.org", "192.0.2.1", START) for _ in range(4))

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(1 for wait in waits if wait == 0) == SIGN_IN.for_account
    with app.app_context():
        counted = set(db.session.scalars(select(SignInAttempt.count)))
        assert counted == {
            24,
            SIGN_IN.for_account,
        }  # the network, the account; for all networks those let through
