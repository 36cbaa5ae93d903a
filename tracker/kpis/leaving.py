"""Somebody's access ends: the KPIs they owned pass on at once (rule 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.kpis.models import Kpi
from tracker.organisation.handing_over import Handed
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

OWNER = "kpi owner"


def hand_over_kpis(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass the KPIs of `person` to whoever heads the unit that answers for each or one above, else to the programme
    owner, else to nobody; return what went where."""
    owned = select(Kpi).where(Kpi.owner_id == person.id).order_by(Kpi.id).with_for_update()
    handed = []
    for kpi in db.session.scalars(owned).all():
        heir_id = _heir(kpi.unit_id, person)
        kpi.pass_to(heir_id)
        kpi.record(
            Kind.duty_handed_over, by=by, now=now, before={"duty": OWNER, "person_id": person.id},
            after={"duty": OWNER, "heir_id": heir_id},
        )  # fmt: skip
        handed.append(Handed(OWNER, kpi.name, heir_id))
    return handed


def _heir(unit_id: int | None, leaving: Person) -> int | None:
    heads = {
        row.id: row for row in db.session.execute(select(Unit.id, Unit.parent_id, Unit.head_id))
    }
    above = heads.get(unit_id) if unit_id else None
    while above is not None:
        if _able(above.head_id, leaving):
            return above.head_id
        above = heads.get(above.parent_id)
    owner_id = Organisation.current().programme_owner_id
    return owner_id if _able(owner_id, leaving) else None


def _able(person_id: int | None, leaving: Person) -> bool:
    person = db.session.get(Person, person_id) if person_id not in (None, leaving.id) else None
    return person is not None and person.works_here
