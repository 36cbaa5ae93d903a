"""What somebody stands for today, beyond the role: units, executives, the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, literal, or_, select, union_all
from sqlalchemy.orm import object_session

from tracker.clock import local_day, now
from tracker.db import Model, db
from tracker.organisation.settings import Organisation


@dataclass(frozen=True)
class Duties:
    """What a person stands for today, beyond the role."""

    heads: frozenset[int] = frozenset()  # units, as head, acting head or dated deputy
    sponsors_for: frozenset[int] = frozenset()  # executives whose dated deputy this person is
    is_owner: bool = False
    is_alternate: bool = False


def duties_of(person: Any, on: date | None = None) -> Duties:
    """Return what `person` stands for on the day `on`, in one short query.

    Without `on` it is today, in the organisation's time zone. A deputy's deputy stands for nobody:
    only deputyships of the heads and executives themselves are read (rule 14).
    """
    session = object_session(person) or db.session
    settings = session.get(Organisation, 1)
    day = on or local_day(now(), settings.time_zone if settings else "UTC")
    found: dict[str, set[int]] = {}
    for duty, id_ in session.execute(_held_by(person.id, day)):
        found.setdefault(duty, set()).add(id_)
    sponsors = found.get("sponsor", ()) if person.role == "executive" else ()
    return Duties(
        heads=frozenset(found.get("head", ())),
        sponsors_for=frozenset(sponsors),
        is_owner="owner" in found,
        is_alternate="alternate" in found,
    )


def _held_by(person_id: int, day: date) -> CompoundSelect[str, Any]:
    """Return the statement of (duty, id): a unit for a head, an executive for a sponsor's deputy."""
    tables = Model.metadata.tables
    unit, organisation = tables["unit"].c, tables["organisation"].c
    deputyship, people = tables["deputyship"].c, tables["person"].c
    stands_in = (
        select(deputyship.person_id)
        .join(tables["person"], people.id == deputyship.person_id)
        .where(
            deputyship.deputy_id == person_id,
            deputyship.starts <= day,
            deputyship.ends >= day,
            deputyship.revoked_at.is_(None),
            people.ended_at.is_(None),
        )
    )
    for_heads = stands_in.where(deputyship.capacity == "head")
    for_sponsors = stands_in.where(deputyship.capacity == "sponsor")
    heads = or_(unit.acting_head_id == person_id, unit.acting_head_id.in_(for_heads))
    return union_all(
        select(literal("head"), unit.id).where(unit.ended_at.is_(None), heads),
        for_sponsors.with_only_columns(literal("sponsor"), deputyship.person_id),
        select(literal("owner"), organisation.id).where(
            organisation.programme_owner_id == person_id
        ),
        select(literal("alternate"), organisation.id).where(organisation.alternate_id == person_id),
    )
