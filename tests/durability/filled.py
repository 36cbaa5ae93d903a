"""A row in every table there is, so that a migration meets data everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.db import Model, writing

MOMENT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
TEXT = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u7e41 'quoted' \U0001f9ea"  # what is easily lost on the way


def fill_the_rest() -> None:
    """Put one row into each table of the present database that has none. AssertionError names one that takes none."""
    with writing() as session:
        for table in Model.metadata.sorted_tables:
            if session.execute(select(table).limit(1)).first() is None:
                row = {column.name: _value(session, table, column) for column in table.columns}
                try:
                    session.execute(insert(table).values({k: v for k, v in row.items() if v is not None}))  # fmt: skip
                    session.flush()
                except IntegrityError as error:
                    raise AssertionError(f"{table.name} has no row: give it one in midway.py") from error  # fmt: skip


def _value(session: Session, table: Table, column: Any) -> Any:
    for key in column.foreign_keys:
        other = key.column
        return session.execute(select(other).limit(1)).scalar()
    kind = column.type
    kind = getattr(kind, "impl_instance", kind)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Numeric):
        return 1
    if isinstance(kind, DateTime):
        return MOMENT
    if isinstance(kind, Date):
        return date(2026, 3, 2)
    if enums := getattr(kind, "enum_class", None):
        return next(iter(enums))
    if column.name.endswith("json"):
        return "{}"
    length = getattr(kind, "length", None)
    return TEXT[:length]
