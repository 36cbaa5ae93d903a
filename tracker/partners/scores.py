"""What is kept of each partner's work, quarter by quarter, and the row behind each figure (rule 22).

A row counts in the quarter of its day, by the organisation's time zone: an acceptance, a return, an acknowledgement and a
change of date on the day of it, a blocker on the day on which the partner's turn with it (or ours, of one it raised)
ended. So a quarter that is over changes no more, but where a blocker is reopened.
"""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Model, enum_text
from tracker.dialects import partial_index

WHY = "kept from the trail, from which `tracker scorecards` counts it again"
LONGEST_WAIT = 60  # working days: who waited longer is counted with these


class Measure(StrEnum):
    """What a row is a row of."""

    accepted = "accepted"
    returned = "returned"
    acknowledged = "acknowledged"
    dated = "dated"  # another due date was agreed or set
    held = "held"  # a blocker that the partner held
    waited = "waited"  # a blocker that the partner raised, and we held


class ScoreRow(Model):
    """One thing that happened, as it counts.

    `days` are working days: to acknowledge, of our review (accepted, returned), of a turn (held, waited).
    """

    __tablename__ = "score_row"
    __table_args__ = (
        CheckConstraint("(action_id IS NULL) <> (holding_id IS NULL)", name="one_thing"),
        Index("ix_score_row_partner_id", "partner_id", "quarter", "measure", "day", "id"),
        partial_index("ix_score_row_action_id", "action_id", where="action_id IS NOT NULL"),
        partial_index(
            "uq_score_row_holding_id",
            "holding_id",
            "measure",
            where="holding_id IS NOT NULL",
            unique=True,
        ),
    )

    on_trail: ClassVar[Declared] = left_out(WHY)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    quarter: Mapped[int]  # quarters.Quarter.number
    measure: Mapped[Measure] = mapped_column(enum_text(Measure))
    day: Mapped[date]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    holding_id: Mapped[int | None] = mapped_column(
        ForeignKey("blocker_holding.id", ondelete="CASCADE")
    )
    days: Mapped[int]
    in_time: Mapped[bool | None]  # of accepted ones
    first_time: Mapped[bool | None]  # of accepted ones
    by_us: Mapped[bool | None]  # of dates: we set it, and did not agree to one they proposed


class PartnerScore(Model):
    """The sums of one partner's rows in one quarter."""

    __tablename__ = "partner_score"

    on_trail: ClassVar[Declared] = left_out(WHY)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accepted: Mapped[int]
    in_time: Mapped[int]
    first_time: Mapped[int]
    returned: Mapped[int]
    review_days: Mapped[int]  # of what was accepted or returned
    acknowledged: Mapped[int]
    waits_json: Mapped[str] = mapped_column(Text)  # {working days: how many were acknowledged so}
    wait: Mapped[float | None]  # their median
    dated: Mapped[int]
    dated_by_us: Mapped[int]
    held: Mapped[int]
    held_days: Mapped[int]
    waited: Mapped[int]
    waited_days: Mapped[int]


class ScoresCounted(Model):
    """The mark that everything before was counted: one row."""

    __tablename__ = "scores_counted"

    on_trail: ClassVar[Declared] = left_out("a mark of what was counted: it can be counted again")

    id: Mapped[int] = mapped_column(primary_key=True, default=1)


SUMS = (
    *("accepted", "in_time", "first_time", "returned", "review_days", "acknowledged", "dated"),
    *("dated_by_us", "held", "held_days", "waited", "waited_days"),
)
BLANK: dict[str, Any] = {**dict.fromkeys(SUMS, 0), "waits_json": "{}", "wait": None}


def counted(sums: dict[str, Any], fact: Any, sign: int = 1) -> None:
    """Add what a row counts for to the sums of its quarter, or with a `sign` of -1 take it out."""
    measure = Measure(fact.measure)
    sums[measure.value] += sign
    if measure is Measure.accepted:
        sums["in_time"] += sign * bool(fact.in_time)
        sums["first_time"] += sign * bool(fact.first_time)
    if measure in (Measure.accepted, Measure.returned):
        sums["review_days"] += sign * fact.days
    elif measure is Measure.dated:
        sums["dated_by_us"] += sign * bool(fact.by_us)
    elif measure is Measure.acknowledged:
        waits = {int(days): count for days, count in json.loads(sums["waits_json"]).items()}
        days = min(fact.days, LONGEST_WAIT)
        waits[days] = waits.get(days, 0) + sign
        there = {str(days): count for days, count in sorted(waits.items()) if count}
        sums["waits_json"] = json.dumps(there, separators=(",", ":"))
        sums["wait"] = median(waits)
    elif measure in (Measure.held, Measure.waited):
        sums[f"{measure}_days"] += sign * fact.days


def median(waits: dict[int, int]) -> float | None:
    """Return the median of days, given how often each occurs; of an even number the mean of the two in the middle."""
    total, seen = sum(waits.values()), 0
    places = ((total - 1) // 2, total // 2)
    found: list[int] = []
    for days, count in sorted(waits.items()):
        seen += count
        while len(found) < 2 and total and places[len(found)] < seen:
            found.append(days)
    return sum(found) / 2 if found else None
