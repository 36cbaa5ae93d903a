"""The daily mail: once a day for each person, at their hour, with what nobody had to know at once (only if there is something)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from tracker.db import db, writing
from tracker.notices import outbox
from tracker.notices.models import Mail, Notice, Occasion
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation


def last_due(now: datetime, zone: str, hour: int) -> tuple[date, datetime]:
    """Return the day and the moment of the newest digest that is due at `now` for a clock in `zone` that shows `hour`.

    Where that hour does not exist, on the day when clocks go forward, it is the moment after the gap.
    """
    place = ZoneInfo(zone)
    day = now.astimezone(place).date()
    moment = _at(day, hour, place)
    if moment > now:
        day -= timedelta(days=1)
        moment = _at(day, hour, place)
    return day, moment


def _at(day: date, hour: int, place: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), place).astimezone(ZoneInfo("UTC"))


def write_due(now: datetime) -> int:
    """Write the digests that are due into the outbox, each in a write transaction of its own; return how many.

    What came after somebody's hour waits for the next day; what was read meanwhile is left out, and of nothing no mail is made.
    """
    zone = Organisation.current().time_zone
    people = db.session.execute(
        select(
            *(Person.id, Person.time_zone, Person.digest_hour), func.min(Notice.at).label("oldest")
        )
        .join(Notice, Notice.person_id == Person.id)
        .where(Notice.waits, Person.digest_hour.is_not(None), Person.ended_at.is_(None))
        .group_by(Person.id)
        .order_by(Person.id)
    ).all()
    written = 0
    for person in people:
        day, moment = last_due(now, person.time_zone or zone, person.digest_hour)
        if person.oldest >= moment:
            continue
        old = (Notice.person_id == person.id, Notice.waits, Notice.at < moment)
        with writing() as session:
            had = select(Mail.id).where(Mail.person_id == person.id, Mail.day == day)
            if session.scalar(had) is None:
                written += _write(person.id, day, old, now)
    return written


def _write(person_id: int, day: date, old: tuple[Any, ...], now: datetime) -> int:
    connection = db.session.connection()
    connection.execute(update(Notice).where(*old, Notice.read_at.is_not(None)).values(waits=False))
    if db.session.scalar(select(Notice.id).where(*old).limit(1)) is None:
        return 0
    mail_id = outbox.write(person_id, Occasion.digest, now=now, day=day)
    connection.execute(update(Notice).where(*old).values(waits=False, mail_id=mail_id))
    return 1
