"""Working days: which days count, how many lie between two dates, which date is n of them away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Model, asked, db
from tracker.errors import NotNow
from tracker.organisation.settings import Organisation, bump_epoch
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped

if TYPE_CHECKING:
    from tracker.organisation.people import Person

EPOCH = date(2000, 1, 3)  # a Monday


@dataclass(frozen=True)
class WorkingDays:
    """The days on which work is expected. `weekend` holds ISO weekdays (Monday is 1), `holidays`
    sorted dates. Raises `ValueError` when no weekday is left to work on."""

    weekend: frozenset[int] = frozenset({6, 7})
    holidays: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(1, 8)):
            raise ValueError("A calendar without working days.")

    def counts(self, day: date) -> bool:
        """Tell whether `day` is a working day."""
        return day.isoweekday() not in self.weekend and day not in self._off

    def ordinal(self, day: date) -> int:
        """Return how many working days have passed from 3 January 2000 up to and including `day`;
        before that date the number is negative or zero.

        The difference of two ordinals is the working days from one date to the other, so that sums
        of them can be kept.
        """
        weeks, rest = divmod((day - EPOCH).days + 1, 7)
        total = weeks * (7 - len(self.weekend))
        total += sum(1 for weekday in range(1, rest + 1) if weekday not in self.weekend)
        return total - bisect_right(self._lost, day) + bisect_left(self._lost, EPOCH)

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset(self.holidays)

    @cached_property
    def _lost(self) -> list[date]:
        """The holidays that take a working day away."""
        return sorted(day for day in self._off if day.isoweekday() not in self.weekend)

    def between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`; 0 when `end` is not
        later."""
        return max(0, self.ordinal(end) - self.ordinal(start))

    def add(self, start: date, count: int) -> date:
        """Return the date `count` working days after `start`; `start` itself when that is 0."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.counts(day)
        return day

    def shift(self, start: date, count: int) -> date:
        """Return the date `count` working days after `start`, or before it where that is negative."""
        if count >= 0:
            return self.add(start, count)
        day = start
        while count < 0:
            day -= timedelta(days=1)
            count += self.counts(day)
        return day


class Calendar(Scoped, Recorded, Model):
    """A working-day calendar that units and partners share."""

    __tablename__ = "calendar"
    subject_type: ClassVar[str] = "calendar"

    on_trail: ClassVar[Declared] = declare("name weekend")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    weekend: Mapped[str] = mapped_column(String(20), default="6,7")
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def add(
        cls,
        *,
        name: str,
        weekend: Iterable[int],
        holidays: Mapping[date, str] | None = None,
        by: Person | None,
        now: datetime,
    ) -> Calendar:
        """Add a calendar. `weekend` holds ISO weekdays, `holidays` the name of each day off.

        Raises `NotNow` for a name that is taken, and where no weekday is left to work on.
        """
        calendar = cls(name=name.strip(), weekend=_weekend_text(weekend), version=1)
        db.session.add(calendar)
        flush_or(_taken(calendar.name))
        calendar._rest_on(holidays or {})
        calendar.record(Kind.calendar_added, by=by, now=now, after=calendar._told(holidays or {}))
        return calendar

    def change(
        self,
        *,
        name: str,
        weekend: Iterable[int],
        holidays: Mapping[date, str],
        by: Person,
        now: datetime,
    ) -> None:
        """Change the calendar; everything counted by it is counted anew. Raises as `add` does."""
        before = self._told(self.holidays())
        self.name, self.weekend = name.strip(), _weekend_text(weekend)
        self.version += 1
        flush_or(_taken(self.name))
        self._rest_on(holidays)
        after = self._told(holidays)
        changed = [key for key in after if before[key] != after[key]]
        self.record(
            Kind.calendar_changed,
            by=by,
            now=now,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
        bump_epoch()

    def holidays(self) -> dict[date, str]:
        """Return the days off, in order, with their names."""
        kept = select(Holiday.day, Holiday.name).where(Holiday.calendar_id == self.id)
        return dict(db.session.execute(kept.order_by(Holiday.day)).all())

    def _rest_on(self, holidays: Mapping[date, str]) -> None:
        for day_off in db.session.scalars(select(Holiday).where(Holiday.calendar_id == self.id)):
            db.session.delete(day_off)
        db.session.flush()
        db.session.add_all(
            Holiday(calendar_id=self.id, day=day, name=name) for day, name in holidays.items()
        )
        db.session.flush()

    def _told(self, holidays: Mapping[date, str]) -> dict[str, Any]:
        days = [day.isoformat() for day in sorted(holidays)]
        return {"name": self.name, "weekend": self.weekend, "holidays": days}


class Holiday(Model):
    """A day off in one calendar."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)

    on_trail: ClassVar[Declared] = declare("calendar_id day", "name", key="calendar_id day")

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(120), default="")


def _weekend_text(weekend: Iterable[int]) -> str:
    days = sorted({day for day in weekend if 1 <= day <= 7})
    if len(days) == 7:
        raise NotNow(_("Leave at least one weekday to work on."))
    return ",".join(map(str, days))


def _taken(name: str) -> str:
    return _("There is a calendar called %(name)s already.", name=name)


def weekend_of(text: str) -> frozenset[int]:
    """Return the ISO weekdays listed in `text`, as stored in `Calendar.weekend`."""
    return frozenset(int(part) for part in text.split(",") if part.strip())


_DAYS = (
    select(Calendar.id, Calendar.weekend, Holiday.day)
    .outerjoin(Holiday, Holiday.calendar_id == Calendar.id)
    .order_by(Calendar.id, Holiday.day)
)
_DAYS_OF_SOME = _DAYS.where(Calendar.id.in_(bindparam("calendars", expanding=True)))


def working_days(ids: Iterable[int | None] | None = None) -> dict[int, WorkingDays]:
    """Return the working days of the calendars `ids`, or of all, in one query."""
    rows: Any = asked(_DAYS) if ids is None else asked(_DAYS_OF_SOME, {"calendars": list(ids)})
    return {
        id_: WorkingDays(weekend_of(weekend), tuple(row.day for row in days if row.day is not None))
        for (id_, weekend), days in groupby(rows, key=lambda row: row[:2])
    }


class EveryCalendar:
    """The working days of all calendars, read once, in one query; with `ids` of these and the organisation's own alone."""

    def __init__(self, ids: Iterable[int | None] | None = None) -> None:
        self._usual = Organisation.current().calendar_id
        wanted = None if ids is None else {*ids, self._usual} - {None}
        self._days = working_days(wanted)

    def of(self, calendar_id: int | None) -> WorkingDays:
        """Return the days of a calendar; without one those of the organisation, else Monday to Friday."""
        found = calendar_id if calendar_id in self._days else self._usual
        return self._days.get(found or 0, WorkingDays())
