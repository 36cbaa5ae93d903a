"""What lists of choices offer: units, people, partners, calendars that are active, by name."""

from __future__ import annotations

from sqlalchemy import or_, select

from tracker.db import db
from tracker.organisation.calendars import Calendar
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.wording import sort_key

Choices = list[tuple[int, str]]


def _sorted(rows: list[tuple[int, str]]) -> Choices:
    return sorted(rows, key=lambda row: (sort_key(row[1]), row[0]))


def unit_choices(*, and_also: int | None = None) -> Choices:
    """Return the units that have not ended, and the one that is chosen at present."""
    open_ = select(Unit.id, Unit.name).where(or_(Unit.ended_at.is_(None), Unit.id == and_also))
    return _sorted([(row.id, row.name) for row in db.session.execute(open_)])


def partner_choices() -> Choices:
    """Return the partners we work with."""
    open_ = select(Partner.id, Partner.name).where(Partner.ended_at.is_(None))
    return _sorted([(row.id, row.name) for row in db.session.execute(open_)])


def calendar_choices() -> Choices:
    """Return the calendars."""
    every = select(Calendar.id, Calendar.name)
    return _sorted([(row.id, row.name) for row in db.session.execute(every)])


def people_choices(*, role: Role | None = None, and_also: int | None = None) -> Choices:
    """Return the people of our own who change things here (nobody's auditor), or those of one role;
    and the one that is chosen at present."""
    of_role = Person.ended_at.is_(None) & (Person.role == role)
    fits = of_role if role else Person.works_here
    active = select(Person.id, Person.name, Person.job_title).where(
        or_(fits, Person.id == and_also)
    )
    return _sorted([(row.id, _told(row.name, row.job_title)) for row in db.session.execute(active)])


def _told(name: str, job_title: str) -> str:
    return f"{name} · {job_title}" if job_title else name
