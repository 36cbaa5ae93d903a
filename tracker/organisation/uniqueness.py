"""What the database refuses in a race, said in plain words."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.errors import NotNow


def flush_or(taken: str, *, referred: str | None = None) -> None:
    """Write what is pending.

    Raises `NotNow(taken)` when there is one like it already, and `NotNow(referred)`, if given, when
    another row forbids the change. The write transaction is lost then; who opened it rolls back.
    """
    try:
        db.session.flush()
    except IntegrityError as refusal:
        signs = str(refusal.orig).lower()
        if "unique" in signs:
            raise NotNow(taken) from None
        if referred is not None and "foreign key" in signs:
            raise NotNow(referred) from None
        raise
