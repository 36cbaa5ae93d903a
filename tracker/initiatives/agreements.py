"""What charters and priorities wait for from one person, over all initiatives (rules 3 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from tracker.clock import local_day
from tracker.initiatives.agreeing import SILENCE, TOLD_ABOVE
from tracker.initiatives.asking_since import AskedSince, asked_since
from tracker.initiatives.awaiting import Waiting
from tracker.initiatives.pauses import waited
from tracker.initiatives.unrated import unrated, unsettled
from tracker.initiatives.unsigned import maybe_silent, objections, unsigned
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

_SIGNING = ("unsigned", "silent", "reworded")  # no unit was asked before signatures were in use
_ASKED = (*_SIGNING, "unrated")
_COUNTED_HERE = ("silent", "reworded")  # by working days, which the database does not know


def agreement_lists(person: Person, now: datetime, limit: int) -> dict[str, Select[Any] | None]:
    """Return the lists, for `together`, of which `agreements_of` tells: at most `limit` rows of each are shown."""
    return {
        "unsigned": unsigned(person, limit),
        "objections": objections(person, limit),
        "silent": maybe_silent(person, now),
        "unrated": unrated(person, limit),
        "unsettled": unsettled(person, limit),
    }


def agreements_of(
    lists: Mapping[str, list[Any]], now: datetime, calendars: EveryCalendar, limit: int
) -> dict[str, list[Waiting]]:
    """Return what waits, from the rows of these lists, by the name of each.

    Of the maybe silent units those stay that have been so for `TOLD_ABOVE` working days, of what was maybe reworded what
    is not older than `SILENCE`. It takes one statement where a unit is asked for anything.
    """
    asked = asked_since({row.id for name in _ASKED for row in lists.get(name, ())})
    told = {}
    for name, rows in lists.items():
        waiting = [
            (Waiting(row.ref, row.title, row.unit or "", _since(name, row, asked)), row)
            for row in rows
        ]
        kept = [one for one, row in waiting if _stays(name, _age(one, row, now, calendars, asked))]
        whole = max([len(kept), *(row.among for row in rows if name not in _COUNTED_HERE)])
        told[name] = [replace(one, among=whole) for one in kept[:limit]]
    return told


def _since(name: str, row: Any, asked: AskedSince) -> datetime:
    """Return since when it waits: a unit is asked once it takes part and signatures are in use, not before."""
    came = asked.joined.get((row.id, row.unit_id))
    if name == "unrated":
        return came or row.since
    if name not in _SIGNING:
        return row.since
    return max(moment for moment in (row.since, came, asked.switched_on) if moment is not None)


def _age(
    waiting: Waiting, row: Any, now: datetime, calendars: EveryCalendar, asked: AskedSince
) -> int:
    """Return how many working days of its unit it has waited; those on hold do not count (rule 6)."""
    zone = Organisation.current().time_zone
    since, today = local_day(waiting.since, zone), local_day(now, zone)
    return waited(since, today, asked.pauses.get(row.id, ()), calendars.of(row.calendar_id))


def _stays(name: str, days: int) -> bool:
    return days > TOLD_ABOVE if name == "silent" else days <= SILENCE or name != "reworded"
