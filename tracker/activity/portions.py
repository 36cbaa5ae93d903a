"""The sealed events in the order of their numbers, some at a time: no transaction stays open while they are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Text, or_, select, type_coerce
from sqlalchemy.engine import Engine

from tracker.activity.models import EVENTS
from tracker.activity.verify import COLUMNS, instant

AT_ONCE = 2000  # events
_TEXTS = frozenset({"before", "after", "private"})
_STORED = tuple(
    type_coerce(EVENTS.c[name], Text).label(name) if name in _TEXTS else EVENTS.c[name]
    for name in COLUMNS
)

Row = dict[str, Any]


def portions(engine: Engine, upto: int, *, at_once: int = AT_ONCE) -> Iterator[list[Row]]:
    """Yield the events numbered up to `upto` as they are stored, lowest first, `at_once` together.

    Events are only ever added after the last, so what is read in several transactions fits together. One number
    that stands twice, which only somebody with the database in hand can make, comes twice.
    """
    number, last, query = EVENTS.c.number, EVENTS.c.id, select(*_STORED)
    ordered = query.where(number <= upto).order_by(number, last).limit(at_once)
    found = _read(engine, ordered)
    while found:
        yield found
        row = found[-1]
        beyond = or_(number > row["number"], last > row["id"])
        found = _read(engine, ordered.where(number >= row["number"], beyond))


def unsealed(engine: Engine, most: int = AT_ONCE) -> list[Row]:
    """Return committed events without a number: the application leaves none."""
    query = select(*_STORED).where(EVENTS.c.number.is_(None)).order_by(EVENTS.c.id)
    return _read(engine, query.limit(most))


def _read(engine: Engine, query: Select[Any]) -> list[Row]:
    with engine.connect() as connection:
        found = connection.execute(query).mappings()
        return [{**row, "at": instant(row["at"])} for row in found]
