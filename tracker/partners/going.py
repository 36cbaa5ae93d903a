"""What of a partner's work is not over, as it stands today: late actions, and blockers still held. For many at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker.actions.models import Action
from tracker.blockers.silos import SiloPair
from tracker.db import db
from tracker.organisation.calendars import EveryCalendar
from tracker.partners.figures import Open


def going_on(calendars: dict[int, int | None], today: date) -> dict[int, Open]:
    """Return what is not over of each of these partners, {id: its calendar}, in three statements.

    Days of blockers come from the sums that the matrix keeps.
    """
    late = _late(calendars, today)
    held = _held(calendars)
    days = EveryCalendar(set(calendars.values()))
    found = {}
    for id_, calendar_id in calendars.items():
        count, starts = held.get(f"p{id_}", (0, 0))
        so_far = max(0, count * days.of(calendar_id).ordinal(today) - starts)
        found[id_] = Open(held=count, held_days=so_far, overdue=late.get(id_, 0))
    return found


def late_actions(today: date) -> Any:
    """Return the condition that a partner's action is late: open, and its last day has passed."""
    return Action.last_on < today


def _late(ids: Collection[int], today: date) -> dict[int, int]:
    query = select(Action.partner_id, func.count()).group_by(Action.partner_id)
    query = query.where(Action.partner_id.in_(ids), late_actions(today))
    return {id_: count for id_, count in db.session.execute(query) if id_ is not None}


def _held(ids: Collection[int]) -> dict[str, tuple[int, int]]:
    keys = [f"p{id_}" for id_ in ids]
    query = select(
        SiloPair.holder_key, func.sum(SiloPair.open_count), func.sum(SiloPair.open_starts)
    )
    query = query.where(SiloPair.holder_key.in_(keys)).group_by(SiloPair.holder_key)
    return {key: (int(count), int(starts)) for key, count, starts in db.session.execute(query)}
