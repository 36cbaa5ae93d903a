"""Rows as text that both databases read: a line of JSON for each, in the order of the keys.

What is written depends on the tables as they are, not on this program's models, so that a database which still waits for
its migration can be backed up. Moments are ISO 8601 in UTC, exact numbers are texts with all their digits. A value that
does not fit the type of its column (SQLite allows that) is written as it is.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from tracker import migrating
from tracker.db import db

ROWS_AT_ONCE = 500
CHUNK = 4 * 1024 * 1024  # bytes of text that become one member of an archive
KINDS: tuple[tuple[type, str], ...] = (  # the first that fits; the rest is text
    (sa.Boolean, "truth"), (sa.Integer, "whole"), (sa.Float, "real"), (sa.Numeric, "exact"), (sa.DateTime, "moment"),
    (sa.Date, "day"), (sa.LargeBinary, "bytes"),
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A table: its name, its columns with what kind of value each holds, and its primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    scales: tuple[int | None, ...] = ()


def shapes(connection: Connection) -> list[Shape]:
    """The tables of the database, by name. At this program's revision those that are not its own are left out."""
    seen = sa.inspect(connection)
    names = set(seen.get_table_names()) - {migrating.VERSION_TABLE}
    if migrating.applied(connection) == migrating.newest():
        names &= set(db.metadata.tables)
    found = []
    for name in sorted(names):
        columns = seen.get_columns(name)
        kinds = tuple((str(column["name"]), _kind(column["type"])) for column in columns)
        scales = tuple(getattr(column["type"], "scale", None) for column in columns)
        key = seen.get_pk_constraint(name)["constrained_columns"]
        found.append(Shape(name, kinds, tuple(key), scales))
    return found


def _kind(column: Any) -> str:
    return next((kind for type_, kind in KINDS if isinstance(column, type_)), "text")


def chunks(connection: Connection, shape: Shape, pause: float = 0) -> Iterator[tuple[bytes, int]]:
    """The rows of a table as text of about `CHUNK` bytes each, with the number of rows in it; at least one.

    Every chunk begins with a line that names the columns and their kinds. `pause` is how many seconds to leave to others
    after every `ROWS_AT_ONCE` rows.
    """
    head = _line(shape.columns)
    text, rows, size = [head], 0, 0
    turns, written = _turns(shape), False
    for some in _selected(connection, shape):
        for row in some:
            values = list(row)
            for place, turn in turns:
                if values[place] is not None:
                    values[place] = turn(values[place])
            text.append(_line(values))
            size += len(text[-1])
            rows += 1
        time.sleep(pause)
        if size >= CHUNK:
            yield "".join(text).encode(), rows
            text, rows, size, written = [head], 0, 0, True
    if rows or not written:
        yield "".join(text).encode(), rows


def _selected(connection: Connection, shape: Shape) -> Iterator[Any]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    columns = ", ".join(quote(name) for name, _kind in shape.columns)
    order = ", ".join(quote(name) for name in shape.key) or columns
    query = f"SELECT {columns} FROM {quote(shape.name)} ORDER BY {order}"  # noqa: S608 - names of the schema
    options = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
    found = connection.exec_driver_sql(query, execution_options=options)
    return iter(found.partitions(ROWS_AT_ONCE))


def _line(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_odd) + "\n"


def _odd(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _turns(shape: Shape) -> list[tuple[int, Callable[[Any], Any]]]:
    """What to do with the values of those columns that JSON has no form for, by place."""
    turns: dict[str, Callable[[Any, int | None], Any]] = {
        "truth": lambda value, _: bool(value) if value in {0, 1} else value,
        "moment": lambda value, _: _moment(value),
        "day": lambda value, _: value.isoformat() if isinstance(value, date) else value,
        "exact": _exact,
    }
    return [
        (place, lambda value, turn=turns[kind], scale=scale: turn(value, scale))
        for place, ((_name, kind), scale) in enumerate(
            zip(shape.columns, shape.scales, strict=True)
        )
        if kind in turns
    ]


def _moment(value: Any) -> Any:
    """UTC with microseconds; text that is no moment stays what it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if not isinstance(value, datetime):
        return value
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _exact(value: Any, scale: int | None) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if scale is not None and number.is_finite() and -number.as_tuple().exponent <= scale:  # type: ignore[operator]
        return f"{number:.{scale}f}"
    return format(number, "f")
