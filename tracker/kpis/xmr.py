"""Process-behaviour (XmR) charts: limits and signals of a series, so that noise is not shown as success.

The method is that of NHS England's "Making Data Count" as the R package NHSRplotthedots 0.2.2 works it out
(`ptd_spc`, `ptd_spc_standard`, `ptd_calculate_point_type`); after Wheeler, "Understanding Variation". Ours are, and
the pages say so: under six readings no limits and no icon, under twelve they are provisional; where nothing moves the
limits lie on the mean and say nothing; what is missing is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import fsum

NATURAL = 2.66  # limits lie so many mean moving ranges from the mean: 3 / d2 with d2 = 1.128
SCREEN = 3.267  # a moving range so many times the mean one, or more, is left out once
ENOUGH, SETTLED = (
    6,
    12,
)  # readings from which limits are drawn, and from which they are no longer provisional
RUN = 7  # readings of a run on one side, and of a trend


class Signal(StrEnum):
    """What a reading stands out by."""

    outside = "outside"  # beyond a limit
    run = "run"  # one of seven or more on one side of the mean
    trend = "trend"  # one of seven or more that only rise, or only fall
    near = "near"  # one of two in three near the same limit


class Variation(StrEnum):
    """What the newest reading says: the icon."""

    improvement = "improvement"
    concern = "concern"
    common = "common"


class Assurance(StrEnum):
    """Whether the process as it runs reaches its target."""

    passes = "passes"
    fails = "fails"
    hit_or_miss = "hit_or_miss"


@dataclass(frozen=True)
class Point:
    """A reading on its day. `starts` says that the series begins anew with it."""

    day: date
    value: float
    starts: bool = False


@dataclass(frozen=True)
class Limits:
    """What a stretch of readings varies between by itself. `range_mean` is the mean of the moving ranges that were kept."""

    mean: float
    range_mean: float
    count: int

    @property
    def upper(self) -> float:
        """The upper natural limit, never cut to the scale."""
        return self.mean + NATURAL * self.range_mean

    @property
    def lower(self) -> float:
        """The lower natural limit, never cut to the scale."""
        return self.mean - NATURAL * self.range_mean

    @property
    def near_upper(self) -> float:
        """Two thirds of the way up to the limit."""
        return self.mean + NATURAL * self.range_mean * 2 / 3

    @property
    def near_lower(self) -> float:
        """Two thirds of the way down to the limit."""
        return self.mean - NATURAL * self.range_mean * 2 / 3

    @property
    def provisional(self) -> bool:
        """Whether more readings may still move them a good deal."""
        return self.count < SETTLED

    @property
    def flat(self) -> bool:
        """Whether nothing moves, so that they lie on the mean and nothing stands out."""
        return self.range_mean == 0


@dataclass(frozen=True)
class Stretch:
    """Readings between two breaks, each with what it stands out by. Without `limits` there are too few to say."""

    points: tuple[Point, ...]
    limits: Limits | None
    signals: tuple[frozenset[Signal], ...]

    @property
    def newest_signals(self) -> frozenset[Signal]:
        """What the newest reading stands out by."""
        return self.signals[-1]


def stretches(points: Iterable[Point]) -> list[Stretch]:
    """Return the stretches of a series, the oldest first. `points` are in the order of their days."""
    cut: list[list[Point]] = []
    for point in points:
        if point.starts or not cut:
            cut.append([])
        cut[-1].append(point)
    return [_stretch(some) for some in cut]


def newest_of(found: Sequence[Stretch], most: int) -> list[Stretch]:
    """Return the stretches of the newest `most` readings. What they say, and their limits, stay those of all of them."""
    kept: list[Stretch] = []
    for stretch in reversed(found):
        if most <= 0:
            break
        kept.append(Stretch(stretch.points[-most:], stretch.limits, stretch.signals[-most:]))
        most -= len(stretch.points)
    return kept[::-1]


def _stretch(points: list[Point]) -> Stretch:
    values = [point.value for point in points]
    limits = limits_of(values) if len(values) >= ENOUGH else None
    if limits is None or limits.flat:
        return Stretch(tuple(points), limits, (frozenset(),) * len(points))
    return Stretch(tuple(points), limits, tuple(signals_of(values, limits)))


def limits_of(values: Sequence[float]) -> Limits:
    """Return the limits of at least one reading, however few they are.

    Moving ranges of 3.267 times their mean or more are left out, once; their mean is not cut again.
    """
    mean = fsum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    kept: list[float] = []
    if ranges:
        most = SCREEN * fsum(ranges) / len(ranges)
        kept = [one for one in ranges if one < most]
    return Limits(mean, fsum(kept) / len(kept) if kept else 0.0, len(values))


def signals_of(values: Sequence[float], limits: Limits) -> list[frozenset[Signal]]:
    """Return what each of `values` stands out by, within one stretch that has these limits."""
    found: list[set[Signal]] = [set() for _value in values]
    sides = [_sign(value - limits.mean) for value in values]
    beyond = [value > limits.upper or value < limits.lower for value in values]
    near = [
        not out and (value > limits.near_upper or value < limits.near_lower)
        for value, out in zip(values, beyond, strict=True)
    ]
    steps = [_sign(after - before) for before, after in pairwise(values)]
    for n, out in enumerate(beyond):
        if out:
            found[n].add(Signal.outside)
    for first, last in _alike(sides, RUN):
        for n in range(first, last + 1):
            found[n].add(Signal.run)
    for first, last in _alike(steps, RUN - 1):
        for n in range(first, last + 2):  # a step leads from one reading to the next
            found[n].add(Signal.trend)
    for n in _two_in_three(sides, near):
        found[n].add(Signal.near)
    return [frozenset(some) for some in found]


def _two_in_three(sides: Sequence[int], near: Sequence[bool]) -> set[int]:
    """Return those near a limit among three in a row on one side, of which at least two are."""
    found: set[int] = set()
    for first in range(len(sides) - 2):
        three = range(first, first + 3)
        if abs(sum(sides[n] for n in three)) == 3 and sum(near[n] for n in three) >= 2:
            found |= {n for n in three if near[n]}
    return found


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _alike(signs: Sequence[int], least: int) -> list[tuple[int, int]]:
    """Return (first, last) of each row of at least `least` equal signs that are not 0."""
    rows, first = [], 0
    for n in range(1, len(signs) + 1):
        if n == len(signs) or signs[n] != signs[first]:
            if signs[first] and n - first >= least:
                rows.append((first, n - 1))
            first = n
    return rows


def variation(stretch: Stretch, *, up_is_good: bool) -> Variation | None:
    """Return the icon of a stretch: by its newest reading alone; None where nothing can be said."""
    if stretch.limits is None or stretch.limits.flat:
        return None
    if not stretch.newest_signals:
        return Variation.common
    side = _sign(stretch.points[-1].value - stretch.limits.mean)
    return Variation.improvement if side == (1 if up_is_good else -1) else Variation.concern


def assurance(stretch: Stretch, target: float | None, *, up_is_good: bool) -> Assurance | None:
    """Return whether the process reaches `target` by itself; None where nothing can be said, or there is no target."""
    limits = stretch.limits
    if limits is None or limits.flat or target is None:
        return None
    if limits.lower <= target <= limits.upper:
        return Assurance.hit_or_miss
    return Assurance.passes if (target < limits.lower) == up_is_good else Assurance.fails
