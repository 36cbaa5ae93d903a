"""Where everything on a process-behaviour chart lies. Templates draw it; here are only the sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor, log10
from typing import Any

from tracker.kpis.series import Measured
from tracker.kpis.xmr import Signal, Stretch

WIDTH, HEIGHT = 960, 280  # pixels of the drawing; a page may stretch it
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 30
Scale = tuple[float | None, float | None]  # where it begins and ends
SMALL = (240, 96)  # one of a row of small charts
TICKS, DAYS_SHOWN = 4, 6
DRAWN = 500  # readings on a chart at the most, and in its table


@dataclass(frozen=True)
class Mark:
    """One reading on the chart. `kind` is good, worse, special or plain; `signals` what it stands out by."""

    x: float
    y: float
    day: date
    value: float
    kind: str
    signals: frozenset[Signal]


@dataclass(frozen=True)
class Span:
    """The mean and the limits of one stretch, from `x1` to `x2`; `lower` and `upper` are cut to the scale."""

    x1: float
    x2: float
    mean: float
    upper: float
    lower: float
    provisional: bool


@dataclass
class Drawing:
    """A chart, in pixels from the top left."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    lines: list[str] = field(default_factory=list)  # points of the line, cut at gaps and breaks
    marks: list[Mark] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    breaks: list[tuple[float, str]] = field(default_factory=list)  # where, and why
    ticks: list[tuple[float, float]] = field(default_factory=list)  # y and its value
    days: list[tuple[float, date, str]] = field(default_factory=list)  # x, day, text anchor
    target: float | None = None  # y


def kind_of(stretch: Stretch, place: int, *, up_is_good: bool) -> str:
    """Return how a reading is marked: plain, or by the side of the mean that it stands out on."""
    if not stretch.signals[place] or stretch.limits is None:
        return "plain"
    above = stretch.points[place].value > stretch.limits.mean
    below = stretch.points[place].value < stretch.limits.mean
    return "good" if (above if up_is_good else below) else "worse"


def drawing(
    series: Sequence[Measured], found: Sequence[Stretch], *, up_is_good: bool, target: float | None = None, scale: Scale = (None, None),
    small: bool = False, domain: tuple[float, float] | None = None, days: tuple[date, date] | None = None,
) -> Drawing:  # fmt: skip
    """Return where everything lies. `series` has the gaps, `found` the stretches of its values.

    Limits are cut to `scale` here and nowhere else. `domain` and `days` put several charts on one scale.
    """
    width, height = SMALL if small else (WIDTH, HEIGHT)
    left, right, top, bottom = (4, 4, 6, 6) if small else (LEFT, RIGHT, TOP, BOTTOM)
    made = Drawing(width, height, left, width - right, top, height - bottom)
    points = [point for stretch in found for point in stretch.points]
    if not points:
        return made
    low, high = domain or domain_of(found, target, scale)
    first, last = days or (series[0].day, series[-1].day)
    across = _line(first.toordinal(), last.toordinal(), made.left + 6, made.right - 6)
    up = _line(low, high, made.bottom, made.top)
    made.lines = _lines(series, found, across, up)
    for stretch in found:
        made.marks += [
            Mark(
                across(point.day.toordinal()), up(point.value), point.day, point.value, kind_of(stretch, n, up_is_good=up_is_good),
                stretch.signals[n],
            )
            for n, point in enumerate(stretch.points)
        ]  # fmt: skip
        if stretch.limits is not None:
            x1, x2 = (
                across(stretch.points[0].day.toordinal()),
                across(stretch.points[-1].day.toordinal()),
            )
            cut_low, cut_high = clipped(stretch.limits, scale)
            made.spans.append(
                Span(
                    x1, x2, up(stretch.limits.mean), up(cut_high), up(cut_low), stretch.limits.provisional
                )
            )  # fmt: skip
    made.breaks = [(across(one.day.toordinal()), one.breaks) for one in series if one.breaks]
    made.target = up(target) if target is not None else None
    if not small:
        made.ticks = [(up(value), value) for value in ticks(low, high)]
        made.days = _days(points, across)
    return made


def clipped(limits: Any, scale: Scale) -> tuple[float, float]:
    """Return the limits as they are drawn: cut to the scale."""
    low, high = scale
    lower = limits.lower if low is None else max(limits.lower, low)
    upper = limits.upper if high is None else min(limits.upper, high)
    return lower, upper


def domain_of(found: Sequence[Stretch], target: float | None, scale: Scale) -> tuple[float, float]:
    """Return the lowest and highest value that a chart has to show."""
    values = [point.value for stretch in found for point in stretch.points]
    for stretch in found:
        if stretch.limits is not None:
            values += clipped(stretch.limits, scale)
    values += [target] if target is not None else []
    low, high = min(values), max(values)
    if low == high:
        return low - (abs(low) * 0.1 or 1.0), high + (abs(high) * 0.1 or 1.0)
    return low, high


def ticks(low: float, high: float) -> list[float]:
    """Return a few round values between `low` and `high`."""
    rough = (high - low) / TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * some for some in (1, 2, 2.5, 5, 10) if size * some >= rough)
    first, places = -floor(-low / step), 2 - floor(log10(step))
    return [
        round(n * step, places)
        for n in range(first, first + 2 * TICKS + 1)
        if n * step <= high + step * 1e-9
    ]


def _line(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(start + share * (end - start), 1)

    return place


def _lines(
    series: Sequence[Measured],
    found: Sequence[Stretch],
    across: Callable[[float], float],
    up: Callable[[float], float],
) -> list[str]:
    """Return the points of the line in pieces: a gap is no zero, and a break joins nothing."""
    starts = {stretch.points[0].day for stretch in found}
    pieces: list[list[str]] = [[]]
    for one in series:
        if one.value is None or one.day in starts:
            pieces.append([])
        if one.value is not None:
            pieces[-1].append(f"{across(one.day.toordinal())},{up(one.value)}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _days(points: Sequence[Any], across: Callable[[float], float]) -> list[tuple[float, date, str]]:
    count = min(DAYS_SHOWN, len(points))
    chosen = sorted({round(n * (len(points) - 1) / max(count - 1, 1)) for n in range(count)})
    shown = []
    for n in chosen:
        anchor = "middle"
        if len(chosen) > 1:
            anchor = "start" if n == 0 else "end" if n == len(points) - 1 else "middle"
        shown.append((across(points[n].day.toordinal()), points[n].day, anchor))
    return shown
