"""Somebody's access ends: the KPIs they owned pass on at once (rule 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.kpis.models import Kpi
from tracker.organisation.handing_over import Handed
from tracker.organisation.heads_above import head_above
from tracker.organisation.people import Person

OWNER = "kpi owner"


def hand_over_kpis(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass the KPIs of `person` to whoever heads the unit that answers for each or one above, else to the programme
    owner, else to nobody; return what went where."""
    owned = select(Kpi).where(Kpi.owner_id == person.id).order_by(Kpi.id).with_for_update()
    handed = []
    for kpi in db.session.scalars(owned).all():
        heir = head_above(kpi.unit_id, person)
        heir_id = heir.id if heir else None
        kpi.pass_to(heir_id)
        kpi.record(
            Kind.duty_handed_over, by=by, now=now, before={"duty": OWNER, "person_id": person.id},
            after={"duty": OWNER, "heir_id": heir_id},
        )  # fmt: skip
        handed.append(Handed(OWNER, kpi.name, heir_id))
    return handed
