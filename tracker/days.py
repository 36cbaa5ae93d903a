"""Days as people type them: in the calendar in which they read them, and in the digits of any script."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from persiantools.jdatetime import JalaliDate

from tracker.viewing import digits, jalali

_PARTS = re.compile(r"(\d{4})(?:\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,2})|(\d{2})(\d{2}))")
_JALALI = range(1200, 1700)  # years that can be meant so
GREGORIAN = range(1800, 2200)  # of this calendar
_UNSEEN = frozenset({"Cf"})  # marks of direction, which come along when a date is copied


def written(day: date) -> str:
    """Return `day` as its reader types it: ۱۴۰۵/۰۹/۱۰ in the Jalali calendar, else 2026-12-01."""
    if not jalali():
        return day.isoformat()
    own = JalaliDate(day)
    return digits(f"{own.year:04}/{own.month:02}/{own.day:02}")


def read(text: str) -> date:
    """Return the day that somebody who reads the Jalali calendar typed: year, month and day, with /, - or . between them or nothing.

    A year of the Gregorian calendar is understood as well. Raises ValueError for what is no day.
    """
    shown = "".join(one for one in text if unicodedata.category(one) not in _UNSEEN).strip()
    plain = "".join(str(unicodedata.decimal(one, one)) for one in shown)
    found = _PARTS.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    year, month, day = map(int, found.group(1, 3, 4) if found[2] else found.group(1, 5, 6))
    if year in GREGORIAN:
        return date(year, month, day)
    if year not in _JALALI:
        raise ValueError(text)
    return JalaliDate(year, month, day).to_gregorian()
