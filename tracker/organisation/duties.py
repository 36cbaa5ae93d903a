"""What somebody stands for today, beyond the role: units, executives, the programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, cast, literal, null, select, union_all
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
    return duties_from(session.execute(held_by(person.id, day, day)), person.role, day)


def duties_from(rows: Iterable[Any], role: str, day: date) -> Duties:
    """Return the duties on `day` of somebody in `role`, from rows of `held_by`."""
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.starts is None or row.starts <= day <= row.ends:
            found.setdefault(row.duty, set()).add(row.about_id)
    sponsors = found.get("sponsor", ()) if role == "executive" else ()
    return Duties(
        heads=frozenset(found.get("head", ())),
        sponsors_for=frozenset(sponsors),
        is_owner="owner" in found,
        is_alternate="alternate" in found,
    )


def held_by(person_id: Any, first: Any, last: Any) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the statement of what somebody stands for on any day from `first` to `last`: `duty`, `about_id` (a unit for
    a head, an executive for a sponsor's deputy), and for a deputy `starts` and `ends`. All three may be parameters."""
    tables = Model.metadata.tables
    unit, organisation = tables["unit"].c, tables["organisation"].c
    deputyship, people = tables["deputyship"].c, tables["person"].c
    undated = (cast(null(), Date).label("starts"), cast(null(), Date).label("ends"))
    stands_in = (
        select(literal("sponsor"), deputyship.person_id, deputyship.starts, deputyship.ends)
        .join_from(tables["deputyship"], tables["person"], people.id == deputyship.person_id)
        .where(
            deputyship.deputy_id == person_id,
            deputyship.starts <= last,
            deputyship.ends >= first,
            deputyship.revoked_at.is_(None),
            people.ended_at.is_(None),
        )
    )
    for_a_head = stands_in.with_only_columns(
        literal("head"), unit.id, deputyship.starts, deputyship.ends
    ).join(tables["unit"], unit.acting_head_id == deputyship.person_id)
    return union_all(
        select(literal("head").label("duty"), unit.id.label("about_id"), *undated).where(
            unit.ended_at.is_(None), unit.acting_head_id == person_id
        ),
        for_a_head.where(unit.ended_at.is_(None), deputyship.capacity == "head"),
        stands_in.where(deputyship.capacity == "sponsor"),
        select(literal("owner"), organisation.id, *undated).where(
            organisation.programme_owner_id == person_id
        ),
        select(literal("alternate"), organisation.id, *undated).where(
            organisation.alternate_id == person_id
        ),
    )
