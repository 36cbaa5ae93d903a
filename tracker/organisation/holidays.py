"""Holidays as people type them: one per line, a date or a range and then its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

MOST_DAYS = 2_000
LONGEST_RANGE = 92  # days
MOST_PROBLEMS = 5
_DATE = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:\.\.|…|–|—|/|\bto\b)\s*{_DATE})?(?:[\s,;:]+(.*))?\Z")


@dataclass(frozen=True)
class HolidayLines:
    """The days that were read, with their names; and what could not be, by line."""

    days: dict[date, str]
    problems: list[str]


def holiday_lines(text: str) -> HolidayLines:
    """Read lines such as `2026-12-25 Christmas` and `2026-12-24..2027-01-01 Closed`.

    Digits of any script are understood. Blank lines are skipped; a day named twice keeps the last
    name. Every problem names its line.
    """
    days: dict[date, str] = {}
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = _read(_plain_digits(line.strip()), line.strip())
        if isinstance(read, str):
            problems.append(_("Line %(number)s: %(problem)s", number=number, problem=read))
        else:
            days.update(read)
    if len(days) > MOST_DAYS:
        problems.append(_("A calendar holds at most %(most)s days off.", most=MOST_DAYS))
    return HolidayLines(dict(sorted(days.items())), problems[:MOST_PROBLEMS])


def lines_of(days: Mapping[date, str]) -> str:
    """Return days off as `holiday_lines` reads them; neighbours of one name become a range."""
    lines: list[str] = []
    run: list[date] = []
    for day in sorted(days):
        run.append(day)
        goes_on = days.get(day + timedelta(days=1)) == days[day]
        if goes_on and len(run) < LONGEST_RANGE:
            continue
        span = run[0].isoformat() if len(run) == 1 else f"{run[0]}..{run[-1]}"
        lines.append(f"{span} {days[day]}".strip())
        run = []
    return "\n".join(lines)


def _read(line: str, typed: str) -> dict[date, str] | str:
    found = _LINE.match(line)
    if found is None:
        return _(
            "“%(line)s” has no date at its start. Write 2026-12-25 Christmas.", line=typed[:60]
        )
    parts = found.groups()
    try:
        start = date(*map(int, parts[:3]))
        end = date(*map(int, parts[3:6])) if parts[3] else start
    except ValueError:
        return _("“%(line)s” holds a date that does not exist.", line=typed[:60])
    if not 1990 <= start.year <= end.year <= 2200:
        return _("“%(line)s” lies too far away.", line=typed[:60])
    if end < start:
        return _("“%(line)s” ends before it begins.", line=typed[:60])
    if (end - start).days >= LONGEST_RANGE:
        return _("“%(line)s” is longer than %(most)s days.", line=typed[:60], most=LONGEST_RANGE)
    name = (parts[6] or "").strip()[:120]
    return {start + timedelta(days=n): name for n in range((end - start).days + 1)}


def _plain_digits(line: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in line)
