"""When somebody was last here, and by which sign-in: on a short connection of its own, at most once in five minutes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from tracker.db import db
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import SignIn

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
PATIENCE = 0.1  # seconds: who only reads does not wait until others have written
VISIT = timedelta(minutes=30)  # a pause this long begins a new visit


def note_visit(person: Person, sign_in: SignIn, now: datetime) -> None:
    """Keep when `person` was last seen, and when before this visit. Never fails a request."""
    new = person.last_seen is None or now - person.last_seen >= EVERY
    if not new and now - sign_in.last_seen < EVERY:
        return
    values = {"last_seen": now}
    if person.last_seen is not None and now - person.last_seen >= VISIT:
        values["seen_before"] = person.last_seen
    used = update(SignIn).where(SignIn.id == sign_in.id, SignIn.last_seen < now)
    lightly = {"writes": True, "patience": PATIENCE}
    try:
        with db.engine.connect().execution_options(**lightly) as connection, connection.begin():
            connection.execute(used.values(last_seen=now))
            if new:
                connection.execute(update(Person).where(Person.id == person.id).values(values))
    except DBAPIError:
        log.info("the visit of person %s could not be noted", person.id)
