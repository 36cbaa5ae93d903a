"""What waits for an answer about an initiative: the rows that a home page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_

from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.reaching import Participation
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: on which initiative, for or about which unit ("" where it is about all), and since when."""

    ref: str
    title: str
    unit: str
    since: datetime


def going_on(person: Person) -> Select[Any]:
    """Return the select of initiatives that `person` sees, which have not ended and are not on hold."""
    return Initiative.visible_to(person).where(GOING_ON, Initiative.held_at.is_(None))


def takes_part() -> ColumnElement[bool]:
    """Return the condition that a unit takes part in an initiative, leading it or not."""
    beside = exists().where(
        Participation.initiative_id == Initiative.id, Participation.unit_id == Unit.id
    )
    return or_(Initiative.lead_unit_id == Unit.id, beside)


def sponsored_by(person: Person) -> ColumnElement[bool]:
    """Return the condition that `person` sponsors an initiative, or stands in for who does."""
    return Initiative.sponsor_id.in_([person.id, *person.duties.sponsors_for])
