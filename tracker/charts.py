"""Where the points of the small charts lie. Templates draw them; here are only the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from flask import Flask

AGEING_HEIGHT = 176
_PLATE = 24  # pixels: the least that a finger hits (WCAG 2.5.8)
_EDGE = 4
_ABREAST, _MOST_ABREAST = (
    5,
    12,
)  # lanes of a column: these at least; more where marks are of like age; never more


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

    ``usual`` is its usual age in working days, or None. :func:`laid_out` sets ``band``, ``height``, and ``width``: the
    least width at which no mark lies on another, all in pixels.
    """

    word: str
    note: str
    said: str
    usual: int | None = None
    marks: Sequence[AgeMark] = field(default_factory=tuple)
    band: float | None = None
    width: int = 0
    height: float = AGEING_HEIGHT


def laid_out(columns: Iterable[AgeColumn]) -> list[AgeColumn]:
    """Return the columns with marks and bands in their places, on one scale, the oldest highest.

    No mark lies on another. Those of like age stand beside each other; where they are too many for that they are
    stacked, and everything older moves up in all columns, so that higher stays older and a band stays true.
    """
    columns = [
        replace(column, marks=sorted(column.marks, key=lambda mark: mark.age)) for column in columns
    ]
    counts = [Counter(mark.age for mark in column.marks) for column in columns]
    ages = {age for count in counts for age in count}
    usual = {column.usual for column in columns if column.usual is not None}
    most = max([1, *ages, *usual])
    raised = 0.0  # what the stacks below add
    feet: list[list[float]] = [[] for _column in columns]  # of each mark, from the bottom
    tops: dict[int, float] = {}
    for age in sorted(ages | usual):
        straight = (AGEING_HEIGHT - _PLATE) * age / most
        for count, placed in zip(counts, feet, strict=True):
            for _mark in range(count[age]):
                below = placed[-_MOST_ABREAST] + _PLATE if len(placed) >= _MOST_ABREAST else 0.0
                placed.append(max(straight + raised, below, placed[-1] if placed else 0.0))
        highest = [placed[-1] for placed in feet if placed]
        raised = max([raised, *(top - straight for top in highest)])
        tops[age] = straight + raised
    height = round(AGEING_HEIGHT + raised, 1)
    return [
        _placed(column, [round(height - _PLATE - foot, 1) for foot in placed], height, tops)
        for column, placed in zip(columns, feet, strict=True)
    ]


def _placed(
    column: AgeColumn, heights: list[float], height: float, tops: dict[int, float]
) -> AgeColumn:
    lanes = max(_ABREAST, _crowd(heights))
    width = lanes * _PLATE + 2 * _EDGE
    marks = [
        replace(mark, x=round(100 * (_EDGE + _PLATE * (n % lanes)) / width, 3), y=heights[n])
        for n, mark in enumerate(column.marks)
    ]
    band = None if column.usual is None else height - _PLATE / 2 - tops[column.usual]
    return replace(column, marks=marks, band=band, width=width, height=height)


def _crowd(heights: Sequence[float]) -> int:
    """Return how many marks in a row, the lowest first, would touch if they stood in one lane.

    With so many lanes, filled in turn, two marks of one lane are always a plate apart.
    """
    most = first = 0
    for last, height in enumerate(heights):
        while heights[first] - height >= _PLATE - 0.05:
            first += 1
        most = max(most, last - first + 1)
    return most


def init_app(app: Flask) -> None:
    """Give templates the sums."""
    app.jinja_env.globals.update(spark=spark)
