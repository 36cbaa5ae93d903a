"""What the trail says last of every declared field: read once from its first event to its last.

Memory stays bounded however many rows there are: what was read is merged, portion by portion, into
a temporary file of SQLite's own, which is gone with the connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, select, type_coerce

from tracker.activity.declaring import BORN, MARK
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS, TABLES

PORTION = 20_000  # rows held in memory before they are merged
GONE = "-"  # stands for the deletion of a row

# value, number of the event, its salt where the value is a commitment
Field = list[Any]


class Row(NamedTuple):
    """What the trail says of one row: its fields, and whether it holds all of them from some event on."""

    fields: dict[str, Field]

    @property
    def is_born(self) -> bool:
        return BORN in self.fields

    @property
    def gone(self) -> int | None:
        """The event that deleted it, if it did."""
        return self.fields[GONE][1] if GONE in self.fields else None


@dataclass
class Said:
    """The last recorded values, by table and key. `stock_taken`: from the start, or from a stock-taking on,
    every row has its birth on the trail."""

    store: sqlite3.Connection
    events: int = 0
    stock_taken: bool = False

    def of(self, table: str, keys: Sequence[str]) -> dict[str, Row]:
        """What is said of these rows; it is taken out, so that what remains in the end was never asked for."""
        wanted = json.dumps(list(keys))
        listed = "tbl = ? AND key IN (SELECT value FROM json_each(?))"
        found = self.store.execute(f"SELECT key, said FROM said WHERE {listed}", (table, wanted))  # noqa: S608
        rows = {key: Row(json.loads(said)) for key, said in found}
        self.store.execute(f"DELETE FROM said WHERE {listed}", (table, wanted))  # noqa: S608
        return rows

    def rest(self, table: str) -> Iterator[tuple[str, Row]]:
        """What nobody asked for, in the order of the keys."""
        query = "SELECT key, said FROM said WHERE tbl = ? ORDER BY length(key), key"
        for key, said in self.store.execute(query, (table,)):
            yield key, Row(json.loads(said))

    def close(self) -> None:
        """Let the temporary file go."""
        self.store.close()


def read(connection: Connection) -> Said:
    """Read the whole trail of the database behind `connection`. ValueError for rows that are no trail."""
    store = sqlite3.connect("")  # a private file that SQLite deletes itself
    store.execute("PRAGMA synchronous=OFF")
    store.execute("CREATE TABLE said (tbl, key, said, PRIMARY KEY (tbl, key)) WITHOUT ROWID")
    said, held = Said(store), _Held(store)
    columns = (EVENTS.c.number, EVENTS.c.kind, EVENTS.c.salt)
    after = type_coerce(EVENTS.c.after, Text).label("after")
    query = select(*columns, after).where(EVENTS.c.number.is_not(None)).order_by(EVENTS.c.number)
    for row in connection.execute(query.execution_options(yield_per=2000)):
        said.events += 1
        said.stock_taken |= row.kind == Kind.trail_stock_taken
        text = row.after or ""
        if f'"{TABLES}":' not in text:
            continue
        tables = json.loads(text).get(TABLES) or {}
        for table, keys in tables.items():
            for key, fields in keys.items():
                held.add(table, key, fields, row.number, row.salt)
    held.merge()
    return said


class _Held:
    """A portion in memory."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self.store, self.rows = store, {}

    def add(self, table: str, key: str, fields: Any, number: int, salt: str | None) -> None:
        if fields is None:
            self.rows[table, key] = {GONE: [None, number]}
        else:
            known = self.rows.setdefault((table, key), {})
            if BORN in fields:
                known.clear()
            for name, value in fields.items():
                marked = isinstance(value, str) and value.startswith(MARK)
                known[name] = [value, number, salt] if marked else [value, number]
        if len(self.rows) >= PORTION:
            self.merge()

    def merge(self) -> None:
        places = list(self.rows)
        for start in range(0, len(places), 500):
            self._merge(places[start : start + 500])
        self.rows.clear()

    def _merge(self, places: list[tuple[str, str]]) -> None:
        known: dict[tuple[str, str], dict[str, Any]] = {}
        for table, key in places:
            query = "SELECT said FROM said WHERE tbl = ? AND key = ?"
            found = self.store.execute(query, (table, key)).fetchone()
            known[table, key] = json.loads(found[0]) if found else {}
        merged = []
        for place in places:
            new = self.rows[place]
            fields = new if BORN in new or GONE in new else {**known[place], **new}
            merged.append((*place, json.dumps(fields)))
        self.store.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", merged)
