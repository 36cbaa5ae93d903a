"""Databases with the same company at every revision, to be copied, migrated and looked at."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.conftest import Tab
from tests.durability import whole
from tests.durability.filled import fill_the_rest
from tests.durability.store import Store, sqlite
from tests.midway import midway
from tests.postgres import database
from tests.test_migrations import revisions
from tracker import migrating
from tracker.activity.kinds import Kind
from tracker.db import db

Dump = dict[str, list[tuple[Any, ...]]]
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Copies:
    """Databases with the same data at each revision, copied as often as one likes, and what stands in them."""

    def __init__(self, kind: str, server: Any, folder: Path, name: str) -> None:
        self.kind, self.server, self.folder, self.name = kind, server, folder, name
        self.dumps: dict[str, Dump] = {}
        self.grown: dict[str, tuple[Dump, float]] = {}
        self._count = 0

    @contextlib.contextmanager
    def copy(self, of: str) -> Iterator[Store]:
        """Give a copy of the database at the revision `of` ("base": an empty one)."""
        self._count += 1
        folder = self.folder / f"copy-{self._count}"
        folder.mkdir()
        if self.kind == "sqlite":
            source = self.folder / of / "tracker.db"
            if source.exists():
                shutil.copyfile(source, folder / "tracker.db")
            yield sqlite(folder)
            shutil.rmtree(folder)
            return
        template = f"{self.name}_{of}" if of != "base" else None
        with database(self.server, f"{self.name}_copy", template) as url:
            yield Store(url, folder)


def build(copies: Copies, open_ones: contextlib.ExitStack) -> Copies:
    """Make the company at the newest revision, take it down step by step, and keep a copy of each."""
    newest = migrating.newest()
    for revision in ["base", *revisions()]:
        (copies.folder / revision).mkdir()
    for revision in revisions()[::-1]:
        folder, above = copies.folder / revision, f"{copies.name}_{int(revision) + 1:04d}"
        if copies.kind == "sqlite":
            if revision != newest:
                shutil.copyfile(folder.with_name(above[-4:]) / "tracker.db", folder / "tracker.db")
            store = sqlite(folder)
        else:
            made = database(copies.server, f"{copies.name}_{revision}", None if revision == newest else above)  # fmt: skip
            store = Store(open_ones.enter_context(made), folder)
        if revision == newest:
            company(store)
        with store.looking():
            if revision != newest:
                migrating.downgrade(revision)
            copies.dumps[revision] = dump()
            if copies.kind == "sqlite":
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copies.dumps["base"] = {}
    return copies


def company(store: Store) -> None:
    """A company in the midst of its work, with a row in every table, in the empty database."""
    store.app.test_client_class = Tab
    with store.looking():
        migrating.upgrade()

    def tab(person: Any) -> Any:
        return store.app.test_client().sign_in(person)

    midway(store.app, tab)  # which sends forms, and a client wants no context around it
    with store.looking():
        fill_the_rest()


def dump() -> Dump:
    """Return every row of the present database but what the trail wrote down of it once it was migrated."""
    found = whole.dump()
    events = [dict(row) for row in found.get("event", [])]
    kept = [event for event in events if event["kind"] != Kind.trail_stock_taken]
    if len(kept) < len(events):  # the head as it was before: there is none before the first event
        last = max(kept, key=lambda event: event["number"], default=None)
        found["event"] = [tuple(sorted(event.items())) for event in kept]
        found["chain_head"] = (
            [(("count", last["number"]), ("id", 1), ("seal", last["seal"]))] if last else []
        )
    return found


def grown(copies: Copies, start: str) -> tuple[Dump, float]:
    """What stands in the database after an upgrade from `start` in one go, and how many seconds that took."""
    if start not in copies.grown:
        with copies.copy(start) as store, store.looking():
            began = time.monotonic()
            migrating.upgrade()
            took = time.monotonic() - began
            copies.grown[start] = dump(), took
    return copies.grown[start]


def now_in(store: Store) -> tuple[str, Dump]:
    """Return the revision and everything that stands in the database, once nobody else is at it."""
    with store.looking():
        if db.engine.dialect.name == "postgresql":
            others = text(OTHERS)
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                with db.engine.connect() as connection:
                    if not connection.scalar(others):
                        break
        else:
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        with db.engine.connect() as connection:
            at = migrating.applied(connection)
        found = dump()
        return at or "base", found


def common(one: Dump, other: Dump) -> tuple[Dump, Dump]:
    """Return both without the tables and columns that only one of them has, and without the revision."""
    found: list[Dump] = [{}, {}]
    for table in (one.keys() & other.keys()) - {migrating.VERSION_TABLE}:
        names = [{name for row in side[table] for name, _value in row} for side in (one, other)]
        for place, side in enumerate((one, other)):
            rows = [tuple(pair for pair in row if pair[0] in names[0] & names[1]) for row in side[table]]  # fmt: skip
            found[place][table] = sorted(rows, key=repr)
    return found[0], found[1]


def held(store: Store) -> bool:
    """Whether somebody is in the midst of a migration."""
    if "sqlite" in store.url:
        with plain(store) as one:
            # who opens the file first lets nobody read for a moment, and migrates only afterwards
            return not done(one, "BEGIN IMMEDIATE") and done(one, "SELECT * FROM sqlite_schema")
    engine = create_engine(store.url)
    try:
        with engine.connect() as connection:
            locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            return bool(connection.scalar(text(locks)))
    finally:
        engine.dispose()


def under_way(store: Store) -> bool:
    """Whether a migration, which stands still, has all left to do, and lets nobody else do it."""
    if "sqlite" not in store.url:
        return held(store)  # the lock goes with the transaction
    if not held(store):
        return False
    with plain(store) as one:
        tables = one.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
        return tables.fetchone() == (0,)


def plain(store: Store) -> contextlib.closing[sqlite3.Connection]:
    """Give a connection that waits for nobody; an engine of ours would begin a transaction of its own first."""
    return contextlib.closing(sqlite3.connect(store.file, timeout=0, isolation_level=None))


def done(connection: sqlite3.Connection, statement: str) -> bool:
    """Whether it could be done at once: nobody was in the way."""
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise
        return False
    return True
