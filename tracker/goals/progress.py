"""How far a goal has come, and how far it was to be by now: plain arithmetic (rule 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise


def progress(baseline: float, target: float, actual: float) -> float:
    """Return the share of the way from `baseline` to `target` that `actual` stands at: 0 at the baseline, 1 at the target.

    (actual - baseline) / (target - baseline), so the direction follows from the two ends. It is negative where things went
    the other way, and above 1 beyond the target. Raises ValueError where both ends are the same.
    """
    if baseline == target:
        raise ValueError("A goal whose target is its baseline has no progress.")
    return (actual - baseline) / (target - baseline)


def planned(line: Sequence[tuple[date, float]], day: date) -> float | None:
    """Return the value that was planned for `day`: straight between the points of `line`, which are in the order of days.

    The first and the last value hold before and after them. None without a point.
    """
    if not line:
        return None
    if day <= line[0][0]:
        return line[0][1]
    for (start, low), (end, high) in pairwise(line):
        if day <= end:
            return low + (high - low) * ((day - start).days / (end - start).days)
    return line[-1][1]


def moved(baseline: float, newest: float, *, up_is_good: bool) -> float:
    """Return by how much a KPI moved for the better, in its own unit; negative where it got worse."""
    return newest - baseline if up_is_good else baseline - newest


def overclaimed(claimed: float, movement: float) -> float:
    """Return by how much all that is `claimed` together exceeds the `movement` of the KPI; 0 where it does not (rule 9).

    Claimed is the sum of what each goal says it contributes, in the KPI's unit, positive for the better. A KPI that got
    worse has moved by nothing that could be claimed.
    """
    excess = claimed - max(movement, 0.0)
    return excess if excess > 1e-9 else 0.0
