"""How dates, numbers and names read, for whoever looks (`tracker/viewing.py`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta, get_month_names
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from babel.units import format_unit
from flask import Flask, g
from flask_babel import get_domain, get_locale, lazy_gettext
from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from persiantools.jdatetime import JalaliDate

from tracker import languages
from tracker.clock import local_day, now
from tracker.directions import isolate
from tracker.people_marks import hue, initials
from tracker.viewing import (
    LANGUAGES,
    digits,
    jalali,
    language,
    persian_digits,
    tag,
    theme,
    today,
    zone,
)

HALF_A_YEAR = timedelta(days=183)


def day(value: date | datetime | None, form: str = "medium") -> str:
    """Return a date: `short` (27 Nov), `medium` (27 Nov 2026), `weekday` (Fri 27 Nov), `long` (Friday, 27 November 2026).

    The first and the third tell the year too where the day is more than half a year away: which one is meant is not plain then.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = local_day(value, zone())
    if abs(value - today()) > HALF_A_YEAR:
        form = {"short": "medium", "weekday": "dated"}.get(form, form)
    if jalali():
        patterns = {
            "short": "%-d %B",
            "medium": "%-d %B %Y",
            "weekday": "%A %-d %B",
            "dated": "%A %-d %B %Y",
            "long": "%A %-d %B %Y",
        }
        shown = JalaliDate(value, locale="fa" if language() == "fa" else "en")
        pattern = patterns[form].replace("%-d", str(shown.day))
        return digits(shown.strftime(pattern))
    locale = get_locale()
    chinese = language().startswith("zh")
    skeletons = {
        "short": "M月d日" if chinese else "d MMM",
        "medium": "y年M月d日" if chinese else "d MMM y",
        "weekday": "M月d日 EEE" if chinese else "EEE d MMM",
        "dated": "y年M月d日 EEE" if chinese else "EEE d MMM y",
        "long": "y年M月d日 EEEE" if chinese else "EEEE, d MMMM y",
    }
    return digits(format_date(value, skeletons[form], locale=locale))


def month_name(number: int) -> str:
    """Return the name of a month of the Gregorian calendar, 1 to 12, as it stands alone."""
    return get_month_names("wide", "stand-alone", locale=get_locale() or languages.SOURCE)[number]


def moment(value: datetime | None) -> str:
    """Return a date with its time of day, in the time zone of whoever looks."""
    if value is None:
        return ""
    return digits(_("%(day)s, %(time)s", day=day(value), time=hour(value)))


def hour(value: datetime) -> str:
    """Return the time of day of a moment, in the time zone of whoever looks."""
    return digits(format_datetime(value, "HH:mm", tzinfo=ZoneInfo(zone()), locale="en"))


def ago(value: datetime | None) -> str:
    """Return how long ago a moment was, in words; the date itself once that is more than a week."""
    if value is None:
        return ""
    span = value - now()
    if abs(span.days) > 7:
        return day(value)
    return digits(format_timedelta(span, add_direction=True, locale=get_locale()))


def filesize(count: int) -> str:
    """Return a number of bytes as people say it: 12 kB, 3.4 MB; a kB has 1,000 of them."""
    unit, size = ("kilobyte", count / 1e3) if count < 1e6 else ("megabyte", count / 1e6)
    shown = max(round(size, 0 if size >= 10 else 1), 0.1)
    return digits(
        format_unit(shown, f"digital-{unit}", length="short", locale=get_locale(), numbering_system=_marks())
    )  # fmt: skip


def _marks() -> Any:
    """Return whose point, comma and per cent sign a number is written with: Persian digits in Persian have their own."""
    return "arabext" if persian_digits() and language() == "fa" else "latn"


DIGITS = 400  # of a number at the most: no float has more before its point


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """Return a number with the separators of the language."""
    if value is None:
        return ""
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    with localcontext() as exact:
        exact.prec = DIGITS  # the usual 28 are too few to round 1e28 to two places
        return digits(
            format_decimal(value, format=pattern, locale=get_locale(), numbering_system=_marks())
        )


def percent(value: float | None, places: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * places if places else "") + "%"
    told = format_percent(value, pattern, locale=get_locale(), numbering_system=_marks())
    return digits(told if _marks() == "latn" else told.replace("%", "٪"))  # Babel keeps it


def money(
    value: float | Decimal | None,
    currency: str | None = None,
    compact: bool = False,
    cents: bool = False,
) -> str:
    """Return an amount in `currency` (ISO code; the organisation's by default), whole units; compact: 1.4M.

    With `cents`, those of an amount that has any are shown.
    """
    if value is None:
        return ""
    organisation = g.get("organisation")
    code = currency or (organisation.currency if organisation else "GBP")
    if compact and abs(value) >= 100_000:
        return digits(
            f"{format_compact_decimal(value, fraction_digits=1, locale=get_locale(), numbering_system=_marks())} {code}"
        )
    pattern = "¤#,##0.00" if cents and value % 1 else "¤#,##0"
    return digits(
        format_currency(
            value,
            code,
            format=pattern,
            locale=get_locale(),
            currency_digits=False,
            numbering_system=_marks(),
        )
    )


# For words that stand at the top of a file: translated when they are read. Forms want texts, and these act like them.
lazy: Callable[..., str] = cast("Any", lazy_gettext)


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """Return the form that fits `num`, with the number itself in the digits of whoever looks."""
    form = get_domain().get_translations().ungettext(singular, plural, num)
    return form % {"num": number(num), **variables}


def working_days(count: int) -> str:
    """Return "3 working days"."""
    return digits(ngettext("%(num)s working day", "%(num)s working days", count))


def days_short(count: int) -> str:
    """Return the short form that fits on a card: "9 d"."""
    return digits(ngettext("%(num)s d", "%(num)s d", count))


def listed(names: Iterable[Any]) -> str:
    """Return names one after another, with what the language sets between them: "A, B" or "A、B"."""
    locale = get_locale() or Locale.parse(languages.SOURCE)
    between = locale.list_patterns["standard"]["middle"].removeprefix("{0}").removesuffix("{1}")
    return between.join(map(str, names))


def sort_key(text: str) -> str:
    """Return a key that orders names alike on both databases: without case and accents, digits by value."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    out, run = [], ""
    for c in plain + "\0":
        if c.isdecimal():
            run += str(unicodedata.decimal(c))
            continue
        if run:
            out.append(run.zfill(12))
            run = ""
        if c != "\0":
            out.append(c)
    return "".join(out)


def init_app(app: Flask) -> None:
    """Give templates the filters, and Flask-Babel the language of each request."""
    languages.init_app(app, locale=language, timezone=zone)
    filters = (
        *(day, moment, hour, ago, number, percent, money, working_days, days_short, filesize),
        *(listed, isolate, digits, initials, hue),
    )
    app.jinja_env.filters.update({f.__name__: f for f in filters})
    app.jinja_env.add_extension("jinja2.ext.i18n")
    plural_in_pages = app.jinja_env.globals["ngettext"]

    @pass_context
    def counted(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
        variables.setdefault("num", number(num))
        return plural_in_pages(context, singular, plural, num, **variables)

    app.jinja_env.globals["ngettext"] = counted

    @app.context_processor
    def page_language() -> dict[str, Any]:
        organisation = g.get("organisation")
        return {
            "locale_tag": tag(),
            "text_direction": languages.direction(language()),
            "theme": theme(),
            "languages": LANGUAGES,
            "product_name": organisation.product_name if organisation else "Throughline",
            "today": today(),
        }
