"""Who asks: the person, the organisation's settings, and what the person stands for today, in one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, true

from tracker.clock import local_day
from tracker.db import db
from tracker.organisation.duties import duties_from, held_by
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

DAY = timedelta(days=1)


def who_enters(person_id: int, now: datetime) -> tuple[Person | None, Organisation]:
    """Return the person with this id, who knows their duties as of `now`, and the settings; None for nobody.

    Which day it is depends on the settings, so the duties of three days are read and those of today kept.
    """
    around = now.astimezone(UTC).date()
    held = held_by(person_id, around - DAY, around + DAY).subquery()
    query = (
        select(Person, Organisation, held)
        .select_from(Person)
        .outerjoin(Organisation, Organisation.id == 1)
        .outerjoin(held, true())
        .where(Person.id == person_id)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None, Organisation.current()
    person: Person = rows[0].Person
    organisation: Organisation = rows[0].Organisation or Organisation.current()
    duties = (row for row in rows if row.duty is not None)
    person.take_duties(duties_from(duties, person.role, local_day(now, organisation.time_zone)))
    return person, organisation
