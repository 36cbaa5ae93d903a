"""Who settles a dispute: the sponsor, and where they head either side, the programme owner (rule 23)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, and_, case, exists, func, or_, select

from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit


def settler_of(blocker: Any) -> ScalarSelect[int | None]:
    """Return the query for the id of the person who settles a dispute over `blocker`, the class or an alias of it.

    It is the sponsor; where there is none, or they head the holding or the waiting unit, the programme owner; where that
    one heads either, the alternate. None while the settings name nobody.
    """
    candidates = (Initiative.sponsor_id, Organisation.programme_owner_id, Organisation.alternate_id)
    fit = (
        case((and_(person.is_not(None), ~_heads_either(blocker, person)), person))
        for person in candidates
    )
    return (
        select(func.coalesce(*fit, Organisation.programme_owner_id))
        .select_from(Initiative)
        .outerjoin(Organisation, Organisation.id == 1)
        .where(Initiative.id == blocker.initiative_id)
        .correlate(blocker)
        .scalar_subquery()
    )


def settler_now(blocker: Any, blocker_id: int) -> Person | None:
    """Return that person for the blocker with this id, of the class `blocker`, as it stands now."""
    whose = select(settler_of(blocker)).where(blocker.id == blocker_id).scalar_subquery()
    return db.session.scalars(select(Person).where(Person.id == whose)).one_or_none()


def _heads_either(blocker: Any, person: Any) -> Any:
    sides = or_(Unit.id == blocker.holder_unit_id, Unit.id == blocker.blocked_unit_id)
    return (
        exists()
        .where(sides, Unit.acting_head_id == person)
        .correlate(blocker, Initiative, Organisation)
    )
