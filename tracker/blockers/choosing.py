"""Who can hold a blocker and who can wait for one, and which of them an address names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, literal, select

from tracker.blockers.holders import OUTSIDE, Holder
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit
from tracker.wording import sort_key


def holder_choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the units and the partners that may hold a blocker, as (key, name), in one statement."""
    units = select((literal("u") + cast(Unit.id, String)).label("key"), Unit.name).where(
        Unit.ended_at.is_(None)
    )
    partners = select((literal("p") + cast(Partner.id, String)).label("key"), Partner.name).where(
        Partner.ended_at.is_(None)
    )
    rows = [(row.key, row.name) for row in db.session.execute(units.union_all(partners))]
    found = sorted(rows, key=lambda row: sort_key(row[1]))
    return [row for row in found if row[0][0] == "u"], [row for row in found if row[0][0] == "p"]


def held_by(key: str | None) -> Any:
    """Return the condition that the holder with this key holds a blocker; None for what is no key."""
    if key == OUTSIDE:
        return Blocker.holder_outside.is_not(None)
    holder = Holder.from_key(key)
    if holder is None:
        return None
    column = Blocker.holder_unit_id if holder.unit_id else Blocker.holder_partner_id
    return column == (holder.unit_id or holder.partner_id)


def waiting(key: str | None) -> Any:
    """Return the condition that the unit or partner with this key waits; None for what is no key."""
    found = Holder.from_waiting(key)
    if found is None:
        return None
    if found.unit_id:
        return Blocker.blocked_unit_id == found.unit_id
    return Blocker.blocked_partner_id == found.partner_id
