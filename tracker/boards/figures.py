"""What stands above a board: how many initiatives, by column and colour, silent and blocked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tracker.boards.reading import Rows
from tracker.boards.statement import ENDED

COLOURS = ("on_track", "at_risk", "off_track", "none")  # in the order they are shown


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of everything on the board, shown or not."""

    total: int
    by_column: dict[str, int]
    by_colour: dict[str, int]
    silent: int
    blocked: int


def figures(groups: Rows) -> Figures:
    """Return the counts from groups of (column, colour, how many, silent, blocked)."""
    by_column: dict[str, int] = defaultdict(int)
    by_colour: dict[str, int] = defaultdict(int)
    silent = blocked = 0
    for place, colour, count, silent_ones, blocked_ones in groups:
        by_column[place] += count
        silent += silent_ones
        blocked += blocked_ones
        if place != ENDED:
            by_colour[colour or "none"] += count
    total = sum(count for place, count in by_column.items() if place != ENDED)
    return Figures(total, dict(by_column), dict(by_colour), silent, blocked)
