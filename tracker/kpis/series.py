"""The series of a KPI: its readings as they stand, added up where they were taken in parts, never averaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.kpis.readings import Reading
from tracker.kpis.xmr import Point

Later, Whole = aliased(Reading), aliased(Reading)

GAP = 3  # the rank of a remark that nothing was measured; those of parts come after it


@dataclass(frozen=True)
class Measured:
    """What was measured on a day. `value` is None where nothing was, or where parts cannot be added up; `parts` counts
    the readings that it was added up from."""

    day: date
    value: float | None
    numerator: float | None
    denominator: float | None
    parts: int
    breaks: str
    note: str


def measured(
    factors: Mapping[int, float], *, unit_id: int | None = None, segment: str | None = None, unit_ids: Sequence[int] | None = None,
    as_of: datetime | None = None, days: Sequence[date] | None = None,
) -> dict[int, list[Measured]]:  # fmt: skip
    """Return the series of several KPIs, given the factor of each by its id, in the order of days.

    With `unit_id` or `segment` it is what was measured there alone. With `unit_ids` there is one KPI, and the series
    are those of its units, by their ids. `as_of` shows what stood at that moment; `days` are the only ones that are read.
    """
    r = Reading
    whole = [] if segment is not None else [r.segment == ""]
    if unit_id is None and unit_ids is None:
        whole.append(r.unit_id.is_(None))
    # A part is only counted where nothing was measured for the whole of it: first the company, then units, then segments.
    # A remark that there is nothing hides nothing that was measured.
    measures, at_once = _measures(r), and_(*whole) if whole else r.id == r.id
    steps = [(and_(not_(measures), at_once), GAP), (not_(measures), GAP + 1), (at_once, 0)]
    steps += [(r.unit_id.is_not(None), 1)] if unit_id is None and unit_ids is None else []
    rank = case(*steps, else_=2)
    key = r.unit_id if unit_ids is not None else r.kpi_id
    given = case((measures, 1))
    query = (
        select(
            key.label("key"), r.kpi_id, r.day, rank.label("rank"), func.count(r.id).label("count"), func.count(given).label("given"),
            func.count(r.denominator).label("shares"), func.sum(r.numerator).label("numerator"),
            func.sum(r.denominator).label("denominator"), func.max(r.value).label("value"), func.max(r.breaks).label("breaks"),
            func.max(r.note).label("note"),
        )
        .where(r.kpi_id.in_(factors), stood(as_of))
        .group_by("key", r.kpi_id, r.day, "rank")
        .order_by("key", r.day, "rank")
    )  # fmt: skip
    if days is not None:
        query = query.where(r.day.in_(days))
    if unit_id is not None:
        query = query.where(r.unit_id == unit_id)
    if unit_ids is not None:
        query = query.where(r.unit_id.in_(unit_ids))
    if segment is not None:
        query = query.where(r.segment == segment)
    else:
        query = query.where(not_(_told_with_the_unit(factors, unit_id, as_of)))
    series: dict[int, list[Measured]] = {}
    for row in db.session.execute(query):
        known = series.setdefault(row.key, [])
        if not known or known[-1].day != row.day:
            known.append(_added_up(row, factors[row.kpi_id]))
        elif row.rank == GAP and row.breaks and not known[-1].breaks:
            known[-1] = replace(known[-1], breaks=row.breaks)  # the remark said why it begins anew
    return series


def _measures(reading: Any) -> ColumnElement[bool]:
    """Whether a reading says that something was measured, and not why nothing was."""
    return or_(reading.value.is_not(None), reading.denominator.is_not(None))


def stood(as_of: datetime | None = None, reading: Any = Reading) -> ColumnElement[bool]:
    """Return the condition that a `reading` stands: nothing corrects it, or nothing did at the moment `as_of`."""
    corrected = select(Later.id).where(Later.corrects_id == reading.id)
    if as_of is None:
        return ~exists(corrected)
    return and_(reading.added_at <= as_of, ~exists(corrected.where(Later.added_at <= as_of)))


def _told_with_the_unit(
    kpi_ids: Iterable[int], unit_id: int | None, as_of: datetime | None
) -> ColumnElement[bool]:
    """A segment of a unit that was measured as a whole for the same period; of all of them at once, not row by row."""
    told = select(Whole.kpi_id, Whole.unit_id, Whole.day).where(
        Whole.kpi_id.in_(kpi_ids), Whole.unit_id.is_not(None), Whole.segment == "", _measures(Whole), stood(as_of, Whole)
    )  # fmt: skip
    if unit_id is not None:
        told = told.where(Whole.unit_id == unit_id)
    same = tuple_(Reading.kpi_id, Reading.unit_id, Reading.day).in_(told)
    return and_(Reading.unit_id.is_not(None), Reading.segment != "", same)


def _added_up(row: Any, factor: float) -> Measured:
    value, numerator, denominator = None, None, None
    if row.given == row.shares and row.shares:
        numerator, denominator = row.numerator, row.denominator
        value = numerator / denominator * factor if denominator else None
    if (row.count == 1 and row.value is not None) or (row.given == 1 and not row.shares):
        value = row.value
    return Measured(
        row.day, value, numerator, denominator, row.count, row.breaks or "", row.note or ""
    )


def points_of(series: Sequence[Measured]) -> list[Point]:
    """Return the points of a chart: what has a value. A break that fell into a gap begins at the next value."""
    points: list[Point] = []
    starts = False
    for one in series:
        starts = starts or bool(one.breaks)
        if one.value is not None:
            points.append(Point(one.day, one.value, starts))
            starts = False
    return points
