"""Since when units are asked, as the trail says, and the times on hold meanwhile: all that their ten days depend on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import cast, literal, null, select

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db
from tracker.initiatives.holds import Hold
from tracker.initiatives.pauses import Pause, pause_of
from tracker.initiatives.signatures import MODULE
from tracker.organisation.settings import Organisation

# The kinds by which units come and go, and the key that names the unit.
_UNITS = {
    Kind.initiative_unit_joined: "unit_id",
    Kind.initiative_unit_left: "unit_id",
    Kind.initiative_lead_unit_changed: "lead_unit_id",
}

_HOLD = "hold"  # no kind of an event: the rows of holds, which are read in the same statement


@dataclass(frozen=True)
class AskedSince:
    """`joined`: when units came to initiatives that had begun without them, by (initiative, unit); one that was there from
    the beginning is not in it. `switched_on`: when signatures were switched on last; before that no unit was asked.
    `pauses`: the times on hold of initiatives, in their order; one that never was is not in it."""

    joined: Mapping[tuple[int, int], datetime]
    switched_on: datetime | None
    pauses: Mapping[int, list[Pause]]


def asked_since(initiative_ids: Collection[int]) -> AskedSince:
    """Return since when the units of these initiatives are asked, in one query; in none for no initiative."""
    if not initiative_ids:
        return AskedSince({}, None, {})
    ends = cast(null(), Hold.ended_at.type).label("ends")
    columns = (Event.id, Event.initiative_id, Event.kind, Event.at, Event.before, Event.after, ends)
    moves = select(*columns).where(
        Event.initiative_id.in_(list(initiative_ids)), Event.kind.in_(sorted(_UNITS))
    )
    settings = select(*columns).where(
        Event.subject_type == Organisation.subject_type,
        Event.subject_id == 1,
        Event.kind == Kind.settings_changed,
    )
    holds = select(
        Hold.id, Hold.initiative_id, literal(_HOLD), Hold.begun_at, null(), null(), Hold.ended_at
    ).where(Hold.initiative_id.in_(list(initiative_ids)))
    rows = db.session.execute(moves.union_all(settings, holds)).all()
    pauses: dict[int, list[Pause]] = {}
    came: dict[tuple[int, int], datetime] = {}
    switched_on = None
    for row in sorted(rows, key=lambda row: row.id):
        if row.kind == _HOLD:
            pauses.setdefault(row.initiative_id, []).append(pause_of(row.at, row.ends))
        elif row.kind == Kind.settings_changed:
            switched_on = row.at if _switches_on(row) else switched_on
        else:
            _follow(row, came)
    return AskedSince(came, switched_on, pauses)


def _follow(row: Any, came: dict[tuple[int, int], datetime]) -> None:
    """Note in `came` that a unit came or left."""
    kind = Kind(row.kind)
    told = row.before if kind == Kind.initiative_unit_left else row.after
    key = (int(row.initiative_id or 0), int((told or {}).get(_UNITS[kind]) or 0))
    if kind == Kind.initiative_unit_left:
        came.pop(key, None)
    elif kind == Kind.initiative_unit_joined:
        came[key] = row.at
    else:
        came.setdefault(key, row.at)


def _switches_on(row: Any) -> bool:
    was, now = ((part or {}).get("modules") or [] for part in (row.before, row.after))
    return MODULE in now and MODULE not in was
