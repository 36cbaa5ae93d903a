"""Who has agreed to the charter: for each unit that takes part, what it said and until when it may (rule 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.asking_since import asked_since
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.participants import participants
from tracker.initiatives.pauses import last_day, within
from tracker.initiatives.signatures import Signature, Stance
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.settings import Organisation

SILENCE = 10  # working days of the unit, after which the sponsor may go on without it
TOLD_ABOVE = 5  # working days of silence, after which the head of the unit above is told


class State(StrEnum):
    """Where a unit stands with a version."""

    signed = "signed"
    overridden = "overridden"
    passed = "passed"
    waiting = "waiting"
    silent = "silent"
    objected = "objected"


SETTLED = frozenset({State.signed, State.overridden, State.passed})


@dataclass(frozen=True)
class Position:
    """One unit and a version: `until` is the last day it may answer, `above_on` when the unit above is told.

    While it is on hold, both are as if work went on today.

    `number` is the version it answered, older than the present one where only the wording changed.
    """

    unit_id: int
    unit: str
    slug: str
    head_id: int | None
    head: str | None
    state: State
    until: date
    above_on: date
    number: int | None = None
    signature: Signature | None = None

    @property
    def settled(self) -> bool:
        """Whether it stands in nobody's way."""
        return self.state in SETTLED


class Agreement:
    """The present charter of an initiative and where every unit of it stands, as of a moment.

    `current` is a row with id, number, binding and published_at; `in_force` likewise the newest
    version that all have agreed to, or None.
    """

    def __init__(
        self,
        initiative: Any,
        versions: list[Any],
        answers: dict[int, Any],
        now: datetime,
        calendars: EveryCalendar | None = None,
    ) -> None:
        self.initiative, self.versions, self.current = initiative, versions, versions[0]
        self.answers, self.asked = answers, asked_since([initiative.id])
        self.pauses = self.asked.pauses.get(initiative.id, [])
        self.zone = Organisation.current().time_zone
        self.today = local_day(now, self.zone)
        self.units = participants(initiative)
        known = calendars or EveryCalendar({unit.acting_calendar_id for unit in self.units})
        self.days = {unit.id: known.of(unit.acting_calendar_id) for unit in self.units}
        self.positions = [self._position(unit, self.current) for unit in self.units]

    @classmethod
    def of(
        cls, initiative: Any, now: datetime, calendars: EveryCalendar | None = None
    ) -> Agreement | None:
        """Look everything up, in four short queries at any number of units; None before the first version."""
        versions, answers = _published(initiative)
        return cls(initiative, versions, answers, now, calendars) if versions else None

    @property
    def open(self) -> list[Position]:
        """The units that stand in the way of the next stage."""
        return [position for position in self.positions if not position.settled]

    @property
    def in_force(self) -> Any:
        """The newest version that every unit asked at its time has agreed to, or None."""
        for version in self.versions:
            closed = min(
                (one.published_at for one in self.versions if one.binding > version.number),
                default=None,
            )  # units that came later were never asked about this one
            asked = [unit for unit in self.units if self._was_asked(unit, closed)]
            if asked and all(self._position(unit, version).settled for unit in asked):
                return version
        return None

    def position(self, unit_id: int) -> Position | None:
        """Return where one unit stands with the present version, or None if it does not take part."""
        return next((one for one in self.positions if one.unit_id == unit_id), None)

    def _was_asked(self, unit: Any, closed: datetime | None) -> bool:
        came = self.asked.joined.get((self.initiative.id, unit.id))
        return closed is None or came is None or came < closed

    def _position(self, unit: Any, version: Any) -> Position:
        asked = next(one for one in self.versions if one.number == version.binding).published_at
        came = self.asked.joined.get((self.initiative.id, unit.id))
        since = max(
            moment for moment in (asked, came, self.asked.switched_on) if moment is not None
        )
        start = local_day(since, self.zone)
        days = self.days[unit.id]
        until = self._last_day(start, SILENCE, days)
        said = [
            (number, row)
            for number, row in self.answers.get(unit.id, ())
            if version.binding <= number <= version.number
        ]
        number, row = max(said, key=lambda pair: pair[0]) if said else (None, None)
        return Position(
            unit_id=unit.id,
            unit=unit.name,
            slug=unit.slug,
            head_id=unit.acting_head_id,
            head=unit.head,
            state=_state(row, late=self.today > until),
            until=until,
            above_on=self._last_day(start, TOLD_ABOVE + 1, days),
            number=number,
            signature=row,
        )

    def _last_day(self, start: date, count: int, days: WorkingDays) -> date:
        """Return the working day `count` after `start`; those on hold do not count (rule 6)."""
        return last_day(within(count, start, days), self.pauses, days, self.today)


def _published(initiative: Any) -> tuple[list[Any], dict[int, list[tuple[int, Signature]]]]:
    """Return the versions, the newest first, and what units said to them and still say, as (version, answer) by unit."""
    people = (
        Signature.by,
        Signature.on_behalf_of,
        Signature.overridden_by,
        Signature.override_for,
    )
    table = CharterVersion
    query = (
        select(table.id, table.number, table.binding, table.published_at, Signature)
        .select_from(table)
        .outerjoin(
            Signature, and_(Signature.version_id == table.id, Signature.replaced_at.is_(None))
        )
        .where(table.initiative_id == initiative.id)
        .order_by(table.number.desc(), Signature.id)
        .options(*(joinedload(person) for person in people))
        .execution_options(populate_existing=True)
    )
    versions: dict[int, Any] = {}
    answers: dict[int, list[tuple[int, Signature]]] = {}
    for row in db.session.execute(query):
        versions.setdefault(row.id, row)
        if row.Signature is not None:
            answers.setdefault(row.Signature.unit_id, []).append((row.number, row.Signature))
    return list(versions.values()), answers


def _state(row: Signature | None, *, late: bool) -> State:
    if row is None:
        return State.silent if late else State.waiting
    if row.stance == Stance.objected:
        return State.overridden if row.overridden_at is not None else State.objected
    return State(row.stance.value)
