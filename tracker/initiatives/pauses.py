"""Times on hold, and how they move the last day of a clock: sums of dates, but for `pauses_of` (rules 6 and 25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from tracker.clock import local_day
from tracker.db import asked
from tracker.initiatives.holds import Hold
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.settings import Organisation

_EVERY_HOLD = select(Hold.initiative_id, Hold.begun_at, Hold.ended_at).order_by(Hold.id)
_HOLDS = _EVERY_HOLD.where(Hold.initiative_id.in_(bindparam("initiatives", expanding=True)))
_HOLDS_OF_ONE = _EVERY_HOLD.where(Hold.initiative_id == bindparam("initiative"))


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


class Clocks:
    """By what the clocks of an initiative that goes on are counted: its times on hold and all calendars, read once for all rooms."""

    def __init__(self, initiative_id: int) -> None:
        self._initiative_id = initiative_id

    @cached_property
    def pauses(self) -> list[Pause]:
        """Its times on hold, in their order."""
        return [pause_of(row.begun_at, row.ended_at) for row in holds_of(self._initiative_id)]

    @cached_property
    def calendars(self) -> EveryCalendar:
        """The working days of everybody."""
        return EveryCalendar()


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


def united(pauses: Iterable[Pause]) -> list[Pause]:
    """Return the same times in their order, those that overlap or touch as one: no day is taken out twice."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.starts):
        before = found[-1] if found else None
        if before is None or (before.ends is not None and pause.starts > before.ends):
            found.append(pause)
        elif before.ends is not None:
            ends = None if pause.ends is None else max(before.ends, pause.ends)
            found[-1] = Pause(before.starts, ends)
    return found


def last_day(limit: Limit, pauses: Sequence[Pause], days: WorkingDays, today: date) -> date:
    """Return the same, but while it is paused the last day as it would be if work went on `today`."""
    last = extended(limit, pauses, days)
    if last is not None:
        return last
    *over, present = pauses
    left = days.between(max(present.starts, limit.since), extended(limit, over, days) or limit.last)
    return days.add(today, left)


def pauses_of(initiative_ids: Collection[int]) -> dict[int, list[Pause]]:
    """Return the times on hold of some initiatives, in their order, by the organisation's days and in one query."""
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for row in asked(_HOLDS, {"initiatives": list(initiative_ids)}):
        pauses[row.initiative_id].append(pause_of(row.begun_at, row.ended_at))
    return pauses


def holds_of(initiative_id: int) -> Sequence[Any]:
    """Return the times on hold of an initiative as the moments `begun_at` and `ended_at`, in their order."""
    return asked(_HOLDS_OF_ONE, {"initiative": initiative_id}).all()


def pause_of(begun_at: datetime, ended_at: datetime | None) -> Pause:
    """Return the time on hold between two moments, by the organisation's days."""
    zone = Organisation.current().time_zone
    return Pause(local_day(begun_at, zone), local_day(ended_at, zone) if ended_at else None)


def waited(since: date, today: date, pauses: Iterable[Pause], days: WorkingDays) -> int:
    """Return the working days from `since` to `today` without those on hold."""
    paused = sum(
        days.between(max(pause.starts, since), min(pause.ends or today, today)) for pause in pauses
    )
    return days.between(since, today) - paused
