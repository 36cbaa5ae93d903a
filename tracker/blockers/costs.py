"""What it costs that a blocker stands in the way: sums of days and money, without a database (rule 26)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import itemgetter

from tracker.blockers.clocks import Spell
from tracker.organisation.calendars import WorkingDays

DAYS_OF_A_YEAR = 250  # working days, by which a yearly benefit is spread (rule 26)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Yearly:
    """The benefit that an initiative claims for a year: what it plans for the best four quarters in a row, the first of which
    begins on `first`. Quarters without a plan bring nothing."""

    amount: Decimal
    first: date

    def for_days(self, days: int) -> Decimal:
        """Return the part of it that goes by in as many working days, to the cent."""
        part = self.amount * days / DAYS_OF_A_YEAR
        return part.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Whole:
    """All blockers of one initiative, those that are over among them: `summed` one by one, and `together` with each day counted
    once. `entered` is the sum of the costs that were entered; `estimate` is for the `rest` of the days, on which none of those
    stood."""

    count: int
    summed: int
    together: int
    rest: int
    entered: Decimal | None
    estimate: Decimal | None


def yearly(planned: Mapping[date, Decimal]) -> Yearly | None:
    """Return what a plan (amount by the first day of a quarter) brings in its best year, the earliest of several; None without
    one, and where it brings nothing."""
    best: Yearly | None = None
    for first in sorted(planned):
        ends = date(first.year + 1, first.month, 1)
        within = [amount for quarter, amount in planned.items() if first <= quarter < ends]
        amount = sum(within, Decimal(0))
        if amount > (best.amount if best else 0):
            best = Yearly(amount, first)
    return best


def union(spells: Iterable[Spell], today: date) -> int:
    """Return on how many days any of these `spells` (begin, end, calendar of the holder) stood in the way; open ones stand
    until `today`. A day counts where it is a working day of whoever held one then.

    It takes as long as there are spells, however long ago they began.
    """
    turns: list[tuple[date, int, WorkingDays]] = []
    for starts, ends, calendar in spells:
        last = today if ends is None else ends
        if last > starts:
            turns += [(starts, 1, calendar), (last, -1, calendar)]
    turns.sort(key=itemgetter(0))
    held: Counter[WorkingDays] = Counter()
    days, since = 0, date.min
    for day, change, calendar in turns:
        if held and day > since:
            days += _any_of(frozenset(held)).between(since, day)
        since = day
        held[calendar] += change
        if not held[calendar]:
            del held[calendar]
    return days


@lru_cache(maxsize=256)
def _any_of(calendars: frozenset[WorkingDays]) -> WorkingDays:
    """Return the calendar on which a day counts where it does on any of these."""
    if len(calendars) == 1:
        return next(iter(calendars))
    weekend = frozenset.intersection(*(one.weekend for one in calendars))
    off = {day for one in calendars for day in one.holidays}
    holidays = sorted(day for day in off if not any(one.counts(day) for one in calendars))
    return WorkingDays(weekend, tuple(holidays))


def whole(
    spells: Mapping[int, Sequence[Spell]], costs: Mapping[int, Decimal], claimed: Yearly | None, today: date
) -> Whole:  # fmt: skip
    """Return what the blockers with these `spells` cost together; `costs` are those that were entered, by blocker."""
    every = [spell for its in spells.values() for spell in its]
    entered = [spell for id_, its in spells.items() if id_ in costs for spell in its]
    summed = sum(
        calendar.between(starts, today if ends is None else ends)
        for starts, ends, calendar in every
    )
    together = union(every, today)
    rest = together - union(entered, today)
    return Whole(
        count=len(spells),
        summed=summed,
        together=together,
        rest=rest,
        entered=sum(costs.values(), Decimal(0)) if costs else None,
        estimate=claimed.for_days(rest) if claimed and len(costs) < len(spells) else None,
    )
