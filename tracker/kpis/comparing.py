"""The units of one KPI side by side: a small chart for each, all on one scale, each against its own limits.

Never in the order of their values: most of what parts units is noise, and a rank would be read from it (rule 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.kpis.chart import DRAWN, Drawing, domain_of, drawing
from tracker.kpis.measures import period_name, stale
from tracker.kpis.models import Kpi
from tracker.kpis.saying import MARKS, assurance_name, said, value_told, variation_name
from tracker.kpis.series import Measured, measured, points_of
from tracker.kpis.xmr import Stretch, assurance, newest_of, stretches, variation


@dataclass(frozen=True)
class Compared:
    """One unit: its chart, its newest value, and what its own limits say of that."""

    unit: Any
    drawn: Drawing
    value: str
    period: str
    mark: str
    state: str
    provisional: bool
    stale: bool
    limits: str
    anew: str
    sure: str
    label: str


@dataclass(frozen=True)
class Side:
    """Units side by side. `low` and `high`, `first` and `last` say where the one scale of all charts begins and ends;
    `legend` has every sort of line that some chart has."""

    units: list[Compared]
    legend: Drawing | None = None
    low: str = ""
    high: str = ""
    first: str = ""
    last: str = ""


def side_by_side(
    kpi: Kpi, units: Sequence[Any], shown: Sequence[Any], *, target: float | None, today: date
) -> Side:
    """Return the charts of the units that are `shown`, on the scale of all `units` (rows with id, slug and name).

    One statement however many they are.
    """
    series = measured({kpi.id: kpi.factor}, unit_ids=[unit.id for unit in units])
    found = {id_: stretches(points_of(some)) for id_, some in series.items()}
    every = [stretch for some in found.values() for stretch in some]
    if not every:
        return Side([_compared(kpi, unit, [], [], target=target, today=today) for unit in shown])
    scale = domain_of(every, target, (kpi.scale_low, kpi.scale_high))
    days = [some[place].day for some in series.values() for place in (0, -1)]
    ends = min(days), max(days)
    made = [
        _compared(kpi, unit, series.get(unit.id, []), found.get(unit.id, []), target=target, today=today, domain=scale, days=ends)
        for unit in shown
    ]  # fmt: skip
    legend = Drawing(0, 0, 0, 0, 0, 0)
    for one in made:
        legend.spans += one.drawn.spans
        legend.breaks += one.drawn.breaks
    low, high = (value_told(value, kpi) for value in scale)
    first, last = (period_name(day, kpi.cadence) for day in ends)
    return Side(made, legend, low, high, first, last)


def _compared(
    kpi: Kpi, unit: Any, series: list[Measured], found: list[Stretch], *, target: float | None, today: date,
    domain: tuple[float, float] | None = None, days: tuple[date, date] | None = None,
) -> Compared:  # fmt: skip
    newest = found[-1] if found else None
    icon = variation(newest, up_is_good=kpi.up_is_good) if newest else None
    sure = assurance(newest, target, up_is_good=kpi.up_is_good) if newest else None
    last = newest.points[-1] if newest else None
    limits = newest.limits if newest else None
    value, state = value_told(last.value if last else None, kpi), variation_name(icon, len(newest.points) if newest else 0)  # fmt: skip
    within = said(newest, icon, kpi)[0]
    if newest and limits and not limits.flat:
        within = _(
            "By itself it varies between %(lower)s and %(upper)s.",
            lower=value_told(limits.lower, kpi),
            upper=value_told(limits.upper, kpi),
        )
    return Compared(
        unit=unit,
        drawn=drawing(
            series[-DRAWN:], newest_of(found, DRAWN), up_is_good=kpi.up_is_good, target=target,
            scale=(kpi.scale_low, kpi.scale_high), small=True,
            domain=domain, days=days,
        ),
        value=value,
        period=period_name(last.day, kpi.cadence) if last else "",
        mark=MARKS[icon] if icon else "none",
        state=state,
        provisional=bool(limits and limits.provisional and not limits.flat),
        stale=stale(last.day if last else None, kpi.cadence, today),
        limits=within,
        anew=period_name(newest.points[0].day, kpi.cadence) if newest and len(found) > 1 else "",
        sure=assurance_name(sure) if sure else "",
        label=_("%(kpi)s, newest %(value)s: %(state)s", kpi=unit.name, value=value, state=state),
    )  # fmt: skip
