"""Charters that wait for heads and sponsors, over all initiatives; nothing does while signatures are off (rule 3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from tracker.initiatives.agreeing import SILENCE, TOLD_ABOVE
from tracker.initiatives.awaiting import first, going_on, sponsored_by, takes_part
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.models import Initiative
from tracker.initiatives.signatures import Signature, Stance, signatures_on
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

LOOKED_AT = 200  # rows that are read before working days are counted

_IN_ORDER = (Initiative.id, Unit.id)
newest = aliased(CharterVersion)  # the newest version of an initiative
binding = aliased(CharterVersion)  # the one whose signatures count for it
Later = aliased(Signature)


def unsigned(person: Person, limit: int) -> Select[Any] | None:
    """Return the list of charters on which a unit that `person` heads, or is deputy for, has not answered, the oldest first."""
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return None
    query = _asked(person, binding.published_at).where(Unit.id.in_(heads), ~_answered())
    return first(query, binding.published_at, *_IN_ORDER, limit=limit)


def maybe_silent(person: Person, now: datetime) -> Select[Any] | None:
    """Return the list of charters on which a unit right below one that `person` heads may have been silent for long.

    The days that count are not counted here: see `agreements_of`.
    """
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return None
    below = and_(Unit.parent_id.in_(heads), Unit.id.not_in(heads))
    old = binding.published_at <= now - timedelta(days=TOLD_ABOVE)
    query = _asked(person, binding.published_at).where(below, old, ~_answered())
    return first(query, binding.published_at, *_IN_ORDER, limit=LOOKED_AT)


def maybe_reworded(person: Person, now: datetime) -> Select[Any] | None:
    """Return the list of charters of which maybe only the wording changed since a unit that `person` heads signed.

    The signature holds. The head is told for `SILENCE` working days, or until the unit answers again.
    """
    heads = person.duties.heads
    if not signatures_on() or not heads:
        return None
    query = _asked(person, newest.published_at).where(
        Unit.id.in_(heads),
        newest.binding < newest.number,
        newest.published_at > now - timedelta(days=5 * SILENCE),
        _answered(Signature.stance == Stance.signed),
        ~_answered(CharterVersion.number == newest.number),
    )
    return first(query, newest.published_at, *_IN_ORDER, limit=LOOKED_AT)


def objections(person: Person, limit: int) -> Select[Any] | None:
    """Return the list of objections that `person`, as sponsor or the sponsor's deputy, may override, the oldest first."""
    if not signatures_on():
        return None
    answered_since = exists().where(
        Later.initiative_id == Initiative.id,
        Later.unit_id == Unit.id,
        Later.replaced_at.is_(None),
        Later.version_id > Signature.version_id,  # those of one initiative are made in order
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
    return first(query, Signature.at, *_IN_ORDER, limit=limit)


def _asked(person: Person, since: Any) -> Select[Any]:
    """The units that the present charters ask, one row for each."""
    number = select(func.max(CharterVersion.number)).where(
        CharterVersion.initiative_id == Initiative.id
    )
    columns: tuple[Any, ...] = (
        *(Initiative.id, Initiative.ref, Initiative.title, Unit.id.label("unit_id")),
        *(Unit.name.label("unit"), Unit.acting_calendar_id.label("calendar_id")),
        since.label("since"),
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
