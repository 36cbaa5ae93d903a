"""What of a partner's work is not over, as it stands today: late actions, and blockers still held. For many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, literal, or_, select, union_all

from tracker.actions.models import Action
from tracker.blockers.holders import Holder
from tracker.blockers.silos import SiloPair, days_of
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit
from tracker.partners.figures import Open


def going_on(calendars: dict[int, int | None], today: date) -> dict[int, Open]:
    """Return what is not over of each of these partners, {id: its calendar}, in five statements.

    Days of blockers come from the sums that the matrix keeps.
    """
    overdue, keys = late(calendars, today), {f"p{id_}": id_ for id_ in calendars}
    pairs = _pairs(list(keys))
    of_holders = _calendars_of(pairs)
    known = EveryCalendar()
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    waited: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        so_far, _over = days_of(pair, known.of(of_holders.get(pair.holder_key)), today)
        for sums, key in ((held, pair.holder_key), (waited, pair.blocked_key)):
            if key in keys:
                sums[keys[key]][0] += pair.open_count
                sums[keys[key]][1] += so_far
    return {id_: Open(*held[id_], *waited[id_], overdue=overdue.get(id_, 0)) for id_ in calendars}


def late_actions(today: date) -> Any:
    """Return the condition that a partner's action is late: open, its last day has passed, and nothing is on hold (rule 6)."""
    held = exists().where(Initiative.id == Action.initiative_id, Initiative.held_at.is_not(None))
    return and_(Action.last_on < today, ~held)


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


def _calendars_of(pairs: Sequence[Any]) -> dict[str, int | None]:
    """Return the calendar of each holder of `pairs` by its key, in one statement."""
    holders = [Holder.from_key(pair.holder_key) or Holder() for pair in pairs]
    units, partners = {one.unit_id for one in holders}, {one.partner_id for one in holders}
    query = union_all(
        select(literal("u"), Unit.id, Unit.acting_calendar_id).where(Unit.id.in_(units - {None})),
        select(literal("p"), Partner.id, Partner.calendar_id).where(
            Partner.id.in_(partners - {None})
        ),
    )
    return {f"{kind}{id_}": calendar_id for kind, id_, calendar_id in db.session.execute(query)}
