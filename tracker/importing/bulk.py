"""Many rows in one statement: what every kind of import writes with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Table,
    Update,
    any_,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.ready import Ready

_CHUNK = 500
"""Ids in one IN list; SQLite takes no more than some thousand parameters."""


SPARE = 1_000
"""New rows of others that may come between the plan and the write before it is planned again."""


class Moved(Exception):
    """What the plan was made from is no longer so; plan again."""


def table_of(model: Any) -> Table:
    """The table behind a model."""
    return cast(Table, model.__table__)


def insert_many(
    model: Any, rows: Sequence[dict[str, Any]], ids: Sequence[int] | None = None
) -> list[int]:
    """Insert rows that all have the same columns; return their ids in the same order.

    `ids` are used where they were reserved. SQLite has one writer at a time, so the next ids are
    known; it would answer row by row.
    """
    if not rows:
        return []
    table = table_of(model)
    if ids is None and db.session.get_bind().dialect.name != "sqlite":
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(db.session.scalars(query, rows))
    if ids is None:
        first = (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
        ids = range(first, first + len(rows))
    numbered = [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)]
    db.session.execute(insert(table), numbered)
    return list(ids)


def update_many(model: Any, rows: Iterable[dict[str, Any]], *, bumps: Sequence[str] = ()) -> None:
    """Update rows by `id`, each with the columns it names; columns in `bumps` rise by one."""
    for statement, group in _updates(model, rows, bumps):
        db.session.execute(statement, group)


def _updates(
    model: Any, rows: Iterable[dict[str, Any]], bumps: Sequence[str]
) -> Iterable[tuple[Update, list[dict[str, Any]]]]:
    table = table_of(model)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        names = tuple(sorted(name for name in row if name != "id"))
        alike.setdefault(names, []).append({f"new_{name}": value for name, value in row.items()})
    for names, group in alike.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        values |= {name: table.c[name] + 1 for name in bumps}
        yield update(table).where(table.c.id == bindparam("new_id")).values(values), group


def changing(
    model: Any, rows: Iterable[dict[str, Any]], *, bumps: Sequence[str] = ()
) -> list[Ready]:
    """What `update_many` does, made ready before the write: a statement for each set of columns."""
    return [Ready(statement, group) for statement, group in _updates(model, rows, bumps)]


def hold(model: Any, versions: dict[int, int], *also: Any) -> Sequence[Any]:
    """Lock the rows in ascending id; return `id`, `version` and the columns in `also` of each.

    One statement however many they are. Raises `Moved` unless they still have these versions.
    """
    if not versions:
        return []
    table = table_of(model)
    query = select(table.c.id, table.c.version, *also).where(among(table.c.id, list(versions)))
    rows = db.session.execute(query.order_by(table.c.id).with_for_update()).all()
    if {row.id: row.version for row in rows} != versions:
        raise Moved
    return rows


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column holds one of the ids: one parameter however many they are."""
    if db.engine.dialect.name == "sqlite":
        listed = func.json_each(json.dumps(list(ids))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(ids), ARRAY(column.type)))


def reserve(model: Any, count: int) -> list[int]:
    """Ids for so many new rows, known before the write.

    PostgreSQL gives them to nobody else. On SQLite they lie `SPARE` ahead of those in use, so that
    what others add meanwhile does not meet them; `still_free` makes sure inside the write.
    """
    if not count:
        return []
    table = table_of(model)
    if db.engine.dialect.name != "sqlite":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return sorted(db.session.scalars(drawn))
    first = (db.session.scalar(select(func.max(table.c.id))) or 0) + SPARE
    return list(range(first, first + count))


def still_free(first: dict[Any, int]) -> None:
    """Raise `Moved` unless every id in use is below the first that was reserved, by model."""
    if not first or db.engine.dialect.name != "sqlite":
        return
    highest = (select(func.max(table_of(model).c.id)).scalar_subquery() for model in first)
    found = db.session.execute(select(*highest)).one()
    if any((id_ or 0) >= start for id_, start in zip(found, first.values(), strict=True)):
        raise Moved


def chunks(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The ids in portions that fit into one statement."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def event(
    kind: Kind, subject: str, id_: int, *, by: Any, now: datetime, **more: Any
) -> dict[str, Any]:
    """One row for `activity.recording.bulk_events`."""
    who = by.id if by else None
    return {
        "kind": kind, "subject_type": subject, "subject_id": id_, "actor_id": who, "at": now, **more
    }  # fmt: skip


def typed(
    state: dict[str, Any], changes: dict[str, Any], texts: Mapping[str, str]
) -> dict[str, Any]:
    """The private part of an event: texts as they were and as they are now.

    `texts` says, for each field of the file, how the tables call it.
    """
    changed = {name: column for name, column in texts.items() if name in changes}
    if not changed:
        return {}
    return {
        "private": {
            "was": {column: _plain(state.get(name)) for name, column in changed.items()},
            "now": {column: _plain(changes[name]) for name, column in changed.items()},
        }
    }


def same(*names: str) -> dict[str, str]:
    """Fields that the tables call as the file does."""
    return {name: name for name in names}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | list | None) else str(value)
