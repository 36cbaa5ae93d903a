"""Who blocks whom, counted as it changes: one row for each pair of a holder and a unit or partner that waits (rule 27).

The matrix reads these rows alone, so it costs the same however many blockers there were. Days of what is open are
kept as a sum of ordinals: today's ordinal times how many are open, less that sum. A row counted by other working
days than the holder has now (its stamp differs) is counted anew, on reading as on writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, String, func, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.blockers.holders import Calendars, Holder, stamp
from tracker.db import Model, db
from tracker.dialects import insert_into
from tracker.organisation.calendars import WorkingDays

Pair = tuple[str, str]  # the key of the holder, and of who waits
Turn = tuple[date, date | None]


class SiloPair(Model):
    """The sums over all holding periods of one holder, with one unit or partner waiting."""

    __tablename__ = "silo_pair"
    __table_args__ = (Index("ix_silo_pair_blocked_key", "blocked_key"),)

    on_trail: ClassVar[Declared] = left_out(
        "kept sums of the holding periods, which are counted again at any time"
    )

    holder_key: Mapped[str] = mapped_column(String(14), primary_key=True)
    blocked_key: Mapped[str] = mapped_column(String(14), primary_key=True)
    open_count: Mapped[int] = mapped_column(default=0)
    open_starts: Mapped[int] = mapped_column(
        BigInteger, default=0
    )  # ordinals of the days on which open turns began
    oldest_on: Mapped[date | None]  # the first day of the oldest open turn
    over_count: Mapped[int] = mapped_column(default=0)
    over_days: Mapped[int] = mapped_column(BigInteger, default=0)
    stamp: Mapped[str] = mapped_column(String(16), default="")


def shift(
    pair: Pair,
    holder: Holder,
    calendars: Calendars,
    *,
    was: Turn | None = None,
    now: Turn | None = None,
) -> None:
    """Count one turn of `holder` otherwise than before; `was` is None for a new one, `now` for one that left."""
    days = calendars.of_holder(holder)
    (kept,) = lock([pair])
    if kept.stamp != stamp(days):
        recount(kept, days)
        return
    for turn, sign in ((was, -1), (now, 1)):
        if turn is not None:
            _add(kept, turn, sign, days)
    kept.oldest_on = db.session.scalar(_oldest(pair))


def lock(pairs: Iterable[Pair]) -> list[SiloPair]:
    """Return the rows of `pairs`, made where there were none and locked in ascending order."""
    wanted = sorted(set(pairs))
    insert = insert_into(SiloPair, db.engine.dialect.name).on_conflict_do_nothing()
    for key, waits in wanted:
        blank = {"open_count": 0, "open_starts": 0, "over_count": 0, "over_days": 0, "stamp": ""}
        values = {"holder_key": key, "blocked_key": waits, **blank}
        db.session.execute(insert.values(**values))
    same = tuple_(SiloPair.holder_key, SiloPair.blocked_key).in_(wanted)
    query = select(SiloPair).where(same).order_by(SiloPair.holder_key, SiloPair.blocked_key)
    return list(
        db.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    )


def recount(kept: SiloPair, days: WorkingDays) -> None:
    """Count a pair from its holding periods, by the working days that its holder has now."""
    pair = (kept.holder_key, kept.blocked_key)
    fresh = count(pair, turns_of([pair])[pair], days)
    for name in ("open_count", "open_starts", "oldest_on", "over_count", "over_days", "stamp"):
        setattr(kept, name, getattr(fresh, name))


def count(pair: Pair, turns: Sequence[Turn], days: WorkingDays) -> SiloPair:
    """Return the sums over `turns`, as a row that is not stored."""
    row = SiloPair(
        holder_key=pair[0],
        blocked_key=pair[1],
        stamp=stamp(days),
        **dict.fromkeys(("open_count", "open_starts", "over_count", "over_days"), 0),
    )
    for turn in turns:
        _add(row, turn, 1, days)
    row.oldest_on = min((starts for starts, ends in turns if ends is None), default=None)
    return row


def turns_of(pairs: Iterable[Pair]) -> dict[Pair, list[Turn]]:
    """Return by pair the days on which its holding periods began and ended, in one statement."""
    wanted = list(pairs)
    turns: dict[Pair, list[Turn]] = {pair: [] for pair in wanted}
    table = _turns()
    columns = (table.c.holder_key, table.c.blocked_key, table.c.starts, table.c.ends)
    same = tuple_(table.c.holder_key, table.c.blocked_key).in_(wanted)
    for key, waits, starts, ends in db.session.execute(select(*columns).where(same)):
        turns[key, waits].append((starts, ends))
    return turns


def days_of(kept: Any, days: WorkingDays, today: date) -> tuple[int, int]:
    """Return the working days of a pair: of its open turns up to `today`, and of those that are over."""
    return max(0, kept.open_count * days.ordinal(today) - kept.open_starts), kept.over_days


def _add(kept: SiloPair, turn: Turn, sign: int, days: WorkingDays) -> None:
    starts, ends = turn
    if ends is None:
        kept.open_count += sign
        kept.open_starts += sign * days.ordinal(starts)
    else:
        kept.over_count += sign
        kept.over_days += sign * days.between(starts, ends)


def _oldest(pair: Pair) -> Any:
    table = _turns()
    same = (
        table.c.holder_key == pair[0],
        table.c.blocked_key == pair[1],
        table.c.ends.is_(None),
    )
    return select(func.min(table.c.starts)).where(*same)


def _turns() -> Any:
    return Model.metadata.tables["blocker_holding"]
