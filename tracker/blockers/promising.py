"""The day that whoever answers is offered to promise with one click."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tracker.blockers.clocks import COMMIT_WITHIN
from tracker.blockers.holders import Calendars
from tracker.blockers.lines import Line
from tracker.blockers.states import MOVES, Verb, WaitingOn
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.people import Person
from tracker.policy import May, may


def offers(
    lines: Iterable[Line], person: Person, days: WorkingDays, today: date
) -> dict[int, date]:
    """Return by blocker the day that `person` may promise of it at once; nothing of those that are promised and not late.

    `days` are the working days of the holder of all these `lines`.
    """
    return {
        line.id: _offered(line, days, today)
        for line in lines
        if _asks(line) and may(person, May.answer_blocker, line)
    }


def first_offer(blocker: Any, today: date) -> date:
    """Return the day with which a form to promise begins: the promise that stands, else the one that is offered."""
    if blocker.promised_on is not None and blocker.promised_on >= today:
        return blocker.promised_on
    return _offered(blocker, Calendars().of_holder(blocker.holder), today)


def _asks(line: Line) -> bool:
    """Tell whether a promise is what it waits for."""
    waits = line.waiting_on == WaitingOn.holder and line.state in MOVES[Verb.commit][0]
    return waits and (line.promised_on is None or line.broken)


def _offered(line: Any, days: WorkingDays, today: date) -> date:
    """Return the day it is needed by; where that has passed or nobody said one, the day by which promises are due from today on."""
    if line.needed_by is not None and line.needed_by >= today:
        return line.needed_by
    return days.add(today, COMMIT_WITHIN)
