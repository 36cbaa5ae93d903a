"""Who asks: the sign-in, its person, the organisation's settings, and what the person stands for today, in one statement.

Under the lock of a write the same is asked again. Both statements are made once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, Select, String, Subquery, and_, bindparam, select, true

from tracker.clock import local_day
from tracker.db import connection_of, db
from tracker.organisation.duties import duties_from, held_by
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, day_of
from tracker.organisation.sign_ins import SignIn, holds
from tracker.scoping import columns_of, stands_as

DAY = timedelta(days=1)


def who_enters(
    person_id: int, key_hash: str, now: datetime
) -> tuple[Person, Organisation, SignIn] | None:
    """Return the person whose sign-in has this key, who knows their duties as of `now`, the settings, and the sign-in.

    None when it does not hold or the access of the person has ended. Which day it is depends on the settings, so the
    duties of three days are read and those of today kept.
    """
    asked = _around(person_id, now) | {"key_hash": key_hash}
    rows = db.session.execute(_question(), asked).all()
    if not rows or not holds(rows[0].SignIn, now):
        return None
    person: Person = rows[0].Person
    organisation: Organisation = rows[0].Organisation or Organisation.current()
    today = local_day(now, organisation.time_zone)
    if person.is_out(today):
        return None
    duties = (row for row in rows if row.duty is not None)
    person.take_duties(duties_from(duties, person.role, today))
    return person, organisation, rows[0].SignIn


def look_again(person: Person, sign_in: int, now: datetime) -> bool:
    """Let `person` know, inside a write, how they and their duties stand by now; tell whether they are still signed in."""
    session = db.session()
    asked = _around(person.id, now) | {"sign_in": sign_in}
    rows = connection_of(session).execute(_standing(), asked).all()
    if not rows or not stands_as(person, rows[0][: len(columns_of(Person))]):
        session.refresh(person)
    duties = (row for row in rows if row.duty is not None)
    today = day_of(now)
    person.take_duties(duties_from(duties, person.role, today))
    return (
        bool(rows) and rows[0].still is not None and person.is_active and not person.is_out(today)
    )


def _around(person_id: int, now: datetime) -> dict[str, Any]:
    day = now.astimezone(UTC).date()
    return {"person": person_id, "first": day - DAY, "last": day + DAY}


@cache
def _question() -> Select[*tuple[Any, ...]]:
    held = _held()
    return (
        select(Person, Organisation, SignIn, held)
        .select_from(SignIn)
        .join(Person, and_(Person.id == SignIn.person_id, Person.epoch == SignIn.epoch))
        .outerjoin(Organisation, Organisation.id == 1)
        .outerjoin(held, true())
        .where(
            SignIn.key_hash == bindparam("key_hash", type_=String),
            SignIn.person_id == bindparam("person", type_=Integer),
            Person.ended_at.is_(None),
        )
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    held = _held()
    return (
        select(*columns_of(Person), SignIn.id.label("still"), held)
        .select_from(Person)
        .outerjoin(
            SignIn,
            and_(
                SignIn.id == bindparam("sign_in", type_=Integer),
                SignIn.person_id == Person.id,
                SignIn.epoch == Person.epoch,
            ),
        )
        .outerjoin(held, true())
        .where(Person.id == bindparam("person", type_=Integer))
    )


def _held() -> Subquery:
    person = bindparam("person", type_=Integer)
    days = (bindparam(name, type_=Date) for name in ("first", "last"))
    return held_by(person, *days).subquery()
