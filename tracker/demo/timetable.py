"""When things happened: days ago become moments of working days, in one order for all.

The trail is numbered in the order in which it is written, so the two years are told day by day and
not initiative by initiative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from tracker.organisation.calendars import WorkingDays

OPENS, CLOSES = 8 * 60 + 40, 17 * 60 + 20  # minutes of the day, UTC
HOLIDAYS = ((1, 1, "New Year's Day"), (12, 25, "Christmas Day"), (12, 26, "Day after Christmas"))

Act = Callable[[datetime], object]


def holidays(today: date) -> tuple[tuple[date, str], ...]:
    """The company's days off, from three years back to the end of next year, sorted."""
    years = range(today.year - 3, today.year + 2)
    return tuple(sorted((date(year, m, d), name) for year in years for m, d, name in HOLIDAYS))


@dataclass
class Timetable:
    """Acts to be done, each so many days before `now`; on one day in the order they were given."""

    now: datetime
    _acts: list[tuple[date, int, Act]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today = self.now.astimezone(UTC).date()
        self._working = WorkingDays(holidays=tuple(day for day, _ in holidays(self.today)))

    def day(self, ago: int) -> date:
        """The working day `ago` days before today: the last one before it if it was none.

        A day that lies ahead (`ago` below zero) is the next working day instead, so that nothing is
        promised for a Sunday.
        """
        day, step = self.today - timedelta(days=ago), timedelta(days=1 if ago < 0 else -1)
        while not self._working.counts(day):
            day += step
        return day

    def on(self, ago: int, act: Act) -> None:
        """Let `act` happen `ago` days ago (1 or more), after what was put on that day before it."""
        if ago < 1:
            raise ValueError("What has happened lies at least a day back.")
        self._acts.append((self.day(ago), len(self._acts), act))

    def run(self) -> int:
        """Do everything, oldest first, spread over the working hours; return how many acts."""
        ordered = sorted(self._acts, key=lambda act: act[:2])
        for day, acts in groupby(ordered, key=lambda act: act[0]):
            of_day = [act for _, _, act in acts]
            for moment, act in zip(_moments(day, len(of_day)), of_day, strict=True):
                act(moment)
        return len(ordered)


def _moments(day: date, count: int) -> Iterator[datetime]:
    """`count` rising moments between opening and closing time; no two days alike."""
    step = (CLOSES - OPENS) * 60 // (count + 1)
    for number in range(1, count + 1):
        drift = (day.toordinal() * 37 + number * 101) % max(1, step // 2)
        yield datetime.combine(day, time(), UTC) + timedelta(
            seconds=OPENS * 60 + number * step - step // 4 + drift
        )
