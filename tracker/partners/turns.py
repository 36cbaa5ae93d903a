"""Blockers on scorecards: each turn of a partner that is over counts with its working days (rules 22 and 25)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import Table, literal, select

from tracker.activity.kinds import Kind
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.partners.facts import Fact
from tracker.partners.scores import Measure, ScoreRow

# The kinds that end a turn, or take its end back.
WATCHED = frozenset(
    {
        *(Kind.blocker_resolved, Kind.blocker_reopened, Kind.blocker_withdrawn),
        *(Kind.blocker_closed_with_initiative, Kind.blocker_passed_on, Kind.blocker_settled),
        *(Kind.blocker_changed,),
    }
)
TURNS, ROWS = cast(Table, BlockerHolding.__table__), cast(Table, ScoreRow.__table__)


def moved(blocker_ids: Collection[int]) -> tuple[list[Any], list[Fact]]:
    """Return the rows that these blockers should not have any more, and those that are missing; it changes nothing."""
    if not blocker_ids:
        return [], []
    connection = db.session().connection()
    kept = {
        (row.holding_id, row.measure): row
        for row in connection.execute(
            select(ROWS)
            .join(TURNS, TURNS.c.id == ROWS.c.holding_id)
            .where(TURNS.c.blocker_id.in_(blocker_ids))
        )
    }
    wanted = {(fact.holding_id, fact.measure): fact for fact in facts_of(blocker_ids)}
    gone = [row for key, row in kept.items() if key not in wanted or _other(row, wanted[key])]
    left = {(row.holding_id, row.measure) for row in gone}
    came = [fact for key, fact in wanted.items() if key not in kept or key in left]
    return gone, came


def _other(row: Any, fact: Fact) -> bool:
    told = fact.columns
    return any(getattr(row, name) != value for name, value in told.items())


def facts_of(blocker_ids: Collection[int] | None = None) -> Iterable[Fact]:
    """Return the rows of these blockers, or of all, from their turns that are over."""
    query = select(TURNS).where(TURNS.c.ends.is_not(None)).order_by(TURNS.c.id)
    query = query.where(TURNS.c.holder_partner_id.is_not(None))
    if blocker_ids is not None:
        query = query.where(TURNS.c.blocker_id.in_(blocker_ids))
    turns, calendars = db.session().connection().execute(query).all(), None
    for turn in turns:
        calendars = calendars or Calendars()
        days = calendars.of_holder(Holder.of(turn)).between(turn.starts, turn.ends)
        yield Fact(turn.holder_partner_id, Measure.held, turn.ends, holding_id=turn.id, days=days)


def open_turns(measure: Measure, partner_id: int) -> Any:
    """Return the select of the partner's turns that go on, the oldest first, with what the page of rows reads of each."""
    del measure
    query = select(
        *(literal(None).label(name) for name in ("day", "action_id")),
        BlockerHolding.blocker_id,
        BlockerHolding.starts,
        BlockerHolding.holder_unit_id,
        BlockerHolding.holder_partner_id,
        BlockerHolding.holder_outside,
    )
    query = query.join(Blocker, Blocker.id == BlockerHolding.blocker_id)
    return query.where(
        Blocker.holder_partner_id == partner_id,
        Blocker.open_since.is_not(None),
        BlockerHolding.ends.is_(None),
    ).order_by(BlockerHolding.starts, BlockerHolding.id)
