"""PostgreSQL may end a connection, or choose a write as the victim of a deadlock: neither reaches the person who asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError

from tests.activity.conftest import change
from tests.conftest import Tab
from tests.initiatives.stories import sponsored
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.gate import public
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.trouble import is_deadlock
from tracker.updates.models import Update


@pytest.fixture
def work(told: Any, cast: SimpleNamespace, clock: Any, database_kind: str) -> Initiative:
    if database_kind == "sqlite":
        pytest.skip(
            "SQLite has one writer and no server: there is no deadlock, and no connection to lose"
        )
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def other(app: Flask, work: Initiative) -> Iterator[Any]:
    """Somebody else's connection, which never finds a deadlock itself: so ours is the victim."""
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        connection.execute(text("SET deadlock_timeout = '60s'"))
        connection.execute(text("SET lock_timeout = '20s'"))
        connection.commit()
        yield connection
        connection.rollback()
        connection.invalidate()


def report(tab: Tab, work: Initiative, clock: Any) -> Any:
    return tab.submit(
        f"/initiatives/{work.ref}/updates/new", colour="at_risk", reason="Late", day=clock().date().isoformat(),
        what_changed="Once", help_needed="IT",
    )  # fmt: skip


def until_somebody_waits(engine: Engine) -> None:
    """Wait until a connection to this database waits for a lock of another; for five seconds at most."""
    pause = threading.Event()
    for _ in range(500):
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        with engine.connect() as watcher:
            if watcher.execute(text(waiting)).scalar():
                return
        pause.wait(0.01)


@pytest.mark.both
def test_nobody_waits_for_a_row_while_holding_the_head(
    app: Flask, cast: SimpleNamespace, clock: Any, work: Initiative, other: Any
) -> None:
    """An event refers to a person whom another transaction holds, and that one may want the head next.

    Planted: the head locked before what events refer to (`_referred` giving nothing): it was taken.
    """
    with app.app_context():
        engine = db.engine
    other.execute(text("SELECT id FROM person WHERE id = :id FOR UPDATE"), {"id": cast.manager.id})
    begun: list[str] = []

    def write() -> None:
        with app.app_context(), writing() as session:
            executive = session.get_one(Person, cast.executive.id)
            change(executive, SimpleNamespace(id=cast.manager.id), clock())
            begun.append("recorded")
        begun.append("committed")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        until_somebody_waits(engine)
        assert begun == ["recorded"]
        other.execute(text("SELECT count FROM chain_head FOR UPDATE NOWAIT"))
    finally:
        other.rollback()
        thread.join(20)
    assert begun == ["recorded", "committed"]
    with app.app_context():
        assert verify_stored().whole


@pytest.mark.both
def test_what_only_refers_to_a_locked_row_does_not_wait_for_it(
    app: Flask, cast: SimpleNamespace, work: Initiative, other: Any
) -> None:
    """A form keeps its key with a reference to whoever sent it, and a change to the initiative one to its lead.

    Planted: `key_share` left out of `scoping._locked`, and of `lock_initiative` (55P03).
    """
    with app.app_context(), writing() as session:
        session.get_one(Person, cast.lead.id).again(cast.admin)
        lock_initiative(work.id)
        for table, id_ in (("person", cast.lead.id), ("initiative", work.id)):
            asked = text(f"SELECT id FROM {table} WHERE id = :id FOR KEY SHARE NOWAIT")
            assert other.execute(asked, {"id": id_}).scalar() == id_


def test_an_open_page_is_tried_once_more_as_well(app: Flask) -> None:
    """Planted: `once_more` left out of `public`; every error tried again."""
    tried: list[str] = []

    def view(state: str) -> str:
        tried.append(state)
        if len(tried) == 1:
            raise DBAPIError("UPDATE", None, failed_with(state))
        return "done"

    with app.app_context():
        assert public(view)(state="40P01") == "done"
        tried.clear()
        with pytest.raises(DBAPIError):
            public(view)(state="23505")
    assert tried == ["23505"]


def failed_with(state: str) -> BaseException:
    error = Exception(state)
    error.sqlstate = state  # type: ignore[attr-defined]
    return error


@pytest.mark.both
def test_the_victim_of_a_deadlock_is_tried_once_more_and_counts_once(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], clock: Any, work: Initiative, other: Any
) -> None:  # fmt: skip
    """The other holds the chain's head and then wants the initiative, which our write holds while it waits for the head.

    Planted: the retry in `gate.allow` left out (500).
    """
    with app.app_context():
        engine = db.engine
    other.execute(text("SELECT id FROM chain_head FOR UPDATE"))
    victims = []

    def note(context: Any) -> None:
        victims.append(is_deadlock(context.sqlalchemy_exception))

    def cross() -> None:
        until_somebody_waits(engine)
        other.execute(text("SELECT id FROM initiative WHERE id = :id FOR UPDATE"), {"id": work.id})
        other.rollback()

    thread = threading.Thread(target=cross)
    thread.start()
    event.listen(engine, "handle_error", note)
    try:
        answer = report(as_(cast.lead), work, clock)
    finally:
        event.remove(engine, "handle_error", note)
        thread.join(20)
    assert victims == [True], "there was no deadlock"
    assert answer.status_code == 303
    with app.app_context():
        assert list(db.session.scalars(select(Update.what_changed))) == ["Once"]
        told = text("SELECT count(*) FROM event WHERE kind = 'update.posted'")
        assert db.session.execute(told).scalar() == 1


@pytest.mark.both
def test_connections_that_the_server_ended_are_replaced_unnoticed(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], clock: Any, work: Initiative, other: Any
) -> None:  # fmt: skip
    """Planted: `pool_pre_ping` left out (503)."""
    tab = as_(cast.lead)
    assert tab.get("/").status_code == 200
    ended = other.execute(text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )).scalar()  # fmt: skip
    assert ended >= 1
    assert tab.get("/").status_code == 200
    assert report(tab, work, clock).status_code == 303
