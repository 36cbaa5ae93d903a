"""Everything in one JSON file: an object keyed by table, its rows in the order of their keys.

The file is the same every time nothing changed. What proves who somebody is stays out: hashes of
passwords and of links, salts, the folders of uploaded files, what people sign in with, and the
tables that only protect the doors (counts of sign-ins, keys of submitted forms).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, Table, select

from tracker.db import Model, db

TABLES_LEFT_OUT = frozenset({
    "authenticator_app", "passkey", "recovery_code", "spent_challenge", "reset_ask", "sign_in", "sign_in_attempt", "submission",
})  # fmt: skip
COLUMNS_LEFT_OUT = frozenset(
    {
        ("access_link", "token_hash"),
        ("approval_link", "token_hash"),
        ("approval_link", "seed"),
        ("calendar_feed", "token_hash"),
        ("event", "salt"),
        ("import_run", "token"),
        ("evidence", "token"),
        ("person", "password_hash"),
    }
)
_ROWS_AT_ONCE = 1_000


def export_to(file: Path) -> dict[str, int]:
    """Write everything to `file`, complete or not at all, readable by its owner alone.

    Returns how many rows of each table. Days are ISO 8601, moments too and in UTC, amounts are
    texts with all their digits.
    """
    draft = file.with_name(f"{file.name}.part")
    draft.touch(mode=0o600)
    try:
        with draft.open("w", encoding="utf-8") as out, _snapshot() as connection:
            counts = _write(out, connection)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def tables() -> list[Table]:
    """The tables that are exported, by name."""
    found = Model.metadata.tables
    return [found[name] for name in sorted(found) if name not in TABLES_LEFT_OUT]


def _snapshot() -> Connection:
    """A connection whose reads all see the same moment."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _write(out: TextIO, connection: Connection) -> dict[str, int]:
    counts: dict[str, int] = {}
    out.write("{")
    for number, table in enumerate(tables()):
        out.write(f'{"," if number else ""}\n"{table.name}": [')
        counts[table.name] = 0
        for row in _rows(table, connection):
            out.write(",\n" if counts[table.name] else "\n")
            out.write(json.dumps(row, ensure_ascii=False, default=_plain))
            counts[table.name] += 1
        out.write("]")
    out.write("\n}\n")
    return counts


def _rows(table: Table, connection: Connection) -> Iterator[dict[str, Any]]:
    columns = [c for c in table.columns if (table.name, c.name) not in COLUMNS_LEFT_OUT]
    query = select(*columns).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query)
    names = [column.name for column in columns]
    for row in found:
        yield dict(zip(names, row, strict=True))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Enum():
            return value.value
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
