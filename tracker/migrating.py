"""Bringing the database to the present schema, one process at a time, all or nothing.

Flask-Migrate finds the revisions and writes new ones (``make migration m="what"``); no ini file is
needed. Every upgrade is one transaction, on SQLite too: a kill in the middle leaves the database
as it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, cast

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tracker import paths
from tracker.config import Misconfigured
from tracker.db import Busy, db
from tracker.trouble import is_locked

VERSION_TABLE = "alembic_version"
PATIENCE = 60  # seconds that a second process waits while the first one upgrades
_ADVISORY_LOCK = 7_306_083_571  # any number, as long as nothing else in the database uses it

migrate = Migrate(directory=str(paths.MIGRATIONS))


class BrokenReferences(Exception):
    """A migration left rows that point nowhere; it was rolled back."""


@migrate.configure
def _in_place_of_an_ini_file(config: Any) -> Any:
    config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


def _config() -> Config:
    return cast("Config", migrate.get_config())


def init_app(app: Flask) -> None:
    """Tell Flask-Migrate which database it works on; adds ``flask db``."""
    migrate.init_app(app, db)


def newest() -> str:
    """The revision that this program expects, such as ``0007``: the content of migrations/HEAD."""
    return (paths.MIGRATIONS / "HEAD").read_text(encoding="ascii").strip()


def applied(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def upgrade(revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the application's database; returns the revision before and after.

    Safe to call at every start and from several processes at once. Needs an application context.
    Raises ``Misconfigured`` for a schema that is newer than this program, and ``Busy`` when another
    process has been at it for ``PATIENCE`` seconds.
    """
    before = _at()
    if before is None or revision != "head" or before != newest():
        try:
            command.upgrade(_config(), revision)
        except CommandError:
            _at()  # a newer program may have come first, while this one waited
            raise
    with db.engine.connect() as connection:
        return before, applied(connection)


def _at() -> str | None:
    """The revision that the database is at; raises ``Misconfigured`` when this program does not know it."""
    with db.engine.connect() as connection:
        at = applied(connection)
    if at in (None, newest()) or at in known():
        return at
    raise Misconfigured(
        f"The database is at revision {at}, and this version knows revisions up to {newest()}: a "
        "newer version of the program has used it. Start that version, or restore a backup from "
        "before the upgrade. Nothing was changed."
    )


def downgrade(revision: str) -> None:
    """Take the application's database back to ``revision``; ``base`` empties it."""
    command.downgrade(_config(), revision)


def known() -> list[str]:
    """Every revision that this program can make, newest first."""
    script = ScriptDirectory.from_config(_config())
    return [found.revision for found in script.walk_revisions()]


_shared: ContextVar[Connection | None] = ContextVar("shared", default=None)


@contextlib.contextmanager
def within(connection: Connection) -> Iterator[None]:
    """Let `go_to` work in the transaction of `connection`, which `alone` gave, so that all is kept or nothing."""
    token = _shared.set(connection)
    try:
        yield
    finally:
        _shared.reset(token)


def go_to(revision: str) -> None:
    """Upgrade to `revision` or to ``head``, in the transaction that `within` names."""
    command.upgrade(_config(), revision)


@contextlib.contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other migration shares; commits at the end.

    On SQLite foreign keys are off while tables are copied, and checked before the commit. Raises
    ``BrokenReferences`` when the check fails, and ``Busy`` when others do not let go for
    ``PATIENCE`` seconds.
    """
    if (shared := _shared.get()) is not None:
        yield shared
        return
    wait = _sqlite_without_foreign_keys if engine.dialect.name == "sqlite" else _postgresql_locked
    try:
        with engine.connect() as connection, wait(connection) as ready:
            yield ready
    except DBAPIError as error:
        if is_locked(error):
            raise Busy from error
        raise


@contextlib.contextmanager
def _postgresql_locked(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        yield connection


@contextlib.contextmanager
def _sqlite_without_foreign_keys(connection: Connection) -> Iterator[Connection]:
    # The switch is ignored inside a transaction, so it is set on the driver's connection, which
    # is thrown away afterwards instead of going back to the pool.
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("The pool gave no connection.")
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    writing = connection.execution_options(writes=True)
    try:
        with writing.begin():
            yield writing
            broken = writing.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise BrokenReferences(
                    f"Row {broken[1]} of {broken[0]} points to a row of {broken[2]} that is gone."
                )
    finally:
        connection.invalidate()
