"""Blockers on scorecards: each turn that is over counts with its working days, by its holder's calendar (rules 22 and 25)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import Table, literal, or_, select

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
        Kind.blocker_withdrawn_with_partner,
        *(Kind.blocker_changed,),
    }
)
WHOSE = {Measure.held: "holder_partner_id", Measure.waited: "blocked_partner_id"}
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
    """Return the rows of these blockers, or of all, from their turns that are over: of the partner that held it, and of
    the partner that waited."""
    query = select(TURNS).where(TURNS.c.ends.is_not(None)).order_by(TURNS.c.id)
    query = query.where(
        or_(*(TURNS.c[whose].is_not(None) for whose in WHOSE.values())),
    )
    if blocker_ids is not None:
        query = query.where(TURNS.c.blocker_id.in_(blocker_ids))
    turns, calendars = db.session().connection().execute(query).all(), None
    for turn in turns:
        calendars = calendars or Calendars()
        days = calendars.of_holder(Holder.of(turn)).between(turn.starts, turn.ends)
        for measure, whose in WHOSE.items():
            partner_id = getattr(turn, whose)
            if partner_id is not None:
                yield Fact(partner_id, measure, turn.ends, holding_id=turn.id, days=days)


def open_turns(measure: Measure, partner_id: int) -> Any:
    """Return the select of the turns that go on, the oldest first, with what the page of rows reads of each.

    They are those in which the partner holds something (`held`), or in which it waits (`waited`).
    """
    query = select(
        *(literal(None).label(name) for name in ("day", "action_id")),
        BlockerHolding.blocker_id,
        BlockerHolding.starts,
        BlockerHolding.holder_unit_id,
        BlockerHolding.holder_partner_id,
        BlockerHolding.holder_outside,
    )
    query = query.join(Blocker, Blocker.id == BlockerHolding.blocker_id)
    whose = WHOSE[measure]
    return query.where(
        getattr(Blocker, whose) == partner_id,
        getattr(BlockerHolding, whose) == partner_id,
        Blocker.open_since.is_not(None),
        BlockerHolding.ends.is_(None),
    ).order_by(BlockerHolding.starts, BlockerHolding.id)
