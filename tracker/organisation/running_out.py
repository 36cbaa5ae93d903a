"""Access whose day has come is ended by itself, and what hung on it passes on as when somebody ends it (rules 2 and 21)."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select

from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of

log = logging.getLogger(__name__)

PORTION = 100  # people in one sweep; the next one takes the rest


def end_due(now: datetime) -> int:
    """End the access of everybody whose day has come; return of how many. Each in a write transaction of its own.

    Where nobody could take over what somebody holds, their access stays closed by its day, and the next sweep tries again.
    """
    due = (Person.ends_on <= day_of(now), Person.ended_at.is_(None))
    found = select(Person.id).where(*due).order_by(Person.id)
    count = 0
    for person_id in db.session.scalars(found.limit(PORTION)).all():
        try:
            with writing():
                one = select(Person).where(Person.id == person_id, *due).with_for_update()
                person = db.session.scalars(
                    one.execution_options(populate_existing=True)
                ).one_or_none()
                if person is not None:
                    end_access(person, by=None, now=now)
                    count += 1
        except NotNow as refused:
            log.warning("the access of person %s could not be ended: %s", person_id, refused.words)
    return count
