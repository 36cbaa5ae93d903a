"""What somebody stands for today, beyond the role: units, executives, the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import object_session

from tracker.clock import local_day, now
from tracker.db import Model, db


@dataclass(frozen=True)
class Duties:
    """What a person stands for today, beyond the role."""

    heads: frozenset[int] = frozenset()  # units, as head, acting head or dated deputy
    sponsors_for: frozenset[int] = frozenset()  # executives whose dated deputy this person is
    is_owner: bool = False
    is_alternate: bool = False


def duties_of(person: Any, on: date | None = None) -> Duties:
    """Return what `person` stands for on the day `on`, in three short queries.

    Without `on` it is today, in the organisation's time zone. A deputy's deputy stands for nobody:
    only deputyships of the heads and executives themselves are read (rule 14).
    """
    tables = Model.metadata.tables
    unit, organisation = tables["unit"].c, tables["organisation"].c
    deputyship, people = tables["deputyship"].c, tables["person"].c
    session = object_session(person) or db.session
    named = session.execute(
        select(organisation.programme_owner_id, organisation.alternate_id, organisation.time_zone)
    ).first()
    day = on or local_day(now(), named.time_zone if named else "UTC")
    stands_in = session.execute(
        select(deputyship.person_id, deputyship.capacity)
        .join(tables["person"], people.id == deputyship.person_id)
        .where(
            deputyship.deputy_id == person.id,
            deputyship.starts <= day,
            deputyship.ends >= day,
            deputyship.revoked_at.is_(None),
            people.ended_at.is_(None),
        )
    ).all()
    head_for = [row.person_id for row in stands_in if row.capacity == "head"]
    sponsors = [row.person_id for row in stands_in if row.capacity == "sponsor"]
    heads = session.scalars(
        select(unit.id).where(
            unit.ended_at.is_(None),
            or_(unit.acting_head_id == person.id, unit.acting_head_id.in_(head_for)),
        )
    )
    return Duties(
        heads=frozenset(heads),
        sponsors_for=frozenset(sponsors if person.role == "executive" else ()),
        is_owner=bool(named and named.programme_owner_id == person.id),
        is_alternate=bool(named and named.alternate_id == person.id),
    )
