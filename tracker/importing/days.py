"""Cells to days and periods. Every error names the value in plain words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from persiantools.jdatetime import JalaliDate

from tracker.importing.tidy import key
from tracker.importing.words import BadValue, is_blank, shortened
from tracker.importing.years import CALENDAR, Years, unmarked

_YEARS = range(1900, 2201)
_JALALI_YEARS = range(1250, 1500)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "ژانویه"), ("february", "feb", "فوریه"), ("march", "mar", "مارس"), ("april", "apr", "آوریل"),
            ("may", "مه", "می"), ("june", "jun", "ژوئن"), ("july", "jul", "ژوئیه", "جولای"), ("august", "aug", "اوت", "آگوست"),
            ("september", "sep", "sept", "سپتامبر"), ("october", "oct", "اکتبر"), ("november", "nov", "نوامبر"),
            ("december", "dec", "دسامبر"),
        ),
        start=1,
    )
    for name in map(key, names)
}  # fmt: skip
_YMD = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_XXY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]*([a-z]+)\.?,?[\s-]*(\d{4}|\d{2})")
_MONTH_DAY_YEAR = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]m)?\s*(z|utc|[+-]\d{2}:?\d{2})?$")

_TWO_YEARS = re.compile(r"(\d{4}|\d{2})\s*[-/–]\s*(\d{4}|\d{2})")
_QUARTER = re.compile(r"(\d{4})\s*[-/ ]?\s*q([1-4])|q([1-4])\s*[-/ ]?\s*(\d{4})")
_MONTH = re.compile(r"(\d{4})[-/.年]\s*(\d{1,2})月?|(\d{1,2})[-/.](\d{4})")
_NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?[\s,-]*(\d{4})|(\d{4})[\s-]*([^\W\d_]+)")


def day(text: str, order: str = "dmy") -> date | None:
    """The day in a cell, or None for a blank one. Jalali years (13xx, 14xx) are understood.

    `order` (dmy or mdy) says what 03/04/2025 means. Raises `BadValue`, also for 0000-00-00.
    """
    if is_blank(text):
        return None
    written = _TIME.sub("", key(text)).strip()
    if not written.strip("0-/. "):
        raise BadValue(
            _(
                "“%(value)s” is not a day. Leave the cell blank where there is none.",
                value=shortened(text),
            )
        )
    parts = _parts(written, order)
    if parts is None:
        raise BadValue(
            _(
                "“%(value)s” is not a day. Write it as 2025-03-31 or 31 March 2025.",
                value=shortened(text),
            )
        )
    return _real(*parts, text)


def date_order(texts: Iterable[str]) -> str | None:
    """What the days of a column say about their order: dmy, mdy, or None when all fit both."""
    for text in texts:
        match = _XXY.fullmatch(_TIME.sub("", key(text)).strip())
        if match:
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                return "dmy"
            if second > 12 >= first:
                return "mdy"
    return None


def period(
    text: str, order: str = "dmy", years: Years = CALENDAR, *, fiscal: bool = False
) -> date | None:
    """The last day of the period in a cell (rule 28), or None for a blank one.

    "2024-25" is the year from April to March and ends on 2025-03-31; "2024 Q3" is a quarter of
    the calendar year, "2024-05" a month, "2024" a year; a day is itself. "2024-05" is always the
    month. `years` say where quarters and years lie otherwise; a label that says it is `fiscal`, or
    stands under such a heading, waits until they do. Raises `BadValue`.
    """
    if is_blank(text):
        return None
    written, marked = unmarked(key(text))
    found = _span(written, years, marked=marked)
    if found:
        two = _TWO_YEARS.fullmatch(written)
        if (
            (marked or fiscal)
            and not two
            and months_of(text) >= 3
            and (words := years.refusal(text))
        ):
            raise BadValue(words)
        year, month = found
        if year not in _YEARS:
            raise BadValue(_("“%(value)s” is not a period of our time.", value=shortened(text)))
        return date(year, month, calendar.monthrange(year, month)[1])
    try:
        return day(text, order)
    except BadValue as error:
        if re.search(r"\d+\D+\d+\D+\d+", written):
            raise
        raise BadValue(
            _(
                "“%(value)s” is not a period. Write it as 2024-25, 2024 Q3, 2024-05 or as a day.",
                value=shortened(text),
            )
        ) from error


def months_of(text: str) -> int:
    """How many months the period in a cell lasts: 12, 3 or 1; 0 for a day."""
    written, _marked = unmarked(key(text))
    if _QUARTER.fullmatch(written):
        return 3
    if match := _MONTH.fullmatch(written):
        if 1 <= int(match[2] or match[3]) <= 12:
            return 1
    elif _NAMED_MONTH.fullmatch(written):
        return 1
    return 12 if _TWO_YEARS.fullmatch(written) or re.fullmatch(r"\d{4}", written) else 0


def _parts(written: str, order: str) -> tuple[int, int, int] | None:
    if match := _YMD.fullmatch(written) or _COMPACT.fullmatch(written):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _XXY.fullmatch(written):
        first, second = int(match[1]), int(match[3])
        return _year(match[4]), *((second, first) if order == "dmy" else (first, second))
    if (match := _DAY_MONTH_YEAR.fullmatch(written)) and match[2] in _MONTHS:
        return _year(match[3]), _MONTHS[match[2]], int(match[1])
    if (match := _MONTH_DAY_YEAR.fullmatch(written)) and match[1] in _MONTHS:
        return int(match[3]), _MONTHS[match[1]], int(match[2])
    return None


def _real(year: int, month: int, number: int, text: str) -> date:
    try:
        if year in _JALALI_YEARS:
            return JalaliDate(year, month, number).to_gregorian()
        if year in _YEARS:
            return date(year, month, number)
    except ValueError:
        pass
    raise BadValue(_("There is no day “%(value)s”.", value=shortened(text)))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _span(written: str, years: Years, *, marked: bool) -> tuple[int, int] | None:
    """Year and month in which a period ends; `marked` says that its label called it fiscal."""
    if match := _QUARTER.fullmatch(written):
        return years.end(int(match[1] or match[4]), int(match[2] or match[3]))
    if match := _MONTH.fullmatch(written):
        year, month = int(match[1] or match[4]), int(match[2] or match[3])
        if 1 <= month <= 12:
            return year, month
    if match := _TWO_YEARS.fullmatch(written):
        first, second = _year(match[1]), match[2]
        if len(match[1]) == 4 or marked:
            following = (first + 1) % 10 ** len(second)
            return years.end_of_two(first) if int(second) == following else None
    if match := _NAMED_MONTH.fullmatch(written):
        month = _MONTHS.get(match[1] or match[4])
        return (int(match[2] or match[3]), month) if month else None
    if re.fullmatch(r"\d{4}", written):
        return years.end(int(written))
    return None
