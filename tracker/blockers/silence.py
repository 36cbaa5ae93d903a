"""What blockers do by themselves: silence confirms, and changed holidays are counted (rules 23 and 25)."""

from __future__ import annotations

from datetime import datetime

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
    today = day_of(now)
    silent = (Blocker.state == State.resolved, Blocker.due_on < today)
    query = (
        select(Blocker.id, Blocker.initiative_id)
        .where(*silent)
        .order_by(Blocker.due_on, Blocker.id)
    )
    confirmed = 0
    for blocker_id, initiative_id in db.session.execute(query.limit(PORTION)).all():
        with writing():
            lock_initiative(initiative_id)
            still = (
                select(Blocker).where(Blocker.id == blocker_id, *silent).with_for_update(of=Blocker)
            )
            blocker = db.session.scalars(
                still.execution_options(populate_existing=True)
            ).one_or_none()
            if blocker is not None:
                blocker.confirm_by_silence(now=now)
                confirmed += 1
    return confirmed


def follow_days_later(now: datetime) -> int:  # noqa: ARG001 - the shape of a sweep
    """Count again after a calendar changed, or a unit or partner took another; return 1 if that was so."""
    if not days_changed():
        return 0
    with writing():
        follow_days()
    return 1
