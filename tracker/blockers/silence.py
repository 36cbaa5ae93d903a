"""What blockers do by themselves: silence confirms, late ones climb, changed holidays are counted (rules 23 and 25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.blockers.counting import days_changed, follow_days
from tracker.blockers.models import Blocker
from tracker.blockers.states import State
from tracker.db import db, writing
from tracker.initiatives.locking import lock_initiative
from tracker.organisation.settings import day_of

PORTION = 500  # blockers looked at in one sweep; the next one takes the rest


def confirm_silent(now: datetime) -> int:
    """Confirm what nobody objected to within 5 working days, marked as such; return how many.

    Each is confirmed in a write transaction of its own; one that was answered meanwhile is left alone.
    """
    silent = (Blocker.state == State.resolved, Blocker.due_on < day_of(now))

    def confirm(blocker: Blocker) -> bool:
        blocker.confirm_by_silence(now=now)
        return True

    return _each(silent, Blocker.due_on, confirm)


def escalate_late(now: datetime) -> int:
    """Let every blocker climb whose time for that has come; return how many did.

    Each climbs in a write transaction of its own; one that was answered meanwhile is left alone, and one that climbed
    already has its next step ahead, so that nobody is told twice.
    """
    late = (Blocker.escalates_on.is_not(None), Blocker.escalates_on < day_of(now))

    def climb(blocker: Blocker) -> bool:
        if not blocker.is_overdue(now):
            return False  # what was kept is right again
        blocker.escalate(now=now)
        return True

    return _each(late, Blocker.escalates_on, climb)


def _each(due: tuple[Any, ...], first: Any, act: Callable[[Blocker], bool]) -> int:
    """Let `act` be done to each blocker that is `due`, those with the earliest `first` before others; return for how many it was."""
    query = select(Blocker.id, Blocker.initiative_id).where(*due).order_by(first, Blocker.id)
    done = 0
    for blocker_id, initiative_id in db.session.execute(query.limit(PORTION)).all():
        with writing():
            lock_initiative(initiative_id)
            still = (
                select(Blocker).where(Blocker.id == blocker_id, *due).with_for_update(of=Blocker)
            )
            blocker = db.session.scalars(
                still.execution_options(populate_existing=True)
            ).one_or_none()
            if blocker is not None:
                done += act(blocker)
    return done


def follow_days_later(now: datetime) -> int:  # noqa: ARG001 - the shape of a sweep
    """Count again after a calendar changed, or a unit or partner took another; return 1 if that was so."""
    if not days_changed():
        return 0
    with writing():
        follow_days()
    return 1
