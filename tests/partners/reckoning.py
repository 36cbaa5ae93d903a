"""An independent reckoning of scorecards: it keeps a diary of what was done, and counts days one by one.

It reads neither the tables of the scorecards nor the last days that actions keep.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

OFF = {date(2026, 4, 3), date(2026, 5, 1), date(2026, 8, 31)}  # days off of the vendor alone


@dataclass
class Given:
    """One action while somebody has it, as the diary tells it."""

    partner: int | None
    since: date
    seen: bool = False


@dataclass
class Diary:
    """What happened to one action."""

    due: date
    agreed: date
    given: Given
    handed_in: date | None = None
    reviews: list[tuple[date, date]] = field(default_factory=list)  # since it was given
    returned_to: set[int] = field(default_factory=set)  # partners that had something returned
    blocked: dict[tuple[int, date], tuple[date, date | None]] = field(
        default_factory=dict
    )  # since it was given
    over: bool = False
    late: bool = False  # when it was handed in last


Key = tuple[int, tuple[int, int]]  # partner; year and quarter


class Reckoning:
    """The figures by hand: for each partner and quarter what stands behind them."""

    def __init__(self, vendor: int) -> None:
        self.vendor = vendor
        self.accepted: dict[Key, list[tuple[bool, bool]]] = defaultdict(list)
        self.waits: dict[Key, list[int]] = defaultdict(list)
        self.returned: dict[Key, int] = defaultdict(int)
        self.review: dict[Key, list[int]] = defaultdict(list)
        self.dated: dict[Key, list[bool]] = defaultdict(list)
        self.held: dict[Key, dict[int, int]] = defaultdict(dict)
        self.waited: dict[Key, dict[tuple[int, date], int]] = defaultdict(dict)
        self.holds: list[tuple[date, date | None]] = []

    def works(self, day: date, partner: int | None) -> bool:
        return day.weekday() < 5 and not (partner == self.vendor and day in OFF)

    def days(self, since: date, until: date, partner: int | None, *, held: bool = False) -> int:
        """Working days after `since` up to `until`; without those on hold unless `held`."""
        found, day = 0, since
        while day < until:
            day += timedelta(days=1)
            paused = not held and any(
                begun < day <= (ended or until) for begun, ended in self.holds
            )
            found += self.works(day, partner) and not paused
        return found

    def on_hold(self, day: date) -> bool:
        return any(a <= day and (b is None or day < b) for a, b in self.holds)

    def last_day(self, one: Diary, until: date) -> date | None:
        """The last day in time as it stood on `until`: None while something of ours stands in the way."""
        pauses = [*self.holds, *one.reviews, *one.blocked.values()]
        merged = _united([(a, b) for a, b in pauses if a <= until])
        last = one.due
        for begun, ended in merged:
            if ended is not None and ended <= one.agreed:
                continue
            begins = max(begun, one.agreed)
            if begins > last:
                break
            if ended is None:
                return None
            for _day in range(self.days(begins, ended, one.given.partner, held=True)):
                last += timedelta(days=1)
                while not self.works(last, one.given.partner):
                    last += timedelta(days=1)
        return last


def _united(pauses: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Days that overlap count once."""
    found: list[tuple[date, date | None]] = []
    for begun, ended in sorted(pauses, key=lambda one: (one[0], one[1] or date.max)):
        if found and (found[-1][1] is None or begun <= found[-1][1]):
            before = found[-1][1]
            both = None if before is None or ended is None else max(before, ended)
            found[-1] = (found[-1][0], both)
        else:
            found.append((begun, ended))
    return found


def quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3
