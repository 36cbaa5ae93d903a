"""Forgetting what was typed: the words go, their commitment stays, and the chain with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS
from tracker.db import db, glance

E = EVENTS.c
_KEPT = or_(E.private.is_not(None), E.salt.is_not(None))


def of_person(person_id: int) -> ColumnElement[bool]:
    """The events with words that somebody typed, or with words or a salt and about that person.

    What events about them hold of their name is a commitment; without its salt no guess can be tested against it.
    """
    about = and_(E.subject_type == "person", E.subject_id == person_id, _KEPT)
    typed = and_(E.actor_id == person_id, E.private.is_not(None))
    return and_(or_(typed, about), E.kind != Kind.person_erased)


def numbered(numbers: Collection[int]) -> ColumnElement[bool]:
    """Those of the events with these numbers that have words or a salt."""
    return and_(E.number.in_(sorted(numbers)), _KEPT)


def count_of(which: ColumnElement[bool]) -> int:
    """Return how many events these are."""
    return db.session.scalar(select(func.count()).select_from(EVENTS).where(which)) or 0


def erase_words(session: Session, which: ColumnElement[bool]) -> int:
    """Forget the words of these events, with their salts, and return how many they were. See `Event.erase_words`.

    SQLite writes zeros over what this transaction erases; `clear_journal` does the rest after the commit.
    """
    if db.engine.dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    done: Any = session.execute(update(EVENTS).where(which).values(private=None, salt=None))
    return done.rowcount


def clear_journal() -> bool:
    """Empty SQLite's journal, which holds older pages; False while others read from it.

    PostgreSQL gives the space of old rows back at its next VACUUM, so there is nothing to do: True.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return True
    with glance() as connection:
        busy, *_pages = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy
