"""A write that PostgreSQL chose as the victim of a deadlock is tried once more, whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DBAPIError

from tracker.db import db
from tracker.trouble import is_deadlock


def once_more(run: Callable[[], Any], again: Callable[[], Any] | None = None) -> Any:
    """Return what `run` gives; once it was the victim of a deadlock, what `again`, or `run` itself, gives."""
    try:
        return run()
    except DBAPIError as error:
        if not is_deadlock(error):
            raise
    db.session.rollback()
    return (again or run)()
