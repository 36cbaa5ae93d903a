"""What somebody answers for at present: all of it would pass on if their access ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, or_, select

from tracker.db import db
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

MOST = 200  # duties of one kind that a page lists


@dataclass(frozen=True)
class Held:
    """One duty: what it is (a word of `handing_over.duty_names`), about what, and its page.

    `stays`: it passes to nobody. It is the partner's, and only the name of its contact goes.
    """

    duty: str
    about: str
    url: str | None = None
    stays: bool = False


holdings: list[Callable[[Person], list[Held]]] = []  # rooms above add theirs


def held_by(person: Person) -> list[Held]:
    """Return everything `person` answers for."""
    organisation = Organisation.current()
    held = []
    if organisation.programme_owner_id == person.id:
        held.append(Held("programme owner", ""))
    if organisation.alternate_id == person.id:
        held.append(Held("alternate", ""))
    headed = select(literal("head").label("duty"), Unit.name.label("about")).where(
        Unit.head_id == person.id, Unit.ended_at.is_(None)
    )
    kept = select(literal("relationship owner"), Partner.name).where(
        Partner.relationship_owner_id == person.id, Partner.ended_at.is_(None)
    )
    held += sorted(
        (Held(row.duty, row.about) for row in db.session.execute(headed.union_all(kept))),
        key=lambda one: (one.duty, one.about),
    )
    for more in holdings:
        held += more(person)
    return held


def left_alone(contact: Person, today: date) -> Partner | None:
    """Return the partner of `contact` if nobody else of it can come in: what is open there would lie with nobody."""
    others = select(Person.id).where(
        Person.partner_id == Partner.id,
        Person.id != contact.id,
        Person.ended_at.is_(None),
        or_(Person.ends_on.is_(None), Person.ends_on > today),
    )
    alone = (Partner.id == contact.partner_id, Partner.ended_at.is_(None), ~others.exists())
    return db.session.scalars(select(Partner).where(*alone)).one_or_none()
