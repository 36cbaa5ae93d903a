"""How a KPI stands is reckoned anew after its readings changed: all of it, or only the day that a reading was entered for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.series import Measured, measured, points_of, stood
from tracker.kpis.standing import KpiStanding
from tracker.kpis.xmr import Stretch, stretches, variation
from tracker.organisation.settings import bump_epoch

SHOWN = 24  # points of a sparkline


def restand(kpis: Collection[Kpi]) -> None:
    """Keep how these KPIs stand now, read from all their readings. Inside a write.

    Where anything differs, boards that show it are drawn anew.
    """
    if not kpis:
        return
    by_id = {kpi.id: kpi for kpi in sorted(kpis, key=lambda one: one.id)}
    db.session.flush()
    series = measured({id_: kpi.factor for id_, kpi in by_id.items()})
    places, rows = _places(by_id), rows_of(by_id)
    _keep([(row, by_id[id_], series.get(id_, [])) for id_, row in rows.items()])
    for id_, row in rows.items():
        count, units, segments = places.get(id_, (0, set(), set()))
        row.reading_count, row.unit_count = count, len(units)
        row.segments_json = _written(sorted(segments))
    db.session.flush()


def restand_after(kpi: Kpi, reading: Reading) -> None:
    """Keep how a KPI stands after one reading of it was entered: what was measured on its day is read anew, and no more.
    Inside a write."""
    db.session.flush()
    row = rows_of([kpi.id])[kpi.id]
    on_that_day = measured({kpi.id: kpi.factor}, days=[reading.day]).get(kpi.id, [])
    others = [one for one in row.series if one.day != reading.day]
    _keep([(row, kpi, sorted([*others, *on_that_day], key=lambda one: one.day))])
    if reading.corrects_id is None:
        row.reading_count += 1
        row.unit_count += reading.unit_id is not None and _first_of_its_unit(reading)
        if reading.segment and reading.segment not in row.segments:
            row.segments_json = _written(sorted([*row.segments, reading.segment]))
    db.session.flush()


def rows_of(kpi_ids: Iterable[int]) -> dict[int, KpiStanding]:
    """Return how these KPIs stand, by their ids; those of which nothing is known yet are not in the session."""
    there = select(KpiStanding).where(KpiStanding.kpi_id.in_(kpi_ids))
    kept = {row.kpi_id: row for row in db.session.scalars(there)}
    return {id_: kept.get(id_) or KpiStanding.blank(id_) for id_ in kpi_ids}


def _places(ids: Collection[int]) -> dict[int, tuple[int, set[int], set[str]]]:
    """Return for each KPI how many readings stand, of which units, and of which segments."""
    r = Reading
    query = (
        select(r.kpi_id, r.unit_id, r.segment, func.count(r.id))
        .where(r.kpi_id.in_(ids), stood())
        .group_by(r.kpi_id, r.unit_id, r.segment)
    )
    found: dict[int, Any] = defaultdict(lambda: [0, set(), set()])
    for kpi_id, unit_id, segment, count in db.session.execute(query):
        known = found[kpi_id]
        known[0] += count
        known[1] |= {unit_id} - {None}
        known[2] |= {segment} - {""}
    return {id_: tuple(known) for id_, known in found.items()}


def _first_of_its_unit(reading: Reading) -> bool:
    others = select(Reading.id).where(
        Reading.kpi_id == reading.kpi_id,
        Reading.unit_id == reading.unit_id,
        Reading.corrects_id.is_(None),
        Reading.id != reading.id,
    )
    return db.session.scalar(others.limit(1)) is None


def _keep(series_of: list[tuple[KpiStanding, Kpi, list[Measured]]]) -> None:
    found = [
        (row, standing_of(series, up_is_good=kpi.up_is_good), series)
        for row, kpi, series in series_of
    ]
    if any(getattr(row, name) != value for row, now, _ in found for name, value in now.items()):
        bump_epoch()
        db.session.flush()  # so that whoever takes both locks takes this one first
    for row, now, series in found:
        db.session.add(row)
        for name, value in now.items():
            setattr(row, name, value)
        row.series_json = _written(
            [
                [one.day.isoformat(), one.value, one.numerator, one.denominator, one.parts, one.breaks, one.note]
                for one in series
            ]
        )  # fmt: skip


def standing_of(series: list[Measured], *, up_is_good: bool) -> dict[str, Any]:
    """Return what is kept of a series, by column."""
    points = points_of(series)
    found: list[Stretch] = stretches(points)
    newest = found[-1] if found else None
    limits = newest.limits if newest else None
    return {
        "day": points[-1].day if points else None,
        "value": points[-1].value if points else None,
        "points_json": _written(
            [[one.day.isoformat(), one.value, int(one.starts)] for one in points[-SHOWN:]]
        ),
        "stretch_count": len(newest.points) if newest else 0,
        "mean": limits.mean if limits else None,
        "range_mean": limits.range_mean if limits else None,
        "variation": variation(newest, up_is_good=up_is_good) if newest else None,
    }


def _written(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
