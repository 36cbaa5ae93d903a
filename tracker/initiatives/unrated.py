"""Priorities that wait for heads and sponsors, over all initiatives; nothing does while the module is off (rule 5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, func

from tracker.initiatives.awaiting import first, going_on, sponsored_by, takes_part
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import CONFLICT, Rating, Settlement, priorities_on
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def unrated(person: Person, limit: int) -> Select[Any] | None:
    """Return the list of what a unit that `person` heads, or is deputy for, takes part in and has not rated, the oldest first."""
    heads = person.duties.heads
    if not priorities_on() or not heads:
        return None
    rated = exists().where(Rating.initiative_id == Initiative.id, Rating.unit_id == Unit.id)
    query = (
        going_on(person)
        .with_only_columns(
            *(
                Initiative.id,
                Initiative.ref,
                Initiative.title,
                Initiative.created_at.label("since"),
            ),
            *(Unit.id.label("unit_id"), Unit.name.label("unit")),
        )
        .join(Unit, takes_part())
        .where(Unit.id.in_(heads), ~rated)
    )
    return first(query, Initiative.created_at, Initiative.id, Unit.id, limit=limit)


def unsettled(person: Person, limit: int) -> Select[Any] | None:
    """Return the list of priority conflicts that `person`, as sponsor or the sponsor's deputy, may settle, the oldest first."""
    if not priorities_on():
        return None
    settled = exists().where(
        Settlement.initiative_id == Initiative.id, Settlement.reopened_at.is_(None)
    )
    since: Any = func.max(Rating.at)
    query = (
        going_on(person)
        .with_only_columns(Initiative.id, Initiative.ref, Initiative.title, since.label("since"))
        .join(Rating, Rating.initiative_id == Initiative.id)
        .join(Unit, and_(Unit.id == Rating.unit_id, takes_part()))
        .where(sponsored_by(person), ~settled)
        .group_by(Initiative.id, Initiative.ref, Initiative.title)
        .having(func.max(Rating.rating) - func.min(Rating.rating) >= CONFLICT)
    )
    return first(query, since, Initiative.id, limit=limit)
