"""Quarters of the calendar year: kept as their first day, written 2026-Q3 in addresses."""

from __future__ import annotations

import re
from datetime import date

_WRITTEN = re.compile(r"([0-9]{4})-Q([1-4])")
FIRST, LAST = 2000, 2100  # years


def quarter_of(day: date) -> date:
    """Return the first day of the quarter that `day` lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def after(quarter: date, count: int = 1) -> date:
    """Return the quarter `count` quarters later; earlier where `count` is negative."""
    months = quarter.year * 12 + quarter.month - 1 + 3 * count
    return date(months // 12, months % 12 + 1, 1)


def written(quarter: date) -> str:
    """Return a quarter as addresses have it."""
    return f"{quarter.year}-Q{(quarter.month + 2) // 3}"


def read(text: str) -> date | None:
    """Return the quarter behind an address, or None for what is none."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not FIRST <= int(found[1]) <= LAST:
        return None
    return date(int(found[1]), int(found[2]) * 3 - 2, 1)
