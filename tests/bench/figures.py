"""The figures, their bounds, and how one is said: one line of JSON each."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NOISY = 0.25  # of the median, between the lowest and the highest


@dataclass(frozen=True)
class Bound:
    """What a figure must reach (`least`), or must not exceed (`most`), and what is aimed at."""

    least: float | None = None
    most: float | None = None
    aim: float | None = None

    def holds(self, value: float) -> bool:
        """Tell whether `value` is on the right side."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


BOUNDS = {
    "board warm / yardstick": Bound(least=0.18, aim=0.40),
    "board cold / yardstick": Bound(least=0.04, aim=0.10),
    "poll / empty": Bound(least=0.5, aim=0.8),
    "growth 10x": Bound(most=1.15, aim=1.05),
    "growth 100x": Bound(most=1.25, aim=1.10),
    "growth of a dashboard 10x": Bound(most=2, aim=1.2),
    "growth of a dashboard 100x": Bound(most=2, aim=1.2),
    "statements alike at every size": Bound(most=0),
    "scans": Bound(most=0),
    "statements of a page": Bound(most=12, aim=6),
    # 300 and 500 moves of 543 bare forms a second; on PostgreSQL 200 and 400 of 447.
    "a move / the bare form, sqlite": Bound(least=0.55, aim=0.92),
    "a move / the bare form, postgresql": Bound(least=0.45, aim=0.89),
    # The same shares by the statements that a decision takes more (28 of 13; see decisions.STATEMENTS).
    "a decision / the bare form, sqlite": Bound(least=0.255, aim=0.43),
    "a decision / the bare form, postgresql": Bound(least=0.21, aim=0.41),
    "p99 of a decision at a steady pace": Bound(most=100),
    "decisions failed": Bound(most=0),
    "p99 of a move at a steady pace": Bound(most=100),
    "moves failed": Bound(most=0),
    "a sign-in / argon2 alone": Bound(least=0.5, aim=0.85),
    "sign-ins failed": Bound(most=0),
    "jobs / bare transactions, sqlite": Bound(least=0.5, aim=0.85),
    "jobs / bare transactions, postgresql": Bound(least=0.5, aim=0.85),
    # What a core does in a second differs from machine to machine, so idle watchers are held against empty answers.
    "watchers, idle / empty": Bound(most=2, aim=1.25),
    "watchers, a change is seen": Bound(most=2.5),
    "watchers, changes lost": Bound(most=0),
    "first visit, bytes": Bound(most=60 * 1024, aim=40 * 1024),
    "first visit, requests": Bound(most=7, aim=5),
    "first visit, requests that leave": Bound(most=0),
}


class Report:
    """Says each figure as soon as it is there, and remembers whether one missed its bound."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def say(self, figure: str, value: float, *, bound: str | None = None, **more: Any) -> bool:
        """Print a figure with its bound, and return whether it holds; a figure without one is only told."""
        limit = BOUNDS.get(bound or figure, Bound())
        line: dict[str, Any] = {"figure": figure, "value": rounded(value)}
        for name in ("least", "most", "aim"):
            if (amount := getattr(limit, name)) is not None:
                line[name] = amount
        holds = limit.holds(value)
        line |= {"holds": holds, **more}
        self._print(line)
        if not holds:
            self.missed.append(f"{figure} ({more.get('database', '')})".replace(" ()", ""))
        return holds

    def ratio(
        self, figure: str, values: Sequence[float], *, bound: str | None = None, **more: Any
    ) -> bool:
        """Print the median of `values`, their range, and whether they lie too far apart to say much."""
        middle = statistics.median(values)
        spread = (max(values) - min(values)) / middle if middle else 0.0
        extent = [rounded(min(values)), rounded(max(values))]
        noise = {"noisy": True} if spread > NOISY else {}
        return self.say(
            figure, middle, bound=bound, range=extent, rounds=len(values), **noise, **more
        )

    def skip(self, figure: str, why: str, **more: Any) -> None:
        """Say that a figure was not measured, and why."""
        self._print({"figure": figure, "skipped": why, **more})

    def note(self, **facts: Any) -> None:
        """Print what is good to know beside the figures."""
        self._print(facts)

    def _print(self, line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=False), flush=True)


def spread(values: Sequence[float]) -> float:
    """Return how far `values` lie apart, as a share of their median."""
    return (max(values) - min(values)) / statistics.median(values)


def rounded(value: float) -> float:
    """Return a figure with four digits that count."""
    return float(f"{value:.4g}")
