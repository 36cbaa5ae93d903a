"""When somebody was last here: on a short connection of its own, at most once in five minutes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from tracker.db import db
from tracker.organisation.people import Person

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
PATIENCE = 0.1  # seconds: who only reads does not wait until others have written
VISIT = timedelta(minutes=30)  # a pause this long begins a new visit


def note_visit(person: Person, now: datetime) -> None:
    """Keep when `person` was last seen, and when before this visit. Never fails a request."""
    if person.last_seen is not None and now - person.last_seen < EVERY:
        return
    values = {"last_seen": now}
    if person.last_seen is not None and now - person.last_seen >= VISIT:
        values["seen_before"] = person.last_seen
    lightly = {"writes": True, "patience": PATIENCE}
    try:
        with db.engine.connect().execution_options(**lightly) as connection, connection.begin():
            connection.execute(update(Person).where(Person.id == person.id).values(values))
    except DBAPIError:
        log.info("the visit of person %s could not be noted", person.id)
