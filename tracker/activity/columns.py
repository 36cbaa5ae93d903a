"""Writes columns of one row at once, by a statement that is kept, where a verb does nothing more with the row.

The session would write them as well: it takes five times as long to find out what is to be written, and in which order.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import attributes
from sqlalchemy.orm.exc import StaleDataError

from tracker.activity.gathering import note
from tracker.db import asked, db


def set_columns(thing: Any, **values: Any) -> None:
    """Write those of `values` that are others than `thing` has, give them to it, and say so to the trail.

    What was changed of anything in the session before is written first. Raises StaleDataError if the row is gone.
    """
    changed = {name: value for name, value in values.items() if getattr(thing, name) != value}
    if not changed:
        return
    model = type(thing)
    if asked(_row(model), {**changed, "row": thing.id}).rowcount != 1:
        raise StaleDataError(f"{model.__tablename__} {thing.id} is not there any more.")
    for name, value in changed.items():
        attributes.set_committed_value(thing, name, value)
    key = {name: getattr(thing, name) for name in model.on_trail.key}
    note(db.session(), model, key | changed)


@cache
def _row(model: Any) -> Update:
    """Return the statement: which columns it sets is said by its parameters."""
    return update(model.__table__).where(model.__table__.c.id == bindparam("row"))
