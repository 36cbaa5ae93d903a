"""The database: whether it keeps what it says it kept, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from tracker import migrating, sqlite
from tracker.checking.findings import Finding, good, look, wrong
from tracker.config import Misconfigured

OLDEST_SERVER = 14  # the oldest PostgreSQL that its authors still mend (2026)
LARGE_WAL = 256 * 1024**2
SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


def of_database(connection: Connection) -> Iterator[Finding]:
    """Look at the database through a connection as the application opens it."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite(connection)
    else:
        yield from _postgresql(connection)
    yield _schema(connection)


def of_library() -> Finding:
    """Look at the version of SQLite."""
    try:
        sqlite.check_version()
    except Misconfigured as error:
        return wrong("sqlite", str(error))
    return good("sqlite", f"{sqlite.dbapi().sqlite_version} is safe with several connections")


def _sqlite(connection: Connection) -> Iterator[Finding]:
    def pragma(name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    mode, synchronous = str(pragma("journal_mode")).lower(), int(str(pragma("synchronous")))
    if mode == "wal":
        yield good("journal", "WAL")
    else:
        yield wrong(
            "journal",
            f"The journal mode is {mode} and cannot be WAL here: readers and writers stop each other.",
            "Move the data folder to a local disk that may be written to.",
        )
    if synchronous >= 2:
        yield good("synchronous", SYNCHRONOUS[synchronous])
    else:
        yield wrong("synchronous", f"is {SYNCHRONOUS[synchronous]}: a power cut loses what was acknowledged.")  # fmt: skip
    if pragma("foreign_keys"):
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
        if broken:
            rows = ", ".join(f"row {row[1]} of {row[0]} (to {row[2]})" for row in broken)
            yield wrong("foreign keys", f"Rows point to rows that are gone: {rows}.", "Restore a backup.")  # fmt: skip
        else:
            yield good("foreign keys", "on, and every one leads somewhere")
    else:
        yield wrong("foreign keys", "are off.")
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(3)")]
    if found == ["ok"]:
        yield good("integrity", "quick_check finds the file whole")
    else:
        yield wrong(
            "integrity",
            f"The file is damaged: {'; '.join(found)}.",
            "Stop the server, keep the file, restore a backup.",
        )


def _postgresql(connection: Connection) -> Iterator[Finding]:
    def show(name: str) -> str:
        return str(connection.execute(text(f"SHOW {name}")).scalar())

    number = int(show("server_version_num")) // 10_000
    if number >= OLDEST_SERVER:
        yield good("postgresql", show("server_version"))
    else:
        yield look("postgresql", f"{show('server_version')} is mended no longer.", "Upgrade the server.")  # fmt: skip
    yield from of_server({name: show(name) for name in SERVER})
    encrypted = connection.execute(text(_SSL)).one_or_none()
    if encrypted and encrypted[0] and not encrypted[1]:
        yield look("connection", "The way to the database is not encrypted.", "Add ?sslmode=require to TRACKER_DATABASE_URL.")  # fmt: skip


_SSL = """
SELECT client_addr IS NOT NULL AND NOT client_addr <<= inet '127.0.0.0/8' AND client_addr <> inet '::1',
    (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())
FROM pg_stat_activity WHERE pid = pg_backend_pid()
"""
# What must be so, what is said otherwise, and what to do.
SERVER: dict[str, tuple[frozenset[str], str, str]] = {
    "server_encoding": (
        frozenset({"UTF8"}), "the database does not hold every script", "Make it anew with ENCODING 'UTF8'.",
    ),
    "default_transaction_isolation": (
        frozenset({"read committed"}), "rules are written for read committed", "Set it back for this database and role.",
    ),
    "fsync": (
        frozenset({"on"}), "a power cut damages the database", "Set fsync = on.",
    ),
    "full_page_writes": (
        frozenset({"on"}), "a power cut can tear pages", "Set full_page_writes = on.",
    ),
    "synchronous_commit": (
        frozenset({"on", "local", "remote_write", "remote_apply"}), "a power cut loses what was acknowledged",
        "Set synchronous_commit = on.",
    ),
}  # fmt: skip


def of_server(shown: dict[str, str]) -> Iterator[Finding]:
    """Hold settings of a PostgreSQL server, as it shows them, against what the application relies on."""
    for name, value in shown.items():
        fine, otherwise, remedy = SERVER[name]
        if value in fine:
            yield good(name, value)
        else:
            yield wrong(name, f"is {value}: {otherwise}.", remedy)


def _schema(connection: Connection) -> Finding:
    at, newest = migrating.applied(connection), migrating.newest()
    if at == newest:
        return good("schema", f"revision {at}")
    if at is None:
        return wrong("schema", "The database is empty.", "Run 'tracker migrate', or 'tracker restore'.")  # fmt: skip
    if at in migrating.known():
        return wrong(
            "schema",
            f"is at revision {at}, this version needs {newest}.",
            "Run 'tracker backup', then 'tracker migrate'.",
        )
    return wrong("schema", f"is at revision {at}, which is newer than this version ({newest}).", "Install the newer version.")  # fmt: skip
