"""Checking the trail: asked for on a page or due at night, and done by a sweep that notes how far it is."""

from __future__ import annotations

import contextlib
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update

from tracker import clock
from tracker.activity.trail import sealed, verify_stored
from tracker.activity.verify import Report
from tracker.audit.models import Verification
from tracker.db import Busy, db, writing
from tracker.dialects import insert_into
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

NIGHT = 2  # o'clock, where the organisation is: from then on the check of the day is due
LOST = timedelta(minutes=2)  # without a sign: whoever made the check is gone
BEAT = 1.0  # seconds between two notes of how far it is
# While it computes, every page of this process waits for its turn at the interpreter, some milliseconds each time:
# so it computes a little at a time, and rests several times as long.
A_LITTLE = 250  # events, some hundredths of a second
RESTS = 4  # times as long as it worked
REST = 2.0  # seconds, the longest pause


def ask(*, by: Person, now: datetime) -> bool:
    """Ask for a check, inside a write; False when one waits or is under way."""
    under_way = select(Verification.id).where(Verification.finished_at.is_(None)).limit(1)
    if db.session.scalar(under_way) is not None:
        return False
    db.session.add(Verification(asked_at=now, asked_by_id=by.id))
    return True


def check_what_is_due(now: datetime) -> int:
    """Make the checks that were asked for, that of the night, and those that somebody began and left; return how many."""
    _ask_for_the_night(now)
    done = 0
    while (id_ := _taken()) is not None:
        _keep(id_, verify_stored(progress=_Progress(id_), at_once=A_LITTLE))
        done += 1
    return done


def _ask_for_the_night(now: datetime) -> None:
    local = now.astimezone(ZoneInfo(Organisation.current().time_zone))
    night = local.date()
    known = select(Verification.id).where(Verification.night == night)
    if local.hour < NIGHT or not sealed() or db.session.scalar(known) is not None:
        return
    with writing() as session:
        values = {"asked_at": now, "night": night, "checked": 0, "total": 0, "wordless": 0}
        values |= {"faults": 0, "why": ""}
        made = insert_into(Verification, db.engine.dialect.name).values(**values)
        session.execute(made.on_conflict_do_nothing())


def _taken() -> int | None:
    """Take the next check, so that no other process makes it too; None when there is none."""
    moment = clock.now()
    free = or_(Verification.started_at.is_(None), Verification.beat_at < moment - LOST)
    waiting = select(Verification.id).where(Verification.finished_at.is_(None), free)
    if db.session.scalar(waiting.limit(1)) is None:
        return None
    with writing() as session:
        next_ = waiting.order_by(Verification.id).limit(1).with_for_update()
        id_ = session.scalar(next_)
        if id_ is not None:
            _note(id_, started_at=moment, beat_at=moment, checked=0, total=0)
    return id_


def _note(id_: int, **values: Any) -> None:
    db.session.execute(update(Verification).where(Verification.id == id_).values(**values))


class _Progress:
    """Notes now and then how far a check is, and leaves the processor to the pages in between."""

    def __init__(self, id_: int) -> None:
        self.id = id_
        self.worked_from = self.noted = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.noted > BEAT:
            with contextlib.suppress(Busy), writing():
                _note(self.id, beat_at=clock.now(), checked=done, total=total)
            self.noted = time.monotonic()
        time.sleep(min(REST, RESTS * (time.monotonic() - self.worked_from)))
        self.worked_from = time.monotonic()


def _keep(id_: int, report: Report) -> None:
    """Note what was found."""
    first, why = report.ordered()[0] if report.faults else (None, "")
    with writing():
        _note(
            id_,
            finished_at=clock.now(),
            checked=report.count,
            total=report.count,
            head=report.head,
            wordless=report.wordless,
            whole=report.whole,
            faults=len(report.faults),
            first_bad=first,
            why=why,
        )
