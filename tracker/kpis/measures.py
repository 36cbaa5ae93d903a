"""What a KPI is measured by: its direction, its layer, how often it is read, and the periods that follow from that."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from tracker.wording import day as told
from tracker.wording import digits


class Good(StrEnum):
    """Which way is better."""

    up = "up"
    down = "down"


class Layer(StrEnum):
    """Where a KPI stands between what the company wants and what people do."""

    outcome = "outcome"
    driver = "driver"
    process = "process"


class Cadence(StrEnum):
    """How often a KPI is read."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"
    half_yearly = "half_yearly"
    yearly = "yearly"


DAYS = {
    Cadence.daily: 1, Cadence.weekly: 7, Cadence.monthly: 31, Cadence.quarterly: 92, Cadence.half_yearly: 183,
    Cadence.yearly: 366,
}  # fmt: skip
MONTHS = {Cadence.monthly: 1, Cadence.quarterly: 3, Cadence.half_yearly: 6, Cadence.yearly: 12}
STALE_AFTER = 1.5  # cadences without a reading (rule 9)


def period_end(day: date, cadence: Cadence) -> date:
    """Return the last day of the period that `day` lies in: of its ISO week, month, quarter, half or calendar year."""
    if cadence == Cadence.daily:
        return day
    if cadence == Cadence.weekly:
        return day + timedelta(days=7 - day.isoweekday())
    several = MONTHS[cadence]
    month = -(-day.month // several) * several
    return date(day.year, month, monthrange(day.year, month)[1])


def stale(last: date | None, cadence: Cadence, today: date) -> bool:
    """Tell whether the newest reading, of the period that ended on `last`, is older than one and a half cadences."""
    return last is not None and (today - last).days > int(DAYS[cadence] * STALE_AFTER)


def next_day(last: date | None, cadence: Cadence, today: date) -> date | None:
    """Return the day that a form proposes: the end of the period after `last`, or of the last one that is over.

    None while the period after `last` goes on: nothing whole can be said of it yet.
    """
    if last is None:
        end = period_end(today, cadence)
        return end if end <= today else previous_end(end, cadence)
    end = period_end(last + timedelta(days=1), cadence)
    return end if end <= today else None


def previous_end(end: date, cadence: Cadence) -> date:
    """Return the last day of the period before the one that ends on `end`."""
    if cadence not in MONTHS:
        return end - timedelta(days=DAYS[cadence])
    month = end.year * 12 + end.month - 1 - MONTHS[cadence]
    return period_end(date(month // 12, month % 12 + 1, 1), cadence)


def period_name(last: date, cadence: Cadence) -> str:
    """Return what the period that ends on `last` is called; in words that stand alone."""
    if cadence == Cadence.quarterly:
        return digits(_("Q%(quarter)s %(year)s", quarter=-(-last.month // 3), year=last.year))
    if cadence == Cadence.yearly:
        return digits(str(last.year))
    return told(last)


def cadence_name(cadence: str) -> str:
    """Return the words of a cadence."""
    names = {
        Cadence.daily: _("Daily"),
        Cadence.weekly: _("Weekly"),
        Cadence.monthly: _("Monthly"),
        Cadence.quarterly: _("Quarterly"),
        Cadence.half_yearly: _("Half-yearly"),
        Cadence.yearly: _("Yearly"),
    }
    return names[Cadence(cadence)]


def layer_name(layer: str) -> str:
    """Return the words of a layer."""
    names = {Layer.outcome: _("Outcome"), Layer.driver: _("Driver"), Layer.process: _("Process")}
    return names[Layer(layer)]


def good_name(good: str) -> str:
    """Return the words of a direction."""
    return {Good.up: _("Higher is better"), Good.down: _("Lower is better")}[Good(good)]
