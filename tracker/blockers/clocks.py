"""Until when whoever is waited for is in time: sums of dates, without a database (rules 6, 23 and 25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.organisation.calendars import WorkingDays

ACKNOWLEDGE_WITHIN = 2  # working days from the raising on
COMMIT_WITHIN = 5  # working days from the raising on
CONFIRM_WITHIN = 5  # working days of silence, then it counts as confirmed
REOPEN_WITHIN = 30  # calendar days after it was over


@dataclass(frozen=True)
class Pause:
    """A time on hold; without `ends` it is still going on."""

    starts: date
    ends: date | None = None


@dataclass(frozen=True)
class Limit:
    """A last day, and the day from which on pauses move it."""

    last: date
    since: date


def within(count: int, since: date, days: WorkingDays) -> Limit:
    """Return the limit of a clock of `count` working days that began on `since`."""
    return Limit(days.add(since, count), since)


def extended(limit: Limit, pauses: Iterable[Pause], days: WorkingDays) -> date | None:
    """Return the last day in time once the working days on hold are taken out; None while it is paused.

    `pauses` come in their order. One that begins after the last day changes nothing: it was late by then.
    """
    last = limit.last
    for pause in pauses:
        begins = max(pause.starts, limit.since)
        if pause.ends is not None and pause.ends <= limit.since:
            continue
        if begins > last:
            break
        if pause.ends is None:
            return None
        last = days.add(last, days.between(begins, pause.ends))
    return last


def due(limits: Sequence[Limit], pauses: Sequence[Pause], days: WorkingDays) -> date | None:
    """Return the earliest last day of several limits; None when nothing limits it, or all that does is paused."""
    lasts = [extended(limit, pauses, days) for limit in limits]
    return min((last for last in lasts if last is not None), default=None)


def age(spells: Iterable[tuple[date, date | None, WorkingDays]], today: date) -> int:
    """Return working days summed over holding periods (begin, end, calendar of the holder); open ones count to `today`."""
    return sum(
        days.between(starts, today if ends is None else ends) for starts, ends, days in spells
    )
