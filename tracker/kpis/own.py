"""What a unit is measured by: the KPIs that are its own, and those that have readings of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, case, or_, select

from tracker.kpis.listing import Line, line_of, lines
from tracker.kpis.measures import Good
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import standing_of
from tracker.kpis.series import measured
from tracker.organisation.units import Unit

MOST = 8


@dataclass(frozen=True)
class Own:
    """The first KPIs of a unit, its own before others, and whether there are more of them."""

    lines: list[Line]
    more: bool


def own(person: Any, unit: Unit, today: date) -> Own:
    """Return what `unit` is measured by, as `person` sees it, in three statements at most.

    Where there are readings of the unit, a line shows those; else it shows how the KPI stands as a whole.
    """
    found = lines(person, today, Kpi.id.in_(_first(unit.id, MOST + 1)))
    found.sort(key=lambda line: line.row.unit_id != unit.id)
    shown = found[:MOST]
    factors = {line.id: line.row.factor for line in shown}
    series = measured(factors, unit_id=unit.id) if factors else {}
    told = [_of_unit(line, series[line.id], unit, today) if line.id in series else line for line in shown]  # fmt: skip
    return Own(told, len(found) > MOST)


def _first(unit_id: int, most: int) -> Select[Any]:
    """Return the ids of the first KPIs that are the unit's or have readings of it; its own before others."""
    first = (Reading.kpi_id == Kpi.id, Reading.unit_id == unit_id, Reading.corrects_id.is_(None))
    there = select(Reading.id).where(*first).exists()
    its_own_first = case((Kpi.unit_id == unit_id, 0), else_=1)
    concerned = select(Kpi.id).where(or_(Kpi.unit_id == unit_id, there))
    return concerned.order_by(its_own_first, Kpi.name, Kpi.id).limit(most)


def _of_unit(line: Line, series: list[Any], unit: Unit, today: date) -> Line:
    kept = standing_of(series, up_is_good=line.row.good == Good.up)
    row = SimpleNamespace(**(dict(line.row._mapping) | kept))
    return line_of(row, line.target, today, of=unit.slug)
