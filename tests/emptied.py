"""A database without rows, and one with the rows of before: put back as they were, which is many times quicker than made anew.

Who may not set PostgreSQL's `session_replication_role` (a server of one's own, named by ``TEST_POSTGRES_URL``) waits longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Connection, text

from tracker.db import Model, db
from tracker.sqlite import dbapi

# Whoever deletes and inserts so is not asked for the keys between tables, nor waits for anybody's table.
NO_KEYS = "SET LOCAL session_replication_role = replica"
NUMBERS = "SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"


def tables() -> list[str]:
    return [table.name for table in Model.metadata.sorted_tables]


def empty(application: Flask) -> None:
    """Delete every row, whatever refers to it; numbers begin anew."""
    with application.app_context():
        if db.engine.dialect.name != "postgresql":
            _empty_sqlite()
            return
        with db.engine.begin() as connection:
            if _rules(connection):
                deleted = "; ".join(f'DELETE FROM "{name}"' for name in tables())
                connection.exec_driver_sql(f"{NO_KEYS}; {deleted}")
                _set_numbers(connection, {})
            else:
                named = ", ".join(f'"{name}"' for name in tables())
                connection.exec_driver_sql(f"TRUNCATE {named} RESTART IDENTITY CASCADE")


def kept() -> Callable[[], None] | None:
    """Keep the rows of the present database; what is returned puts them into an empty one. None where it cannot be done."""
    return _kept_sqlite() if db.engine.dialect.name != "postgresql" else _kept_postgres()


def _empty_sqlite() -> None:
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("BEGIN IMMEDIATE")
        for table in tables():
            raw.execute(f"DELETE FROM {table}")
        raw.execute("COMMIT")
        raw.execute("PRAGMA foreign_keys=ON")
    finally:
        raw.close()


def _kept_sqlite() -> Callable[[], None]:
    copy = dbapi().connect(":memory:")

    def between(source: Any | None, target: Any | None) -> None:
        connection = db.engine.raw_connection()
        own: Any = connection.driver_connection
        (source or own).backup(target or own)
        connection.close()

    between(None, copy)
    return lambda: between(copy, None)


def _kept_postgres() -> Callable[[], None] | None:
    rows: dict[str, bytes] = {}
    with db.engine.begin() as connection:
        if not _rules(connection):
            return None
        numbers = {name: last for _schema, name, last in connection.execute(text(NUMBERS)) if last}
        cursor: Any = connection.connection.cursor()
        for name in tables():
            with cursor.copy(f'COPY "{name}" TO STDOUT') as lines:
                rows[name] = b"".join(lines)

    def put_back() -> None:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(NO_KEYS)
            cursor: Any = connection.connection.cursor()
            for name, lines in rows.items():
                if lines:
                    with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                        copy.write(lines)
            _set_numbers(connection, numbers)

    return put_back


def _rules(connection: Connection) -> bool:
    query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(connection.exec_driver_sql(query).scalar())


def _set_numbers(connection: Connection, last: dict[str, int]) -> None:
    """Let every row number go on after its `last`, or begin with 1."""
    known = [
        (f'"{schema}"."{name}"', name) for schema, name, _last in connection.execute(text(NUMBERS))
    ]
    sets = [
        f"setval('{where}', {last.get(name, 1)}, {str(name in last).lower()})"
        for where, name in known
    ]
    if sets:
        connection.exec_driver_sql(f"SELECT {', '.join(sets)}")
