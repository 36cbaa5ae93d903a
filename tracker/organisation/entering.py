"""Who asks: the person, the organisation's settings, and what the person stands for today, in one statement.

Under the lock of a write the same is asked again. Both statements are made once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, Subquery, bindparam, select, true

from tracker.clock import local_day
from tracker.db import db
from tracker.organisation.duties import duties_from, held_by
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.scoping import columns_of, stands_as

DAY = timedelta(days=1)


def who_enters(person_id: int, now: datetime) -> tuple[Person | None, Organisation]:
    """Return the person with this id, who knows their duties as of `now`, and the settings; None for nobody.

    Which day it is depends on the settings, so the duties of three days are read and those of today kept.
    """
    rows = db.session.execute(_question(), _around(person_id, now)).all()
    if not rows:
        return None, Organisation.current()
    person: Person = rows[0].Person
    organisation: Organisation = rows[0].Organisation or Organisation.current()
    duties = (row for row in rows if row.duty is not None)
    person.take_duties(duties_from(duties, person.role, local_day(now, organisation.time_zone)))
    return person, organisation


def look_again(person: Person, now: datetime) -> None:
    """Let `person` know, inside a write, how they and their duties stand by now."""
    session = db.session()
    rows = session.connection().execute(_standing(), _around(person.id, now)).all()
    if not rows or not stands_as(person, rows[0][: len(columns_of(Person))]):
        session.refresh(person)
    duties = (row for row in rows if row.duty is not None)
    zone = Organisation.current().time_zone
    person.take_duties(duties_from(duties, person.role, local_day(now, zone)))


def _around(person_id: int, now: datetime) -> dict[str, Any]:
    day = now.astimezone(UTC).date()
    return {"person": person_id, "first": day - DAY, "last": day + DAY}


@cache
def _question() -> Select[*tuple[Any, ...]]:
    held = _held()
    return (
        select(Person, Organisation, held)
        .select_from(Person)
        .outerjoin(Organisation, Organisation.id == 1)
        .outerjoin(held, true())
        .where(Person.id == bindparam("person", type_=Integer))
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    held = _held()
    return (
        select(*columns_of(Person), held)
        .select_from(Person)
        .outerjoin(held, true())
        .where(Person.id == bindparam("person", type_=Integer))
    )


def _held() -> Subquery:
    person = bindparam("person", type_=Integer)
    days = (bindparam(name, type_=Date) for name in ("first", "last"))
    return held_by(person, *days).subquery()
