"""Where the measured data lie: `.make/bench`, built when they are missing or the schema is another by now."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.schema import CreateIndex, CreateTable

from tests import postgres
from tests.bench import work
from tests.live import children
from tracker import create_app, migrating, sweeping
from tracker.config import settings_from_environment
from tracker.db import Model, db

ROOT = Path(".make/bench").absolute()
STANDING = date(2026, 3, 2)  # the day on which the data of the growth figures stand
SIZES = {1: "1x", 10: "10x", 100: "100x"}
# Here commits reach the disk, as in earnest.
DURABLE = ("shared_buffers=512MB", "max_wal_size=4GB", "jit=off")


def edition() -> str:
    """Return a mark of the schema and of the rows: what was built under another is of no use."""
    parts = [
        migrating.newest(),
        *(str(CreateTable(table)) for table in Model.metadata.sorted_tables),
    ]
    parts += [
        str(CreateIndex(i))
        for t in Model.metadata.sorted_tables
        for i in sorted(t.indexes, key=str)
    ]
    parts += [
        file.read_text("utf-8")
        for file in sorted(Path(__file__).parent.glob("*.py"))
        if file.stem in SHAPES
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


SHAPES = {
    "milestones",
    "company",
    "measures",
    "portfolio",
    "obstacles",
    "tasks",
    "scores",
    "work",
}  # the files that say what the rows are


def made(settings: dict[str, str]) -> Flask:
    """Return the application on the database that `settings` name."""
    return create_app(settings_from_environment(settings))


def fill(settings: dict[str, str], scale: int, day: date) -> None:
    """Build the work load in an empty database."""
    app = made(settings)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _keeps_pages)
        migrating.upgrade()
        work.build(scale, day)
        db.session.remove()
        db.engine.dispose()


def _keeps_pages(connection: Any, _record: Any) -> None:
    """Let SQLite hold two gigabytes of pages: indexes grow at random places, and each page would be read and written again."""
    connection.execute("PRAGMA cache_size=-2000000")


def settle(settings: dict[str, str]) -> None:
    """Do all that is due by itself: it would begin with the server, and be measured in place of its pages."""
    with made(settings).app_context():
        while any(sweeping.sweep().values()):
            pass
        db.session.remove()
        db.engine.dispose()


class Sqlite:
    """Databases in files."""

    name = "sqlite"

    def kept(self, scale: int, day: date) -> dict[str, str]:
        """Return the settings of a database that is kept for the next run."""
        folder = ROOT / f"sqlite-{SIZES[scale]}-{day}-{edition()}"
        settings = {"TRACKER_DATA_DIR": str(folder)}
        if not (folder / "built").exists():
            for older in ROOT.glob(f"sqlite-{SIZES[scale]}-{'' if day == STANDING else '2'}*"):
                shutil.rmtree(older)
            folder.mkdir(parents=True)
            fill(settings, scale, day)
            if day == today():
                settle(settings)
            (folder / "built").touch()
        return settings

    @contextlib.contextmanager
    def fresh(self) -> Iterator[dict[str, str]]:
        """Give a copy of today's work load at 1x, to be written to."""
        source = Path(self.kept(1, today())["TRACKER_DATA_DIR"])
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT) as folder:
            shutil.copytree(source, folder, dirs_exist_ok=True)
            yield {"TRACKER_DATA_DIR": folder}

    @contextlib.contextmanager
    def empty(self) -> Iterator[dict[str, str]]:
        """Give a database without any table."""
        ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT) as folder:
            yield {"TRACKER_DATA_DIR": folder}

    def processes(self) -> list[int]:
        """Processes beside those of the server: none."""
        return []


class Postgresql:
    """Databases of a server of our own; its files are kept too."""

    name = "postgresql"

    def __init__(self, server: URL, pid: int | None) -> None:
        self.server = server
        self.pid = pid

    def kept(self, scale: int, day: date) -> dict[str, str]:
        """Return the settings of a database that is kept for the next run."""
        name = f"bench_{SIZES[scale]}_{day:%Y%m%d}_{edition()}"
        settings = self._settings(name)
        mark = ROOT / f"{name}-built"
        if not (mark.exists() and self._there(name)):
            for old in self._names(f"bench_{SIZES[scale]}_%"):
                self._do(f'DROP DATABASE "{old}" WITH (FORCE)')
            self._do(f'CREATE DATABASE "{name}"')
            fill(settings, scale, day)
            if day == today():
                settle(settings)
            mark.touch()
        return settings

    @contextlib.contextmanager
    def fresh(self) -> Iterator[dict[str, str]]:
        """Give a copy of today's work load at 1x, to be written to."""
        self.kept(1, today())
        source, copy = f"bench_1x_{today():%Y%m%d}_{edition()}", f"fresh_{os.getpid()}"
        self._do(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')
        try:
            yield self._settings(copy)
        finally:
            self._do(f'DROP DATABASE "{copy}" WITH (FORCE)')

    @contextlib.contextmanager
    def empty(self) -> Iterator[dict[str, str]]:
        """Give a database without any table."""
        name = f"empty_{os.getpid()}"
        self._do(f'CREATE DATABASE "{name}"')
        try:
            yield self._settings(name)
        finally:
            self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def processes(self) -> list[int]:
        """The database's processes, as far as they are ours to see."""
        return [self.pid, *children(self.pid)] if self.pid else []

    def _settings(self, name: str) -> dict[str, str]:
        folder = ROOT / "postgresql-data"
        folder.mkdir(parents=True, exist_ok=True)
        url = self.server.set(database=name).render_as_string(hide_password=False)
        return {"TRACKER_DATA_DIR": str(folder), "TRACKER_DATABASE_URL": url}

    def _there(self, name: str) -> bool:
        return name in self._names(name)

    def _names(self, like: str) -> list[str]:
        with _autocommit(self.server) as connection:
            query = text("SELECT datname FROM pg_database WHERE datname LIKE :like")
            return list(connection.execute(query, {"like": like}).scalars())

    def _do(self, statement: str) -> None:
        with _autocommit(self.server) as connection:
            connection.execute(text(statement))


def today() -> date:
    """Return the day on which today's work load stands."""
    return datetime.now(UTC).date()


@contextlib.contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Give a running PostgreSQL. RuntimeError says why there is none."""
    given = os.environ.get("TEST_POSTGRES_URL")
    programs = postgres.installed_programs()
    if given:
        yield Postgresql(make_url(given).set(drivername="postgresql+psycopg"), None)
    elif programs is None:
        raise RuntimeError(postgres.MISSING)
    else:
        folder = ROOT / "postgres"
        if not (folder / "data").exists():
            folder.mkdir(parents=True)
            if os.geteuid() == 0:
                shutil.chown(folder, postgres.OWNER, postgres.OWNER)
            postgres.initialise(programs, folder)
        with postgres.running_in(programs, folder, DURABLE):
            pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            query = {"host": str(folder)}
            yield Postgresql(
                URL.create("postgresql+psycopg", username=postgres.OWNER, database=postgres.OWNER, query=query), pid
            )  # fmt: skip


@contextlib.contextmanager
def _autocommit(server: URL) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
