"""What it costs that a blocker stands in the way: sums of days and money, without a database (rule 26)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tracker.blockers.clocks import Spell

DAYS_OF_A_YEAR = 250  # working days, by which a yearly benefit is spread (rule 26)
A_YEAR = 4  # quarters
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
    once. `entered` is the sum of the costs that were entered, `estimate` is for the days of the others, each counted once."""

    count: int
    summed: int
    together: int
    entered: Decimal | None
    estimate: Decimal | None

    @property
    def money(self) -> Decimal | None:
        """What was entered and what is estimated; None where neither is known."""
        known = [one for one in (self.entered, self.estimate) if one is not None]
        return sum(known, Decimal(0)) if known else None


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
    until `today`. A day counts where it is a working day of whoever held one then."""
    days: set[date] = set()
    for starts, ends, calendar in spells:
        last = today if ends is None else ends
        each = (starts + timedelta(days=n) for n in range(1, (last - starts).days + 1))
        days.update(day for day in each if calendar.counts(day))
    return len(days)


def whole(
    spells: Mapping[int, Sequence[Spell]], costs: Mapping[int, Decimal], claimed: Yearly | None, today: date
) -> Whole:  # fmt: skip
    """Return what the blockers with these `spells` cost together; `costs` are those that were entered, by blocker."""
    every = [spell for its in spells.values() for spell in its]
    rest = [spell for id_, its in spells.items() if id_ not in costs for spell in its]
    summed = sum(
        calendar.between(starts, today if ends is None else ends)
        for starts, ends, calendar in every
    )
    return Whole(
        count=len(spells),
        summed=summed,
        together=union(every, today),
        entered=sum(costs.values(), Decimal(0)) if costs else None,
        estimate=claimed.for_days(union(rest, today)) if claimed and rest else None,
    )
