"""The period that a row is about: one cell, or a year with its quarter or month."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from flask_babel import gettext as _

from tracker.importing.days import months_of, period
from tracker.importing.matching import Rejected
from tracker.importing.notes import Note, sentence
from tracker.importing.tidy import key
from tracker.importing.values import Period
from tracker.importing.words import BadValue, shortened
from tracker.importing.years import Years
from tracker.kpis.measures import DAYS, MONTHS, Cadence, cadence_name
from tracker.wording import day, isolate, listed

_NOT_A_FRACTION = re.compile(r"(\d+)[.,]0+")
_QUARTER = re.compile(
    r"(?:q|qtr|quarter|第|سه ماهه|فصل)?\s*([1-4])\s*(?:q|季度?|(?:st|nd|rd|th)?(?:\s+quarter)?)?"
)


class Span(NamedTuple):
    """From its first to its last day; `months` is 0 where it is a day. `text` is how the file calls it."""

    first: date
    last: date
    months: int
    text: str


def span_of(values: dict[str, Any], years: Years) -> Span:
    """Return the period of a row from its `day`, or from `year`, `quarter` and `month`. Raises `Rejected`.

    `years` say where its quarters and years lie; months are always those of the calendar.
    """
    if (told := values.get("day")) is not None:
        if told.name is None:
            return Span(told.last, told.last, 0, told.last.isoformat())
        return _span(told.last, told.name)
    year, quarter, month = (_plain(values.get(name)) for name in ("year", "quarter", "month"))
    name = "quarter" if quarter else "month" if month else "year"
    if not year and not quarter and not month:
        raise Rejected(
            _asked(values), _("Give the period: a day, or a year with its quarter or month.")
        )
    text = _together(year, quarter, month)
    try:
        last = period(text, years=years, fiscal=bool({"year", "quarter"} & years.marked))
    except BadValue as error:
        raise Rejected(name, error.words) from None
    if last is None:
        raise Rejected(name, _("“%(value)s” is not a period.", value=shortened(text)))
    return _span(last, text)


def refuse_unfit(span: Span, cadence: Cadence, today: date, values: dict[str, Any]) -> None:
    """Raise `Rejected` for a period that has not begun, and for one that is longer than those of the KPI."""
    if span.first > today:
        raise Rejected(
            _asked(values),
            _("“%(period)s” lies ahead; a reading says what was measured.", period=span.text),
        )
    if span.months > MONTHS.get(cadence, 0):
        raise Rejected(
            _asked(values),
            _(
                "“%(period)s” is longer than the rhythm of this KPI (%(cadence)s). Give a figure for each of its periods.",
                period=span.text, cadence=cadence_name(cadence),
            ),
        )  # fmt: skip


def how_read(rows: Iterable[dict[str, Any]], years: Years) -> list[Note]:
    """Return how quarters and years of a file were read: a note with one of each sort, none where there is none."""
    examples: dict[tuple[int, bool], Span] = {}
    for label in dict.fromkeys(label for values in rows for label in _labels(values)):
        try:
            span = span_of(dict(label), years)
        except Rejected:
            continue
        if span.months >= 3:
            examples.setdefault((span.months, "-" in span.text), span)
    if not examples:
        return []
    told = [(s.text, s.first.isoformat(), s.last.isoformat()) for s in examples.values()]
    return [Note("periods", {"examples": told, "month": years.month, "named": years.named})]


@sentence("periods")
def _read_so(examples: list[tuple[str, str, str]], month: int, named: str) -> str:
    told = listed(
        _(
            "“%(label)s” is %(first)s to %(last)s",
            label=isolate(label),
            first=_day(first),
            last=_day(last),
        )
        for label, first, last in examples
    )
    words = _("Periods are read so: %(examples)s.", examples=told)
    return " ".join((words, Years(month, named).told())).strip()


def _day(written: str) -> str:
    return day(date.fromisoformat(written))


def _labels(values: dict[str, Any]) -> Iterable[tuple[tuple[str, Any], ...]]:
    """The periods that a row names, each as `span_of` takes it."""
    for value in values.values():
        if isinstance(value, Period) and value.name is not None:
            yield (("day", value),)
    if values.get("year") and not values.get("month"):
        yield ("year", values["year"]), ("quarter", values.get("quarter"))


def cadence_of(spans: list[Span]) -> Cadence:
    """Return how often something is read that was measured over these periods; monthly where they do not tell."""
    longest = max((span.months for span in spans), default=0)
    if longest:
        return next(one for one in MONTHS if MONTHS[one] >= longest)
    days = sorted({span.last for span in spans})
    steps = sorted((after - before).days for before, after in pairwise(days))
    if not steps:
        return Cadence.monthly
    usual = steps[len(steps) // 2]
    return min(DAYS, key=lambda one: abs(DAYS[one] - usual))


def _asked(values: dict[str, Any]) -> str:
    return next((name for name in ("day", "quarter", "month", "year") if values.get(name)), "day")


def _together(year: str, quarter: str, month: str) -> str:
    """The period as it is written in one text."""
    if not year:
        return quarter or month
    if quarter:
        found = _QUARTER.fullmatch(quarter)
        if found is None:
            raise Rejected("quarter", _("“%(value)s” is not a quarter. Write 1 to 4.", value=shortened(quarter)))  # fmt: skip
        return f"{year} Q{found[1]}"
    if month.isdecimal():
        return f"{year}-{int(month):02d}"
    return f"{month} {year}" if month else year


def _plain(text: str | None) -> str:
    """The text as it is compared, in Latin digits, whole where a spreadsheet made a fraction of it: 2019.0."""
    given = "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one for one in key(text or "")
    )
    found = _NOT_A_FRACTION.fullmatch(given)
    return found[1] if found else given


def _span(last: date, text: str) -> Span:
    months = months_of(text)
    if not months:
        return Span(last, last, 0, text)
    begins = last.year * 12 + last.month - months
    return Span(
        date(begins // 12, begins % 12 + 1, 1),
        date(last.year, last.month, monthrange(last.year, last.month)[1]),
        months,
        shortened(text),
    )
