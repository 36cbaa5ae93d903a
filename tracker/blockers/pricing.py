"""What a blocker costs, read: its days, the milestones that moved meanwhile, money, and the same for its whole initiative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tracker.benefits.models import MODULE, Benefit
from tracker.blockers.ages import CALENDAR, TURN
from tracker.blockers.clocks import Spell, joined
from tracker.blockers.costs import Whole, Yearly, whole, yearly
from tracker.blockers.holders import Calendars
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.lines import Line
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.milestones.models import Milestone
from tracker.milestones.moves import MilestoneMove
from tracker.organisation.partners import Partner
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

MOST = 2000  # holding periods of one initiative that are summed, the latest


@dataclass(frozen=True, slots=True)
class Price:
    """What one blocker costs. `moved` are the milestones of its initiative that slipped while it stood in the way.

    `estimate` is the part of the yearly benefit that is `claimed`, by the days of the blocker; None where a cost was entered,
    where nothing is claimed, and while the module of benefits is off. `whole` is that of all blockers of the initiative; None
    where there is no other.
    """

    moved: int
    claimed: Yearly | None
    estimate: Decimal | None
    whole: Whole | None


def price_of(line: Line, today: date) -> Price:
    """Return what a blocker costs up to `today`, in four statements. Only for people who may see its initiative."""
    claimed = claimed_by(line.initiative_id)
    spells, costs = _of_initiative(line.initiative_id)
    entered = line.cost is not None
    return Price(
        moved=_moved(line),
        claimed=claimed,
        estimate=claimed.for_days(line.days) if claimed and not entered else None,
        whole=whole(spells, costs, claimed, today) if len(spells) > 1 else None,
    )


def claimed_by(initiative_id: int) -> Yearly | None:
    """Return the benefit that an initiative claims for a year; None while the module of benefits is off."""
    if MODULE not in Organisation.current().modules:
        return None
    planned = select(Benefit.quarter, Benefit.planned).where(
        Benefit.initiative_id == initiative_id, Benefit.planned.is_not(None)
    )
    return yearly({quarter: amount for quarter, amount in db.session.execute(planned) if amount})


def _moved(line: Line) -> int:
    """Return how many milestones were moved to a later day since it was raised, and before it was over."""
    over = line.resolved_at or line.closed_at
    slips = select(func.count(MilestoneMove.milestone_id.distinct())).join(
        Milestone, Milestone.id == MilestoneMove.milestone_id
    )
    slips = slips.where(
        Milestone.initiative_id == line.initiative_id,
        MilestoneMove.to_on > MilestoneMove.from_on,
        MilestoneMove.moved_at >= line.raised_at,
        *((MilestoneMove.moved_at <= over,) if over else ()),
    )
    return db.session.scalar(slips) or 0


def _of_initiative(initiative_id: int) -> tuple[Mapping[int, list[Spell]], dict[int, Decimal]]:
    """Return by blocker of an initiative its spells, and the costs that were entered."""
    known = Calendars()
    turns: dict[int, list[Any]] = defaultdict(list)
    costs: dict[int, Decimal] = {}
    query = (
        select(*TURN, BlockerHolding.blocker_id, Blocker.cost, CALENDAR)
        .join(Blocker, Blocker.id == BlockerHolding.blocker_id)
        .outerjoin(Unit, Unit.id == BlockerHolding.holder_unit_id)
        .outerjoin(Partner, Partner.id == BlockerHolding.holder_partner_id)
        .where(Blocker.initiative_id == initiative_id)
        .order_by(BlockerHolding.id.desc())
    )
    for row in reversed(db.session.execute(query.limit(MOST)).all()):
        days = known.of(row.calendar_id)
        turns[row.blocker_id].append((row.holder_key, row.starts, row.ends, days))
        if row.cost is not None:
            costs[row.blocker_id] = row.cost
    return {id_: joined(its) for id_, its in turns.items()}, costs
