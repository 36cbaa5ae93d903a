"""Until when whoever is waited for is in time: sums of dates, without a database (rules 6, 23 and 25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from tracker.initiatives.pauses import Limit, Pause, extended
from tracker.organisation.calendars import WorkingDays

ACKNOWLEDGE_WITHIN = 2  # working days from the raising on
COMMIT_WITHIN = 5  # working days from the raising on
ANSWER_WITHIN = 5  # working days for the raiser's side, from a counter-proposal on
SETTLE_WITHIN = 5  # working days for whoever settles, from a dispute on
CONFIRM_WITHIN = 5  # working days of silence, then it counts as confirmed
REOPEN_WITHIN = 30  # calendar days after it was over

Spell = tuple[date, date | None, WorkingDays]


def due(limits: Sequence[Limit], pauses: Sequence[Pause], days: WorkingDays) -> date | None:
    """Return the earliest last day of several limits; None when nothing limits it, or all that does is paused."""
    lasts = [extended(limit, pauses, days) for limit in limits]
    return min((last for last in lasts if last is not None), default=None)


def joined(turns: Iterable[tuple[str, date, date | None, WorkingDays]]) -> list[Spell]:
    """Return turns (key of the holder, begin, end, calendar) as spells, those of one holder after another as one.

    They are what was reopened, and its age goes on as if it had never been called resolved (rule 23).
    """
    spells: list[Spell] = []
    for _key, its in groupby(turns, key=itemgetter(0)):
        first, *later = its
        spells.append((first[1], (later[-1] if later else first)[2], first[3]))
    return spells


def age(spells: Iterable[Spell], today: date) -> int:
    """Return working days summed over holding periods (begin, end, calendar of the holder); open ones count to `today`."""
    return sum(
        days.between(starts, today if ends is None else ends) for starts, ends, days in spells
    )
