"""Quarters of a year: numbers that follow one another, their days, and how addresses name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.viewing import digits

_NAMED = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
FIRST_YEAR = 2000  # nothing here is older


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter. `number` is four times the year, and 0 to 3 for the quarter: the next one is one more."""

    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter that `day` falls in."""
        return cls(day.year * 4 + (day.month - 1) // 3)

    @classmethod
    def asked(cls, text: str | None, today: date) -> Quarter | None:
        """Return the quarter that an address names, for one still to come the present one; None for none, and for nonsense."""
        present, named = cls.of(today), _NAMED.fullmatch(text or "")
        if named is None or int(named[1]) < FIRST_YEAR:
            return None
        return min(cls(int(named[1]) * 4 + int(named[2]) - 1), present)

    @property
    def key(self) -> str:
        """How addresses name it: 2026-Q3."""
        return f"{self.number // 4}-Q{self.number % 4 + 1}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.number // 4, self.number % 4 * 3 + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The one after it."""
        return Quarter(self.number + 1)

    @property
    def before(self) -> Quarter:
        """The one before it."""
        return Quarter(self.number - 1)

    @property
    def words(self) -> str:
        """How people name it."""
        year, quarter = str(self.number // 4), str(self.number % 4 + 1)
        return _("Q%(quarter)s %(year)s", quarter=digits(quarter), year=digits(year))

    def back(self, count: int) -> list[Quarter]:
        """Return `count` quarters that end with this one, the oldest first."""
        return [Quarter(self.number - n) for n in reversed(range(count))]
