"""The silo matrix: who blocks whom, read from the kept pairs, with its finding in one sentence (rule 27)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from tracker import wording
from tracker.blockers import silos
from tracker.blockers.holders import OUTSIDE, Calendars, stamp
from tracker.blockers.sides import Side, sides_and_pairs
from tracker.organisation.calendars import WorkingDays

FEW = 12  # up to this many units all are shown, also those that neither block nor wait
STEPS = (
    (0.75, 5),
    (0.33, 4),
    (0.17, 3),
    (0.08, 2),
)  # shares of the largest figure, and how hot that is


class Measure(StrEnum):
    """What the figures of the matrix count."""

    days = "days"
    open = "open"
    oldest = "oldest"


@dataclass(frozen=True, slots=True)
class Cell:
    """One holder (row) and one unit or partner that waits (column). `value` is what the measure counts; days are working days."""

    row: str
    column: str
    value: int
    days: int
    open: int
    oldest: int
    over: int
    over_days: int
    heat: int = 0


@dataclass(slots=True)
class Row:
    """A holder with the cells of its row; `total` sums the values (for the oldest it is the largest)."""

    key: str
    name: str
    note: str
    slug: str | None
    cells: dict[str, Cell] = field(default_factory=dict)
    total: int = 0
    open: int = 0
    oldest: int = 0


@dataclass(slots=True)
class Column:
    """A unit or a partner that waits; `short` stands in its heading, and `note` says of a partner that it is one."""

    key: str
    name: str
    short: str
    note: str
    total: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows with the largest total first; columns in the same order."""

    measure: Measure
    rows: list[Row]
    columns: list[Column]
    total: int
    open: int

    @property
    def most(self) -> int:
        """The largest row total, for the bars beside the rows."""
        return max((row.total for row in self.rows), default=0)

    @property
    def ranked(self) -> list[tuple[Row, Column, Cell]]:
        """Every pair with a figure, the largest first."""
        columns = {column.key: column for column in self.columns}
        found = [
            (row, columns[cell.column], cell)
            for row in self.rows
            for cell in row.cells.values()
            if cell.value or cell.open
        ]
        return sorted(found, key=lambda pair: (-pair[2].value, pair[0].name, pair[1].name))

    def cell(self, row: str | None, column: str | None) -> tuple[Row, Column, Cell] | None:
        """Return the pair that an address names; without one, or for none that is there, the first of all."""
        pairs = self.ranked
        named = (pair for pair in pairs if (pair[0].key, pair[1].key) == (row, column))
        return next(named, pairs[0] if pairs else None)


def read(
    measure: Measure, today: date, *, past: bool = True, calendars: Calendars | None = None
) -> Matrix:
    """Return the matrix as it stands on `today`; `past` counts the days of what is over too.

    It costs two statements (one more after a change of holidays), however many blockers there are; one if `calendars` are
    known.
    """
    sides, pairs = sides_and_pairs()
    calendars = calendars or Calendars()
    days = {key: calendars.of(side.calendar_id) for key, side in sides.items()}
    cells = [
        _cell(pair, days[pair.holder_key], measure, today, past) for pair in _counted(pairs, days)
    ]
    largest = max((cell.value for cell in cells), default=0)
    rows: dict[str, Row] = {}
    waiting: dict[str, int] = defaultdict(int)
    add = max if measure == Measure.oldest else sum_of
    for cell in cells:
        if not (cell.value or cell.open):
            continue
        row = rows.setdefault(cell.row, _row(sides[cell.row]))
        row.cells[cell.column] = _warmed(cell, largest)
        row.open += cell.open
        row.oldest = max(row.oldest, cell.oldest)
        row.total = add(row.total, cell.value)
        waiting[cell.column] = add(waiting[cell.column], cell.value)
    return _ordered(measure, rows, waiting, sides)


def sum_of(one: int, other: int) -> int:
    """Return the sum of two figures: how the totals of days and of open blockers grow."""
    return one + other


def _row(side: Side) -> Row:
    if side.key == OUTSIDE:
        return Row(side.key, _("Outside parties"), "", None)
    note = (side.head or "") if side.kind == "u" else _("Partner")
    return Row(side.key, side.name, note, side.slug)


def _column(side: Side, total: int) -> Column:
    return Column(
        side.key, side.name, side.short, _("Partner") if side.kind == "p" else "", total=total
    )


def _counted(kept: list[Any], days: dict[str, WorkingDays]) -> list[Any]:
    """Return the kept pairs; those counted by other days than their holder has now are counted here and now."""
    pairs: list[Any] = []
    others: list[silos.Pair] = []
    for pair in kept:
        if pair.stamp == stamp(days[pair.holder_key]):
            pairs.append(pair)
        else:
            others.append((pair.holder_key, pair.blocked_key))
    if others:
        turns = silos.turns_of(others)
        pairs += [silos.count(pair, turns[pair], days[pair[0]]) for pair in others]
    return pairs


def _cell(pair: Any, days: WorkingDays, measure: Measure, today: date, past: bool) -> Cell:
    still, over = silos.days_of(pair, days, today)
    oldest = days.between(pair.oldest_on, today) if pair.oldest_on else 0
    figures = {
        Measure.days: still + over if past else still,
        Measure.open: pair.open_count,
        Measure.oldest: oldest,
    }
    return Cell(
        pair.holder_key,
        pair.blocked_key,
        figures[measure],
        still,
        pair.open_count,
        oldest,
        pair.over_count,
        over,
    )


def _warmed(cell: Cell, largest: int) -> Cell:
    share = cell.value / largest if largest else 0
    heat = next((step for least, step in STEPS if share >= least), 1) if cell.value else 0
    return Cell(
        cell.row,
        cell.column,
        cell.value,
        cell.days,
        cell.open,
        cell.oldest,
        cell.over,
        cell.over_days,
        heat,
    )


def _ordered(
    measure: Measure, rows: dict[str, Row], waiting: dict[str, int], sides: dict[str, Side]
) -> Matrix:
    working = [side for side in sides.values() if side.kind == "u" and not side.ended]
    for side in working if len(working) <= FEW else ():
        rows.setdefault(side.key, _row(side))
    ordered = sorted(rows.values(), key=lambda row: (-row.total, wording.sort_key(row.name)))
    place = {row.key: number for number, row in enumerate(ordered)}
    # Units stand on both sides; a partner is a column only where it waits.
    concerned = {key for key in place if sides[key].kind == "u"} | set(waiting)
    columns = [_column(sides[key], waiting.get(key, 0)) for key in concerned]
    columns.sort(
        key=lambda column: (place.get(column.key, len(place)), wording.sort_key(column.name))
    )
    total, still_open = (
        sum(getattr(row, figure) for row in ordered) for figure in ("total", "open")
    )
    return Matrix(measure, ordered, columns, total, still_open)
