"""Whether two doors can be told apart by the time they take: a judgement that a busy machine does not upset.

Samples are taken in turn, so that whatever else runs meanwhile slows both alike. Two series are apart when both hold: one is
slower in more of all pairs than chance explains (the rank test of Mann and Whitney, at four deviations), and their medians
differ by more than a share that somebody outside could make use of. Chance alone is hardly ever found guilty of both.
"""

from __future__ import annotations

import math
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

DEVIATIONS = 4.0


@dataclass
class Series:
    """How long one door took, in seconds by the wall clock and in seconds of work of this process."""

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


def slower_share(one: Sequence[float], other: Sequence[float]) -> float:
    """Return in which share of all pairs `one` took longer; equal ones count half. 0.5 says nothing."""
    ordered = sorted(other)
    wins = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in one)
    return wins / (2 * len(one) * len(other))


def apart(one: Sequence[float], other: Sequence[float], *, share: float) -> bool:
    """Tell whether the two are apart; `share` is how far medians may differ, as a share of the greater."""
    count, others = len(one), len(other)
    deviation = math.sqrt((count + others + 1) / (12 * count * others))
    by_rank = abs(slower_share(one, other) - 0.5) > DEVIATIONS * deviation
    medians = sorted((statistics.median(one), statistics.median(other)))
    return by_rank and 1 - medians[0] / medians[1] > share


def in_turn(
    one: Callable[[int], None], other: Callable[[int], None], *, rounds: int
) -> tuple[Series, Series]:
    """Call both `rounds` times with the number of the round, whoever goes first in turn; return their times.

    One round goes before that is not counted.
    """
    series = Series(), Series()
    for number in range(-1, rounds):
        pair = list(zip((one, other), series, strict=True))
        for door, times in pair if number % 2 else reversed(pair):
            wall, work = time.perf_counter(), time.thread_time()
            door(number)
            if number >= 0:
                times.work.append(time.thread_time() - work)
                times.wall.append(time.perf_counter() - wall)
    return series
