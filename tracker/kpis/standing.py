"""How a KPI stands: kept beside it with every reading, so that neither lists nor its own page read the readings."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Model, enum_text
from tracker.kpis.series import Measured
from tracker.kpis.xmr import Limits, Point, Variation


class KpiStanding(Model):
    """The newest points of a KPI's series, the limits they have, and what the newest says."""

    __tablename__ = "kpi_standing"

    on_trail: ClassVar[Declared] = left_out("kept from the readings")

    kpi_id: Mapped[int] = mapped_column(
        ForeignKey("kpi.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date | None]  # of the newest value
    value: Mapped[float | None]
    points_json: Mapped[str] = mapped_column(Text, default="[]")
    stretch_count: Mapped[int] = mapped_column(default=0)  # readings since the last break
    mean: Mapped[float | None]
    range_mean: Mapped[float | None]
    variation: Mapped[Variation | None] = mapped_column(enum_text(Variation))
    series_json: Mapped[str] = mapped_column(Text, default="[]")  # of the whole company
    reading_count: Mapped[int] = mapped_column(default=0)  # those that stand
    unit_count: Mapped[int] = mapped_column(default=0)  # units that have some of them
    segments_json: Mapped[str] = mapped_column(Text, default="[]")
    # What all goals on it claim together, in its unit, and the first baseline from which something is claimed.
    claimed: Mapped[float] = mapped_column(default=0.0)
    claimed_from: Mapped[float | None]
    claimed_since: Mapped[date | None]

    @classmethod
    def blank(cls, kpi_id: int) -> KpiStanding:
        """Return how a KPI stands that nothing is known of yet."""
        return cls(kpi_id=kpi_id, series_json="[]", segments_json="[]", reading_count=0, unit_count=0, claimed=0.0)  # fmt: skip

    @property
    def points(self) -> list[Point]:
        """The newest points, the oldest of them first."""
        return points_from(self.points_json)

    @property
    def series(self) -> list[Measured]:
        """What was measured for the whole company, in the order of days."""
        return [
            Measured(date.fromisoformat(day), *more) for day, *more in json.loads(self.series_json)
        ]

    @property
    def segments(self) -> list[str]:
        """The segments that were measured apart, by name."""
        return json.loads(self.segments_json)


def points_from(kept: str) -> list[Point]:
    """Return the points behind `points_json`."""
    return [
        Point(date.fromisoformat(day), value, bool(starts))
        for day, value, starts in json.loads(kept)
    ]


def limits_from(row: Any) -> Limits | None:
    """Return the limits that stand beside a KPI; None where there are too few readings for them."""
    if row.mean is None or row.range_mean is None:
        return None
    return Limits(row.mean, row.range_mean, row.stretch_count)
