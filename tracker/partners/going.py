"""What of a partner's work is not over, as it stands today: late actions, and blockers still held. For many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from tracker.actions.models import Action
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.silos import SiloPair, days_of
from tracker.db import db
from tracker.partners.sums import Open


def going_on(ids: Collection[int], today: date, days: Calendars) -> dict[int, Open]:
    """Return what is not over of each of these partners, in two statements; `days` are those of everybody.

    Days of blockers come from the sums that the matrix keeps.
    """
    overdue, keys = late(ids, today), {f"p{id_}": id_ for id_ in ids}
    pairs = _pairs(list(keys))
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    waited: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        holder = Holder.from_key(pair.holder_key) or Holder()
        so_far, _over = days_of(pair, days.of_holder(holder), today)
        for sums, key in ((held, pair.holder_key), (waited, pair.blocked_key)):
            if key in keys:
                sums[keys[key]][0] += pair.open_count
                sums[keys[key]][1] += so_far
    return {id_: Open(*held[id_], *waited[id_], overdue=overdue.get(id_, 0)) for id_ in ids}


def late_actions(today: date) -> Any:
    """Return the condition that an action is late: open, and its last day has passed. One that is on hold has none (rule 6)."""
    return Action.last_on < today


def late(ids: Collection[int], today: date) -> dict[int, int]:
    """Return how many actions of each of these partners are late; one that has none may be missing."""
    query = select(Action.partner_id, func.count()).group_by(Action.partner_id)
    query = query.where(Action.partner_id.in_(ids), late_actions(today))
    return {id_: count for id_, count in db.session.execute(query) if id_ is not None}


def _pairs(keys: list[str]) -> Sequence[Any]:
    """Return the pairs of the matrix in which one of these partners holds something or waits, now."""
    theirs = or_(SiloPair.holder_key.in_(keys), SiloPair.blocked_key.in_(keys))
    columns = (SiloPair.holder_key, SiloPair.blocked_key, SiloPair.open_count, SiloPair.open_starts)
    query = select(*columns, SiloPair.over_days).where(theirs, SiloPair.open_count > 0)
    return db.session.execute(query).all()
