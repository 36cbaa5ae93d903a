"""Who asks: the person, the organisation's settings, and what the person stands for today, in one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, select, true

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
    asked = {"person": person_id, "first": around - DAY, "last": around + DAY}
    rows = db.session.execute(_question(), asked).all()
    if not rows:
        return None, Organisation.current()
    person: Person = rows[0].Person
    organisation: Organisation = rows[0].Organisation or Organisation.current()
    duties = (row for row in rows if row.duty is not None)
    person.take_duties(duties_from(duties, person.role, local_day(now, organisation.time_zone)))
    return person, organisation


@cache
def _question() -> Select[*tuple[Any, ...]]:
    """Return the statement, which every request asks: it is made once."""
    person = bindparam("person", type_=Integer)
    days = (bindparam(name, type_=Date) for name in ("first", "last"))
    held = held_by(person, *days).subquery()
    return (
        select(Person, Organisation, held)
        .select_from(Person)
        .outerjoin(Organisation, Organisation.id == 1)
        .outerjoin(held, true())
        .where(Person.id == person)
    )
