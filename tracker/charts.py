"""Where the points of the small charts lie. Templates draw them; here are only the sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from flask import Flask

AGEING_HEIGHT = 176
_PLATE = 24
_ABREAST = 5  # marks of like age stand beside each other, this many in a row


@dataclass(frozen=True)
class Spark:
    """A drawn line: SVG points, the place of the last one, and the band as (top, height)."""

    line: str
    dot: tuple[float, float] | None
    band: tuple[float, float] | None


def spark(
    points: Sequence[float],
    width: int = 76,
    height: int = 20,
    band: tuple[float, float] | None = None,
) -> Spark:
    """Return ``points`` fitted into ``width`` x ``height`` pixels, oldest first, high values up.

    ``band`` (low, high) is fitted with them. No points give an empty line; one lies at the end.
    """
    values = [*points, *(band or ())]
    if not values:
        return Spark("", None, None)
    low, high = min(values), max(values)
    room, across = height - 6, width - 3

    def up(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(3 + room * (1 - share), 1)

    step = across / (len(points) - 1) if len(points) > 1 else 0.0
    start = 0.0 if len(points) > 1 else float(across)
    places = [(round(start + n * step, 1), up(value)) for n, value in enumerate(points)]
    strip = (up(band[1]), round(max(up(band[0]) - up(band[1]), 1.0), 1)) if band else None
    return Spark(" ".join(f"{x},{y}" for x, y in places), places[-1] if places else None, strip)


@dataclass(frozen=True)
class AgeMark:
    """One thing in its stage.

    ``name`` is what it is called in the table, ``said`` the whole sentence for a screen reader,
    ``age`` in working days, ``colour`` ok, warn, bad or none and ``word`` what that means.
    ``x`` (per cent) and ``y`` (pixels) are set by :func:`laid_out`.
    """

    name: str
    said: str
    url: str
    age: int
    colour: str
    word: str
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class AgeColumn:
    """One stage: its word, a note (how many stand there), ``said`` for a screen reader.

    ``usual`` is its usual age in working days, or None; ``band`` is set by :func:`laid_out`.
    """

    word: str
    note: str
    said: str
    usual: int | None = None
    marks: Sequence[AgeMark] = field(default_factory=tuple)
    band: float | None = None


def laid_out(columns: Iterable[AgeColumn]) -> list[AgeColumn]:
    """Return the columns with marks and bands in their places, on one scale, the oldest highest."""
    columns = list(columns)
    ages = [mark.age for column in columns for mark in column.marks]
    most = max([1, *ages, *(column.usual or 0 for column in columns)])

    def up(age: int) -> float:
        return round((AGEING_HEIGHT - _PLATE) * (1 - age / most), 1)

    laid = []
    for column in columns:
        by_age = sorted(column.marks, key=lambda mark: mark.age)
        marks = [
            replace(mark, x=4 + 18 * (n % _ABREAST), y=up(mark.age))
            for n, mark in enumerate(by_age)
        ]
        band = None if column.usual is None else up(column.usual) + _PLATE / 2
        laid.append(replace(column, marks=marks, band=band))
    return laid


def init_app(app: Flask) -> None:
    """Give templates the sums."""
    app.jinja_env.globals.update(spark=spark)
