"""Holding periods: who owed it from which day to which, so that ages are summed by each holder's calendar (rule 25)."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.blockers import silos
from tracker.blockers.holders import Calendars, Holder, one_holder, one_waits
from tracker.db import Model, db


class BlockerHolding(Model):
    """One holder's turn. Who waits stands here too: the two together are one pair of the silo matrix."""

    __tablename__ = "blocker_holding"
    __table_args__ = (
        *one_holder(),
        one_waits(),
        Index("ix_blocker_holding_blocker_id", "blocker_id"),
        Index("ix_blocker_holding_pair", "holder_key", "blocked_key", "ends", "starts"),
    )
    subject_type: ClassVar[str] = "blocker_holding"

    on_trail: ClassVar[Declared] = declare(
        "blocker_id holder_unit_id holder_partner_id blocked_unit_id blocked_partner_id starts ends",
        "holder_outside",
        left={"holder_key": "made from the holder", "blocked_key": "made from who waits"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    blocker_id: Mapped[int] = mapped_column(ForeignKey("blocker.id", ondelete="CASCADE"))
    holder_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    holder_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    holder_outside: Mapped[str | None] = mapped_column(String(200))
    holder_key: Mapped[str] = mapped_column(String(14))
    blocked_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    blocked_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    blocked_key: Mapped[str] = mapped_column(String(14))
    starts: Mapped[date]
    ends: Mapped[date | None]

    @property
    def pair(self) -> silos.Pair:
        return self.holder_key, self.blocked_key


def holdings_of(blocker_id: int) -> list[BlockerHolding]:
    """Return the holding periods of a blocker, oldest first; while it is open, the last has no end."""
    query = (
        select(BlockerHolding)
        .where(BlockerHolding.blocker_id == blocker_id)
        .order_by(BlockerHolding.id)
    )
    return list(db.session.scalars(query))


def held_since(blocker_id: int) -> date:
    """Return the day on which the present holder got it; what was resolved and reopened in between is theirs since then."""
    last, *earlier = reversed(holdings_of(blocker_id))
    same = takewhile(lambda turn: turn.holder_key == last.holder_key, earlier)
    return min([last.starts, *(turn.starts for turn in same)])


def begin(blocker_id: int, holder: Holder, waits: Holder, on: date, calendars: Calendars) -> None:
    """Begin a holder's turn on the day `on`, with `waits` waiting."""
    turn = BlockerHolding(
        blocker_id=blocker_id,
        holder_key=holder.key,
        blocked_unit_id=waits.unit_id,
        blocked_partner_id=waits.partner_id,
        blocked_key=waits.key,
        starts=on,
        **holder.columns,
    )
    db.session.add(turn)
    db.session.flush()
    silos.shift(turn.pair, holder, calendars, now=(on, None))


def end(blocker_id: int, on: date, calendars: Calendars) -> None:
    """End the turn that is going on, if there is one."""
    turn = holdings_of(blocker_id)[-1]
    if turn.ends is None:
        turn.ends = max(on, turn.starts)
        db.session.flush()
        silos.shift(
            turn.pair,
            Holder.of(turn),
            calendars,
            was=(turn.starts, None),
            now=(turn.starts, turn.ends),
        )


def resume(blocker_id: int, calendars: Calendars) -> None:
    """Take back the end of the last turn: what was called resolved stood in the way all along (rule 23)."""
    turn = holdings_of(blocker_id)[-1]
    if turn.ends is not None:
        was, turn.ends = turn.ends, None
        db.session.flush()
        silos.shift(
            turn.pair, Holder.of(turn), calendars, was=(turn.starts, was), now=(turn.starts, None)
        )


def wait_in(blocker_id: int, waits: Holder, calendars: Calendars) -> None:
    """Correct who waited, in every holding period."""
    turns = holdings_of(blocker_id)
    moves = [(turn, turn.pair, (turn.holder_key, waits.key)) for turn in turns]
    silos.lock([pair for _turn, *pairs in moves for pair in pairs])
    for turn, old, new in moves:
        turn.blocked_unit_id, turn.blocked_partner_id = waits.unit_id, waits.partner_id
        turn.blocked_key = waits.key
        db.session.flush()
        silos.shift(old, Holder.of(turn), calendars, was=(turn.starts, turn.ends))
        silos.shift(new, Holder.of(turn), calendars, now=(turn.starts, turn.ends))
