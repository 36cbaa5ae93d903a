"""Putting the rows of an archive into a database that has the same tables, in the caller's transaction."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from tracker import migrating
from tracker.keeping.sealing import Unusable

ROWS_AT_ONCE = 500


class Loading:
    """Loads chunk after chunk; `counts` are the rows of each table so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.counts: dict[str, int] = {}
        seen = sa.inspect(connection)
        names = set(seen.get_table_names()) - {migrating.VERSION_TABLE}
        self.columns = {n: {str(c["name"]) for c in seen.get_columns(n)} for n in names}
        self.put = _put_sqlite if connection.dialect.name == "sqlite" else _put_postgresql

    def empty(self) -> None:
        """Take out what the migrations put in; foreign keys must be off."""
        for name in self.columns:
            self.connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - a name of the schema

    def load(self, table: str, content: IO[bytes]) -> None:
        """Load one chunk. Raises `Unusable` for tables and columns that the schema has not, and for rows it does not take."""
        columns = json.loads(content.readline())
        names = [name for name, _kind in columns]
        if set(names) != self.columns.get(table):
            raise Unusable(
                f"The table {table} of this backup is not the one of its schema revision."
            )
        rows = (json.loads(line) for line in content)
        count = self.counts.setdefault(table, 0)
        try:
            for some in _batches(rows):
                count += len(some)
                self.put(self.connection, table, columns, some)
        except (DBAPIError, OverflowError) as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError):  # fmt: skip
                raise
            why = error.orig if isinstance(error, DBAPIError) else error
            raise Unusable(
                f"This database does not take a row of {table} before row {count + 1}: {why}"
            ) from error
        self.counts[table] = count


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    some: list[list[Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == ROWS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _put_sqlite(
    connection: Connection, table: str, columns: Sequence[Sequence[str]], rows: list[list[Any]]
) -> None:
    turns = [(place, _SQLITE[kind]) for place, (_, kind) in enumerate(columns) if kind in _SQLITE]
    for row in rows:
        for place, turn in turns:
            if row[place] is not None:
                row[place] = turn(row[place])
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of the schema
    plain = [tuple(_bytes(value) for value in row) for row in rows]
    connection.exec_driver_sql(statement, plain)


def _put_postgresql(
    connection: Connection, table: str, columns: Sequence[Sequence[str]], rows: list[list[Any]]
) -> None:
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([_bytes(value) for value in row])
    except cursor.connection.DataError as error:
        raise DataError(None, None, error) from error
    except cursor.connection.IntegrityError as error:
        raise IntegrityError(None, None, error) from error


def _bytes(value: Any) -> Any:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value


def _stored_moment(value: Any) -> Any:
    """As SQLAlchemy writes it into SQLite: text whose order is that of time."""
    with contextlib.suppress(ValueError, TypeError):
        return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


def _stored_number(value: Any) -> Any:
    with contextlib.suppress(InvalidOperation, TypeError, ValueError):
        return float(Decimal(value))
    return value


# What a value becomes in SQLite, by the kind of its column; the others are stored as they come.
_SQLITE: dict[str, Callable[[Any], Any]] = {
    "moment": _stored_moment,
    "exact": _stored_number,
}


@contextlib.contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let rows come in any order. On PostgreSQL the keys are taken off and put on again, which checks every row.

    On SQLite they are off already (`migrating.alone`) and checked before the commit.
    """
    keys: Sequence[Any] = []
    if connection.dialect.name == "postgresql":
        keys = connection.execute(text(_FOREIGN_KEYS)).all()
    for table, name, _definition in keys:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    for table, name, definition in keys:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))


_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


def go_on_counting(connection: Connection, sequences: dict[str, int]) -> None:
    """Let PostgreSQL number new rows after those that were loaded, and after those that once were."""
    if connection.dialect.name != "postgresql":
        return
    seen = sa.inspect(connection)
    for table in seen.get_table_names():
        key = seen.get_pk_constraint(table)["constrained_columns"]
        if len(key) != 1:
            continue
        names = {"table": f'"{table}"', "column": key[0]}
        query = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.execute(query, names).scalar()
        if sequence is None:
            continue
        last = connection.execute(text(f'SELECT max("{key[0]}") FROM "{table}"')).scalar() or 0  # noqa: S608
        if highest := max(last, sequences.get(table, 0)):
            connection.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": highest})  # fmt: skip
