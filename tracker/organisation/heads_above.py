"""Who takes over a duty where somebody goes: whoever heads the unit it belongs to, or the nearest one above (rule 2)."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit


def staying(person_id: int | None, leaving: Person) -> Person | None:
    """Return the person with this id if they are not `leaving`, have access and may have duties here."""
    person = db.session.get(Person, person_id) if person_id not in (None, leaving.id) else None
    return person if person is not None and person.works_here else None


def head_above(unit_id: int | None, leaving: Person) -> Person | None:
    """Return who heads a unit once `leaving` is gone: its own head, else the head of a unit above, else the programme owner."""
    units = {
        row.id: row for row in db.session.execute(select(Unit.id, Unit.parent_id, Unit.head_id))
    }
    above = units.get(unit_id)
    while above is not None:
        head = staying(above.head_id, leaving)
        if head is not None:
            return head
        above = units.get(above.parent_id)
    return staying(Organisation.current().programme_owner_id, leaving)
