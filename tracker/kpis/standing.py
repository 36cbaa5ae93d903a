"""How a KPI stands: kept beside it with every reading, so that lists and the tree need not read the series."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Model, db, enum_text
from tracker.kpis.models import Kpi
from tracker.kpis.series import Measured, measured, points_of
from tracker.kpis.xmr import Limits, Point, Stretch, Variation, stretches, variation

SHOWN = 24  # points of a sparkline


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

    @property
    def points(self) -> list[Point]:
        """The newest points, the oldest of them first."""
        return points_from(self.points_json)


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


def restand(kpis: Collection[Kpi]) -> None:
    """Keep how these KPIs stand now, after their readings changed. Inside a write."""
    if not kpis:
        return
    by_id = {kpi.id: kpi for kpi in sorted(kpis, key=lambda one: one.id)}
    db.session.flush()
    series = measured({id_: kpi.factor for id_, kpi in by_id.items()})
    kept = {
        row.kpi_id: row
        for row in db.session.scalars(select(KpiStanding).where(KpiStanding.kpi_id.in_(by_id)))
    }
    for id_, kpi in by_id.items():
        row = kept.get(id_)
        if row is None:
            row = KpiStanding(kpi_id=id_)
            db.session.add(row)
        for name, value in standing_of(series.get(id_, []), up_is_good=kpi.up_is_good).items():
            setattr(row, name, value)
    db.session.flush()


def standing_of(series: list[Measured], *, up_is_good: bool) -> dict[str, Any]:
    """Return what is kept of a series, by column."""
    points = points_of(series)
    found: list[Stretch] = stretches(points)
    newest = found[-1] if found else None
    limits = newest.limits if newest else None
    return {
        "day": points[-1].day if points else None,
        "value": points[-1].value if points else None,
        "points_json": json.dumps(
            [[one.day.isoformat(), one.value, int(one.starts)] for one in points[-SHOWN:]]
        ),
        "stretch_count": len(newest.points) if newest else 0,
        "mean": limits.mean if limits else None,
        "range_mean": limits.range_mean if limits else None,
        "variation": variation(newest, up_is_good=up_is_good) if newest else None,
    }
