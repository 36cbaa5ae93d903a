"""Charters that wait for heads and sponsors, over all initiatives; nothing does while signatures are off (rule 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.agreeing import SILENCE, TOLD_ABOVE
from tracker.initiatives.asking_since import asked_since
from tracker.initiatives.awaiting import Waiting, going_on, sponsored_by, takes_part
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.models import Initiative
from tracker.initiatives.signatures import Signature, Stance, signatures_on
from tracker.organisation.calendars import WorkingDays, working_days
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

LOOKED_AT = 200  # rows that are read before working days are counted

newest = aliased(CharterVersion)  # the newest version of an initiative
binding = aliased(CharterVersion)  # the one whose signatures count for it


def unsigned_for(person: Person, limit: int) -> list[Waiting]:
    """Return the charters on which a unit that `person` heads, or is deputy for, has not answered, the oldest first."""
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return []
    query = _asked(person, binding.published_at).where(Unit.id.in_(heads), ~_answered())
    return [waiting for waiting, _row in _told(query.limit(limit))]


def silent_below(person: Person, limit: int, now: datetime) -> list[Waiting]:
    """Return the charters on which a unit right below one that `person` heads has been silent for `TOLD_ABOVE` working days."""
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return []
    below = and_(Unit.parent_id.in_(heads), Unit.id.not_in(heads))
    old = binding.published_at <= now - timedelta(days=TOLD_ABOVE)
    query = _asked(person, binding.published_at).where(below, old, ~_answered())
    aged = _aged(_told(query.limit(LOOKED_AT)), now)
    return [waiting for waiting, days in aged if days > TOLD_ABOVE][:limit]


def reworded_for(person: Person, limit: int, now: datetime) -> list[Waiting]:
    """Return the charters of which only the wording changed since a unit that `person` heads signed.

    The signature holds. The head is told for `SILENCE` working days, or until the unit answers again.
    """
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return []
    query = _asked(person, newest.published_at).where(
        Unit.id.in_(heads),
        newest.binding < newest.number,
        newest.published_at > now - timedelta(days=5 * SILENCE),
        _answered(Signature.stance == Stance.signed),
        ~_answered(CharterVersion.number == newest.number),
    )
    aged = _aged(_told(query.limit(LOOKED_AT)), now)
    return [waiting for waiting, days in aged if days <= SILENCE][:limit]


def objections_for(person: Person, limit: int) -> list[Waiting]:
    """Return the objections that `person`, as sponsor or the sponsor's deputy, may override, the oldest first."""
    if not signatures_on():
        return []
    later = aliased(Signature)
    answered_since = exists().where(
        later.initiative_id == Initiative.id,
        later.unit_id == Unit.id,
        later.replaced_at.is_(None),
        later.version_id > Signature.version_id,  # those of one initiative are made in order
    )
    query = (
        _asked(person, Signature.at)
        .join(Signature, and_(Signature.initiative_id == Initiative.id, Signature.unit_id == Unit.id))
        .where(
            sponsored_by(person),
            Signature.stance == Stance.objected,
            Signature.replaced_at.is_(None),
            Signature.overridden_at.is_(None),
            Signature.version_id >= binding.id,
            ~answered_since,
        )
    )  # fmt: skip
    rows = db.session.execute(query.limit(limit))
    return [Waiting(row.ref, row.title, row.unit, row.since) for row in rows]


def _asked(person: Person, since: Any) -> Select[Any]:
    """The units that the present charters ask, one row for each, the oldest first."""
    number = select(func.max(CharterVersion.number)).where(
        CharterVersion.initiative_id == Initiative.id
    )
    columns: tuple[Any, ...] = (
        *(Initiative.id, Initiative.ref, Initiative.title, Unit.id.label("unit_id")),
        *(Unit.name.label("unit"), Unit.acting_calendar_id, since.label("since")),
    )
    query: Any = (
        going_on(person)
        .with_only_columns(*columns)
        .join(newest, newest.initiative_id == Initiative.id)
        .join(
            binding,
            and_(binding.initiative_id == Initiative.id, binding.number == newest.binding),
        )
        .join(Unit, takes_part())
        .where(newest.number == number.correlate(Initiative).scalar_subquery())
        .order_by(since, Initiative.id, Unit.id)
    )
    return query


def _answered(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that the unit has answered a version whose signatures count now."""
    return (
        exists()
        .where(
            Signature.unit_id == Unit.id,
            Signature.replaced_at.is_(None),
            Signature.version_id == CharterVersion.id,
            CharterVersion.initiative_id == Initiative.id,
            CharterVersion.number >= newest.binding,
            *more,
        )
        .correlate(Initiative, Unit, newest)
    )


def _told(query: Select[Any]) -> list[tuple[Waiting, Any]]:
    """Read the rows; a unit is asked once it takes part and signatures are in use, not before."""
    rows = list(db.session.execute(query))
    asked = asked_since({row.id for row in rows})
    found = []
    for row in rows:
        moments = (row.since, asked.joined.get((row.id, row.unit_id)), asked.switched_on)
        since = max(moment for moment in moments if moment is not None)
        found.append((Waiting(row.ref, row.title, row.unit, since), row))
    return found


def _aged(told: Iterable[tuple[Waiting, Any]], now: datetime) -> list[tuple[Waiting, int]]:
    """Count how many working days of its unit each has waited."""
    told, organisation = list(told), Organisation.current()
    fallback = organisation.calendar_id or 0
    calendars = working_days({row.acting_calendar_id or fallback for _waiting, row in told})
    today = local_day(now, organisation.time_zone)
    return [
        (
            waiting,
            calendars.get(row.acting_calendar_id or fallback, WorkingDays()).between(
                local_day(waiting.since, organisation.time_zone), today
            ),
        )
        for waiting, row in told
    ]
