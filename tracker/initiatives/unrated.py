"""Priorities that wait for heads and sponsors, over all initiatives; nothing does while the module is off (rule 5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, func

from tracker.db import db
from tracker.initiatives.asking_since import asked_since
from tracker.initiatives.awaiting import Waiting, going_on, sponsored_by, takes_part
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import CONFLICT, Rating, Settlement, priorities_on
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def unrated_for(person: Person, limit: int) -> list[Waiting]:
    """Return what a unit that `person` heads, or is deputy for, takes part in and has not rated, the oldest first."""
    heads = person.duties.heads
    if not priorities_on() or not heads:
        return []
    rated = exists().where(Rating.initiative_id == Initiative.id, Rating.unit_id == Unit.id)
    columns = (Initiative.id, Initiative.ref, Initiative.title, Initiative.created_at)
    query = (
        going_on(person)
        .with_only_columns(*columns, Unit.id.label("unit_id"), Unit.name.label("unit"))
        .join(Unit, takes_part())
        .where(Unit.id.in_(heads), ~rated)
        .order_by(Initiative.created_at, Initiative.id, Unit.id)
        .limit(limit)
    )
    rows: list[Any] = list(db.session.execute(query))
    came = asked_since({row.id for row in rows}).joined
    return [
        Waiting(row.ref, row.title, row.unit, came.get((row.id, row.unit_id)) or row.created_at)
        for row in rows
    ]


def unsettled_for(person: Person, limit: int) -> list[Waiting]:
    """Return the priority conflicts that `person`, as sponsor or the sponsor's deputy, may settle, the oldest first."""
    if not priorities_on():
        return []
    settled = exists().where(
        Settlement.initiative_id == Initiative.id, Settlement.reopened_at.is_(None)
    )
    since: Any = func.max(Rating.at).label("since")
    query = (
        going_on(person)
        .with_only_columns(Initiative.id, Initiative.ref, Initiative.title, since)
        .join(Rating, Rating.initiative_id == Initiative.id)
        .join(Unit, and_(Unit.id == Rating.unit_id, takes_part()))
        .where(sponsored_by(person), ~settled)
        .group_by(Initiative.id, Initiative.ref, Initiative.title)
        .having(func.max(Rating.rating) - func.min(Rating.rating) >= CONFLICT)
        .order_by(since, Initiative.id)
        .limit(limit)
    )
    return [Waiting(row.ref, row.title, "", row.since) for row in db.session.execute(query)]
