"""A database that does not let one write: plain words in time, reads go on, what was typed stays, and it heals alone."""

from __future__ import annotations

import contextlib
import html
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.conftest import Tab
from tests.initiatives.stories import sponsored
from tracker.db import WRITE_DEADLINE, db
from tracker.initiatives.models import Initiative
from tracker.trouble import is_trouble
from tracker.updates.models import Update

pytestmark = pytest.mark.impatient
TYPED = "The meter data\r\nis <late> & nobody says why"


@pytest.fixture
def work(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    return told(lambda: sponsored(cast, clock()))


@contextlib.contextmanager
def held(app: Flask, initiative: Initiative) -> Iterator[None]:
    """Let somebody else hold what is to be written: SQLite's one lock, or the row on PostgreSQL."""
    with app.app_context():
        engine = db.engine
    raw = engine.raw_connection()
    cursor = raw.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    else:
        cursor.execute("SELECT id FROM initiative WHERE id = %s FOR UPDATE", (initiative.id,))
    try:
        yield
    finally:
        raw.rollback()
        raw.close()


def body(clock: Any) -> dict[str, str]:
    return {
        "colour": "at_risk", "reason": "The data is late", "help_needed": "IT platforms send it",
        "what_changed": TYPED, "what_next": "", "day": clock().date().isoformat(),
    }  # fmt: skip


def reports(app: Flask) -> list[str | None]:
    with app.app_context():
        return list(db.session.scalars(select(Update.what_changed)))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page that keeps what was typed."""
    form = page.split('class="form kept"', 1)[1].split("</form>", 1)[0]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.both
def test_a_write_that_does_not_get_its_turn_is_answered_in_time_and_goes_through_later(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], clock: Any, work: Initiative
) -> None:
    """Planted, each seen red: `is_locked` without 55P03 and without "locked" (500); no `SET LOCAL lock_timeout`
    (waits for ever); a visit noted with everybody's patience (two waits in a row); `typed` left out of `answer`."""
    tab, address = as_(cast.lead), f"/initiatives/{work.ref}/updates/new"
    said = body(clock)
    with held(app, work):
        began = time.monotonic()
        came = {"Referer": f"http://localhost{address}?back=/boards"}
        refused = tab.submit(address, once="the-first-key", headers=came, **said)
        waited = time.monotonic() - began
        read = tab.get(f"/initiatives/{work.ref}")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert WRITE_DEADLINE <= 1.5
    assert waited < 2 * WRITE_DEADLINE, "it waited twice"
    assert "this did not get its turn" in refused.text
    assert "The meter data\nis &lt;late&gt; &amp; nobody says why" in refused.text.replace("\r", "")
    assert ">\nThe data is late</textarea>" in refused.text
    assert "What changed</label>" in refused.text
    assert f'href="{address}?back=/boards"' in refused.text
    assert read.status_code == 200
    assert reports(app) == []

    kept = hidden(refused.text)
    assert (kept["once"], kept["colour"]) == ("the-first-key", "at_risk")
    assert tab.submit(address, once=kept["once"], **said).status_code == 303
    assert tab.submit(address, once=kept["once"], **said).status_code == 303
    assert reports(app) == [TYPED.replace("\r\n", "\n")]


def test_who_reads_does_not_wait_for_who_writes(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], work: Initiative
) -> None:
    """Planted: PATIENCE of seen.py not handed to the connection."""
    tab = as_(cast.lead)
    with held(app, work):
        began = time.monotonic()
        assert tab.get("/").status_code == 200
        assert time.monotonic() - began < WRITE_DEADLINE


def test_the_page_of_trouble_reads_as_the_pages_before(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], clock: Any, work: Initiative
) -> None:
    """Persian was chosen in the profile, and the browser asks for English. Planted: `g.viewer` not set."""
    with app.app_context():
        db.session.execute(text("UPDATE person SET language = 'fa'"))
        db.session.commit()
    tab = as_(cast.lead)
    with held(app, work):
        refused = tab.submit(
            f"/initiatives/{work.ref}/updates/new",
            headers={"Accept-Language": "en"},
            **body(clock),
        )
    assert refused.status_code == 503
    assert '<html lang="fa" dir="rtl"' in refused.text


@pytest.mark.parametrize(
    "sign",
    [
        "database is locked", "database or disk is full", "disk I/O error", "unable to open database file",
        "attempt to write a readonly database",
    ],
)  # fmt: skip
def test_trouble_of_the_database_is_told_from_ours_by_its_words(sign: str) -> None:
    """Planted: "database is full", which SQLite never says."""
    assert is_trouble(DBAPIError("", None, Exception(sign)))


def test_who_was_never_reached_gave_no_state() -> None:
    """Planted: the question for `sqlstate` taken out of `is_trouble`."""
    away = psycopg.OperationalError("connection is bad: nobody there")
    assert is_trouble(OperationalError("", None, away))
    assert not is_trouble(OperationalError("", None, psycopg.errors.InvalidSchemaName("3F000")))


def test_what_sqlite_says_itself_is_understood(tmp_path: Path) -> None:
    """A full database and one that cannot be opened are trouble; a broken rule and a wrong statement are ours (500).

    Planted: `return True` in `is_trouble`; "disk is full" and "unable to open" left out of SIGNS.
    """
    engine = create_engine(f"sqlite:///{tmp_path / 'small.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a TEXT UNIQUE)")
        connection.exec_driver_sql("INSERT INTO t VALUES ('x')")
    small = {"a": "y" * 200_000}

    @event.listens_for(engine, "connect")
    def _small(driver: Any, _record: Any) -> None:
        driver.execute("PRAGMA max_page_count=10")

    engine.dispose()
    said = {
        "full": _said(engine, "INSERT INTO t VALUES (:a)", small),
        "unique": _said(engine, "INSERT INTO t VALUES ('x')"),
        "wrong": _said(engine, "SELECT nothing FROM t"),
        "nowhere": _said(create_engine(f"sqlite:///{tmp_path / 'no' / 'folder.db'}"), "SELECT 1"),
    }
    engine.dispose()
    assert said == {"full": True, "unique": False, "wrong": False, "nowhere": True}


def _said(engine: Any, statement: str, values: dict[str, str] | None = None) -> bool:
    with pytest.raises(DBAPIError) as raised, engine.begin() as connection:
        connection.execute(text(statement), values or {})
    return is_trouble(raised.value)
