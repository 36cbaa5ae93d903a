"""The units that take part in an initiative, and who speaks for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.errors import Refused
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@dataclass(frozen=True)
class Participant:
    """A unit that takes part, its acting head and calendar, the head's name, and how urgent it rated the initiative."""

    id: int
    name: str
    slug: str
    acting_head_id: int | None
    acting_calendar_id: int | None
    head: str | None
    rating: int | None


def participants(initiative: Any) -> list[Any]:
    """Return the units that take part, the lead unit first: id, name, slug, acting head and calendar, and the head's name.

    It takes no query where the page has read the initiative's team.
    """
    if initiative.known_units is not None:
        return initiative.known_units
    query = (
        select(
            *(Unit.id, Unit.name, Unit.slug, Unit.acting_head_id, Unit.acting_calendar_id),
            Person.name.label("head"),
        )
        .outerjoin(Person, Person.id == Unit.acting_head_id)
        .where(Unit.id.in_(initiative.participating_unit_ids))
        .order_by(Unit.id != initiative.lead_unit_id, Unit.name)
    )
    return list(db.session.execute(query))


def speaks_for(unit_id: int, unit: str, head_id: int | None, by: Person) -> Person | None:
    """Let `by` speak for a unit: the head, for whom None is returned, or a deputy, for whom the head is.

    Raises `Refused` for everybody else, managers too.
    """
    if unit_id not in by.duties.heads:
        raise Refused(_("Only the head of %(unit)s, or the head's deputy, answers.", unit=unit))
    return None if head_id in {None, by.id} else db.session.get(Person, head_id)
