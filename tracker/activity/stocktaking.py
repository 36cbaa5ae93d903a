"""Writes down once how rows stand that are older than the declaration of their fields.

From then on every row has its birth on the trail, and one without was put in past the application.
A later version that declares more writes down only what is new in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.activity.batches import Batch
from tracker.activity.chain import lock_head
from tracker.activity.declaring import BORN, declared_models, key_of
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS
from tracker.db import db, writing

AT_ONCE = 500  # rows told by one event
ALONE = "person"  # told by an event each, so that the words of one can be erased without those of others


def undeclared_so_far() -> dict[str, list[str]]:
    """The declared fields that no stock-taking covers yet, by table."""
    taken = select(EVENTS.c.after).where(EVENTS.c.kind == Kind.trail_stock_taken)
    covered: dict[str, set[str]] = {}
    for after in db.session.scalars(taken):
        for table, names in (after.get("declared") or {}).items():
            covered.setdefault(table, set()).update(names)
    missing = {
        table: sorted(model.on_trail.fields - covered.get(table, set()))
        for table, model in declared_models().items()
    }
    return {table: names for table, names in missing.items() if names}


def take_stock(now: datetime) -> int:
    """Record what no stock-taking covers, in one write transaction; return how many rows were told."""
    if not undeclared_so_far():
        return 0
    with writing() as session:
        lock_head(session)  # of two that start at once, the second finds it done
        missing = undeclared_so_far()
        if not missing:
            return 0
        about = {"kind": Kind.trail_stock_taken, "at": now, "actor_id": None}
        everything = {"subject_type": "organisation", "subject_id": 1}
        told = 0
        for name, rows in _portions(session, missing):
            told += len(rows)
            if name == ALONE:
                each = [
                    ({"subject_type": name, "subject_id": int(key)}, {key: rows[key]})
                    for key in rows
                ]
            else:
                each = [(everything, rows)]
            events = [
                {**about, **subject, "after": {"rows": len(some)}, "tables": {name: some}}
                for subject, some in each
            ]
            Batch(session, events).write(session)
        after = {"rows": told, "declared": missing}
        Batch(session, [{**about, **everything, "after": after}]).write(session)
    return told


def _portions(
    session: Session, missing: dict[str, list[str]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of one table after the other, some at a time: the table, and their fields by key."""
    for name, fields in missing.items():
        model = declared_models()[name]
        table, on_trail = model.__table__, model.on_trail
        whole = set(fields) == on_trail.fields
        primary = next(iter(table.primary_key))
        names = {primary.name, *fields, *on_trail.key}
        query = select(*(table.c[each] for each in sorted(names))).order_by(primary)
        last = None
        while True:
            portion = query.where(primary > last) if last is not None else query
            rows = session.execute(portion.limit(AT_ONCE)).mappings().all()
            if not rows:
                break
            yield name, {key_of(on_trail, row): _fields(row, fields, whole) for row in rows}
            last = rows[-1][primary.name]


def _fields(row: Any, fields: list[str], whole: bool) -> dict[str, Any]:
    born = {BORN: 1} if whole else {}
    return {**born, **{name: row[name] for name in fields}}
