"""Working days: which days count, how many lie between two dates, and which date is n of them away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select, true
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.recording import Recorded
from tracker.db import Model, db
from tracker.scoping import Scoped

EPOCH = date(2000, 1, 3)  # a Monday


@dataclass(frozen=True)
class WorkingDays:
    """The days on which work is expected. `weekend` holds ISO weekdays (Monday is 1), `holidays` sorted dates."""

    weekend: frozenset[int] = frozenset({6, 7})
    holidays: tuple[date, ...] = ()

    def counts(self, day: date) -> bool:
        """Tell whether `day` is a working day."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def ordinal(self, day: date) -> int:
        """Return how many working days have passed from 3 January 2000 up to and including `day`.

        The difference of two ordinals is the working days from one date to the other, so sums of them can be kept.
        """
        days = (day - EPOCH).days + 1
        weeks, rest = divmod(days, 7)
        total = weeks * (7 - len(self.weekend)) + sum(1 for d in range(1, rest + 1) if d not in self.weekend)
        return total - bisect_right(self._lost, day)

    @property
    def _lost(self) -> list[date]:
        return [day for day in self.holidays if day >= EPOCH and day.isoweekday() not in self.weekend]

    def between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`; 0 when `end` is not later."""
        return max(0, self.ordinal(end) - self.ordinal(start))

    def add(self, start: date, count: int) -> date:
        """Return the date `count` working days after `start`."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.counts(day)
        return day


class Calendar(Scoped, Recorded, Model):
    """A working-day calendar that units and partners share."""

    __tablename__ = "calendar"
    subject_type: ClassVar[str] = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    weekend: Mapped[str] = mapped_column(String(20), default="6,7")
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, person: Any) -> Select[tuple[Self]]:
        return select(cls).where(true() if person.is_internal else false())


class Holiday(Model):
    """A day off in one calendar."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(120), default="")


def weekend_of(text: str) -> frozenset[int]:
    """Return the ISO weekdays listed in `text`, as stored in `Calendar.weekend`."""
    return frozenset(int(part) for part in text.split(",") if part.strip())


def working_days(ids: Iterable[int] | None = None) -> dict[int, WorkingDays]:
    """Return the working days of the calendars `ids`, or of all, in two queries."""
    calendars = select(Calendar.id, Calendar.weekend)
    holidays = select(Holiday.calendar_id, Holiday.day).order_by(Holiday.day)
    if ids is not None:
        wanted = list(ids)
        calendars, holidays = calendars.where(Calendar.id.in_(wanted)), holidays.where(Holiday.calendar_id.in_(wanted))
    days: dict[int, list[date]] = {}
    for calendar_id, day in db.session.execute(holidays):
        days.setdefault(calendar_id, []).append(day)
    return {
        id_: WorkingDays(weekend_of(weekend), tuple(days.get(id_, ()))) for id_, weekend in db.session.execute(calendars)
    }
