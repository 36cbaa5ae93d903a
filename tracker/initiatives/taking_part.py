"""Who takes part in an initiative: people with their part, units, partners; read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.initiatives.memberships import Membership, Responsibility
from tracker.initiatives.models import Initiative
from tracker.initiatives.participants import Participant
from tracker.initiatives.rating import Rating
from tracker.initiatives.reaching import Involvement, Participation
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

Head = aliased(Person)


@dataclass(frozen=True)
class TakingPart:
    """Who takes part: `people` (rows with `membership_id`, `person_id`, `name`, `place` and the part they have),
    `units` and `partners` (rows with `id`, `name`, `place`, their slug)."""

    people: list[Any]
    units: list[Any]
    partners: list[Any]


def taking_part(initiative: Initiative) -> TakingPart:
    """Return who takes part, in one statement; the initiative then knows its team and its units."""
    nothing = (null(),) * 7
    of_units = ("acting_head_id", "acting_calendar_id", "head", "rating")
    people = (
        select(
            literal("person").label("kind"),
            Membership.person_id.label("id"),
            Person.name,
            Unit.name.label("place"),
            Membership.id.label("membership_id"),
            Membership.responsibility.label("responsibility"),
            Membership.discipline.label("discipline"),
            Membership.what_for.label("what_for"),
            Membership.share.label("share"),
            Membership.share_agreed_by_id.label("agreed_by_id"),
            Membership.unit_id.label("of_unit_id"),
            *(null().label(column) for column in of_units),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Membership.initiative_id == initiative.id, Membership.left_at.is_(None))
    )
    beside = select(Participation.unit_id).where(Participation.initiative_id == initiative.id)
    units = (
        select(
            *(literal("unit"), Unit.id, Unit.name, Unit.slug, *nothing),
            *(Unit.acting_head_id, Unit.acting_calendar_id, Head.name, Rating.rating),
        )
        .outerjoin(Head, Head.id == Unit.acting_head_id)
        .outerjoin(Rating, (Rating.unit_id == Unit.id) & (Rating.initiative_id == initiative.id))
        .where(or_(Unit.id == initiative.lead_unit_id, Unit.id.in_(beside)))
    )
    partners = (
        select(
            *(literal("partner"), Partner.id, Partner.name, Partner.slug, *nothing),
            *(null() for _column in of_units),
        )
        .join(Involvement, Involvement.partner_id == Partner.id)
        .where(Involvement.initiative_id == initiative.id)
    )
    rows = db.session.execute(union_all(people, units, partners)).all()
    found: dict[str, list[Any]] = {"person": [], "unit": [], "partner": []}
    for row in rows:
        found[row.kind].append(row)
    order = {part: place for place, part in enumerate(Responsibility)}
    team = sorted(found["person"], key=lambda row: (order[row.responsibility], row.membership_id))
    lead_unit, others = _lead_unit_apart(found["unit"], initiative.lead_unit_id)
    initiative.take_team(
        [_Seat(row.id, row.responsibility) for row in team],
        [row.id for row in others],
        [_participant(row) for row in (*lead_unit, *others)],
    )
    partners_by_name = sorted(found["partner"], key=lambda row: row.name.casefold())
    return TakingPart(team, others, partners_by_name)


def _lead_unit_apart(units: list[Any], lead_unit_id: int) -> tuple[list[Any], list[Any]]:
    by_name = sorted(units, key=lambda row: row.name.casefold())
    leading = [row for row in by_name if row.id == lead_unit_id]
    return leading, [row for row in by_name if row.id != lead_unit_id]


@dataclass(frozen=True)
class _Seat:
    person_id: int
    responsibility: Responsibility


def _participant(row: Any) -> Participant:
    return Participant(
        row.id,
        row.name,
        row.place,
        row.acting_head_id,
        row.acting_calendar_id,
        row.head,
        row.rating,
    )
