"""The page of an auditor: sealed events as rows, and how the checks stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.activity.models import EVENTS, ChainHead
from tracker.activity.queries import visible_events
from tracker.activity.searching import Asked, walk
from tracker.activity.telling import Line, line, names_of
from tracker.audit.faults import first_fault
from tracker.audit.models import Verification
from tracker.db import db
from tracker.organisation.people import Person
from tracker.policy import May, may

SHORT = 12  # characters of a seal that a row shows
_COLUMNS = tuple(column for column in EVENTS.c if column.name != "salt")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One event as an auditor reads it: what it says, and what stands sealed behind it."""

    line: Line
    number: int | None
    seal: str
    request_id: str
    about: str
    before: str
    after: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the search. `older` leads on; `short` is how far back it looked where that was not to the end."""

    rows: Sequence[Sealed]
    older: int | None
    short: datetime | None


def search(person: Person, asked: Asked, before: int | None, limit: int = 50) -> Found:
    """Find sealed events: for those who may take the trail along all of them, for others those they may see."""
    scope = () if may(person, May.export_trail) else (visible_events(person),)
    walked = walk(_COLUMNS, asked, *scope, before=before, limit=limit)
    names = names_of(walked.rows)
    rows = [_sealed(row, line(row, names)) for row in walked.rows]
    return Found(rows, walked.older, walked.short)


def _sealed(row: Any, told: Line) -> Sealed:
    return Sealed(
        line=told,
        number=row.number,
        seal=row.seal or "",
        request_id=row.request_id or "",
        about=f"{row.subject_type} {row.subject_id}",
        before=_as_json(row.before),
        after=_as_json(row.after),
        erased=row.commitment is not None and row.private is None,
    )


def _as_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the trail as a page tells it."""

    asked_at: datetime
    by: str
    finished_at: datetime | None
    started: bool
    checked: int
    total: int
    head: str
    wordless: int
    whole: bool
    faults: int
    fault: str


@dataclass(frozen=True, slots=True)
class State:
    """How the trail stands: how many events are sealed, the check under way, and those that ended, newest first."""

    sealed: int
    under_way: Check | None
    ended: Sequence[Check]

    @property
    def last(self) -> Check | None:
        return self.ended[0] if self.ended else None


def state(limit: int = 8) -> State:
    """Return how the trail stands, with the newest checks."""
    count = select(ChainHead.count).scalar_subquery().label("sealed")
    query = (
        select(Verification, Person.name.label("by"), count)
        .outerjoin(Person, Person.id == Verification.asked_by_id)
        .order_by(Verification.id.desc())
        .limit(limit)
    )
    found = db.session.execute(query).all()
    sealed = found[0].sealed if found else db.session.scalar(select(ChainHead.count))
    checks = [_check(row.Verification, row.by or "") for row in found]
    waiting = [check for check in checks if check.finished_at is None]
    return State(
        sealed or 0, waiting[-1] if waiting else None, [c for c in checks if c.finished_at]
    )


def _check(one: Verification, by: str) -> Check:
    return Check(
        asked_at=one.asked_at,
        by=by,
        finished_at=one.finished_at,
        started=one.started_at is not None,
        checked=one.checked,
        total=one.total,
        head=one.head or "",
        wordless=one.wordless,
        whole=bool(one.whole),
        faults=one.faults,
        fault="" if one.whole or one.finished_at is None else first_fault(one.first_bad, one.why),
    )


def alarm() -> Check | None:
    """Return the last check that ended, if the trail did not hold."""
    query = select(Verification).where(Verification.finished_at.is_not(None))
    last = db.session.scalars(query.order_by(Verification.id.desc()).limit(1)).one_or_none()
    return None if last is None or last.whole else _check(last, "")
