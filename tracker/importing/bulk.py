"""Many rows in one statement: what every kind of import writes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update

from tracker.activity.kinds import Kind
from tracker.db import db

_CHUNK = 500
"""Ids in one IN list; SQLite takes no more than some thousand parameters."""


class Moved(Exception):
    """What the plan was made from is no longer so; plan again."""


def table_of(model: Any) -> Table:
    """The table behind a model."""
    return cast(Table, model.__table__)


def insert_many(model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows that all have the same columns; return their ids in the same order.

    SQLite has one writer at a time, so the next ids are known; it would answer row by row.
    """
    if not rows:
        return []
    table = table_of(model)
    if db.session.get_bind().dialect.name != "sqlite":
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(db.session.scalars(query, rows))
    first = (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
    ids = list(range(first, first + len(rows)))
    numbered = [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)]
    db.session.execute(insert(table), numbered)
    return ids


def update_many(model: Any, rows: Iterable[dict[str, Any]], *, bumps: Sequence[str] = ()) -> None:
    """Update rows by `id`, each with the columns it names; columns in `bumps` rise by one."""
    table = table_of(model)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        names = tuple(sorted(name for name in row if name != "id"))
        alike.setdefault(names, []).append({f"new_{name}": value for name, value in row.items()})
    for names, group in alike.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        values |= {name: table.c[name] + 1 for name in bumps}
        db.session.execute(
            update(table).where(table.c.id == bindparam("new_id")).values(values), group
        )


def hold(model: Any, versions: dict[int, int]) -> None:
    """Lock the rows in ascending id. Raises `Moved` unless they still have these versions."""
    table = table_of(model)
    ids = sorted(versions)
    for chunk in chunks(ids):
        query = select(table.c.id, table.c.version).where(table.c.id.in_(chunk))
        rows = db.session.execute(query.order_by(table.c.id).with_for_update()).all()
        if dict(rows) != {id_: versions[id_] for id_ in chunk}:
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
