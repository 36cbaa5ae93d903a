"""Readings that stand, in series, and where a series begins anew because its question was worded otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select

from tracker.db import db
from tracker.importing.bulk import among
from tracker.importing.words import plain
from tracker.kpis.readings import Reading, Source

Place = tuple[Any, Any, str]  # KPI, unit, segment


class Stands(NamedTuple):
    """A reading that nothing corrects. `broke` says that a series began with it at some time; `filed` is what a file said
    of it last, where somebody here has corrected that since."""

    id: int
    day: date
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str
    wording: str
    breaks: str
    broke: bool
    filed: Any


class InSeries(Protocol):
    """What has its place in a series."""

    @property
    def day(self) -> date: ...
    @property
    def value(self) -> float | None: ...
    @property
    def wording(self) -> str: ...


def standing_in(kpi_ids: Iterable[int]) -> dict[Place, dict[date, Stands]]:
    """Return the readings of these KPIs that stand, by their place and day."""
    ids = sorted(kpi_ids)
    found: dict[Place, dict[date, Stands]] = {}
    if not ids:
        return found
    columns = (
        Reading.id, Reading.kpi_id, Reading.unit_id, Reading.segment, Reading.day, Reading.value, Reading.numerator,
        Reading.denominator, Reading.note, Reading.wording, Reading.breaks, Reading.source, Reading.corrects_id,
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(among(Reading.kpi_id, ids)).order_by(Reading.id)
    ).all()
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    by_id = {row.id: row for row in rows} if corrected else {}
    for row in rows:
        if row.id in corrected:
            continue
        chain = list(_chain(row, by_id))
        filed = next((one for one in chain if one.source == Source.imported), None)
        stands = Stands(
            row.id, row.day, row.value, row.numerator, row.denominator, row.note, row.wording, row.breaks,
            any(one.breaks for one in chain), filed if filed is not row else None,
        )  # fmt: skip
        found.setdefault((row.kpi_id, row.unit_id, row.segment), {})[row.day] = stands
    return found


def _chain(row: Any, by_id: dict[int, Any]) -> Iterable[Any]:
    """A reading, and what it corrects, and what that corrected."""
    while row is not None:
        yield row
        row = by_id.get(row.corrects_id)


def reworded(series: Sequence[InSeries]) -> list[tuple[InSeries, InSeries]]:
    """Return each reading that asks otherwise than the one before it, with that one; both have a value and a wording.

    `series` is in the order of days. Case and punctuation make no other question.
    """
    asked = [one for one in series if one.value is not None and one.wording]
    return [
        (after, before)
        for before, after in pairwise(asked)
        if plain(before.wording) != plain(after.wording)
    ]
