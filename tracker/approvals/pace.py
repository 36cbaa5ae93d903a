"""How many working days executives take to decide: the median of a year, and what waits for each now (rule 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.orm import contains_eager

from tracker.approvals.clocks import days_waited
from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role

YEAR = timedelta(days=365)
LATEST = 100  # decisions of one executive that say how fast they are
MOST = 200  # executives, and open requests that are looked at


@dataclass(frozen=True)
class Pace:
    """One executive: the median working days to a decision, of how many, and what waits now, the longest for how many days."""

    person: Person
    median: float | None
    decided: int
    waiting: int
    longest: int | None


def medians(now: datetime, person_ids: Collection[int]) -> dict[int, tuple[float, int]]:
    """Return by person the median working days from when a request waited for its sponsor to the decision, and of how many.

    Of the latest `LATEST` decisions of the last 365 days that stand, by whoever decided, also for somebody else; in one
    statement. What was sent back counts once it is decided, from when it was asked anew.
    """
    latest = [
        select(Approval.decided_by_id, Approval.decided_in)
        .where(
            Approval.decided_by_id == id_, Approval.closed_at >= now - YEAR, Approval.decided_in.is_not(None),
            Approval.undone_at.is_(None),
        )
        .order_by(Approval.closed_at.desc())
        .limit(LATEST)
        .subquery()
        for id_ in person_ids
    ]  # fmt: skip
    days: dict[int, list[int]] = {}
    rows = db.session.execute(union_all(*map(select, latest))) if latest else ()
    for person_id, taken in rows:
        days.setdefault(person_id, []).append(taken)
    return {id_: (median(taken), len(taken)) for id_, taken in days.items()}


def paces(person: Any, now: datetime) -> list[Pace]:
    """Return every executive, whoever lets wait longest first."""
    there = _waiting(person)
    days, waiting = days_waited(there, now) if there else {}, dict[int, list[int]]()
    for one in there:
        waiting.setdefault(one.initiative.sponsor_id, []).append(days[one.id])
    query = select(Person).where(Person.role == Role.executive, Person.ended_at.is_(None))
    executives = db.session.scalars(query.order_by(Person.name, Person.id).limit(MOST)).all()
    known = medians(now, [one.id for one in executives])
    found = [
        Pace(one, *known.get(one.id, (None, 0)), len(waited), max(waited, default=None))
        for one in executives
        for waited in [waiting.get(one.id, [])]
    ]
    return sorted(found, key=lambda one: (-(one.longest or 0), -one.waiting, one.person.name))


def _waiting(person: Any) -> Sequence[Any]:
    """Return the open requests that wait for a sponsor, those on hold apart, the oldest first."""
    query = (
        Approval.visible_to(person)
        .join(Approval.initiative)
        .where(Approval.closed_at.is_(None), Approval.state == State.submitted, Initiative.held_at.is_(None))
        .options(contains_eager(Approval.initiative))
        .order_by(Approval.waits_since, Approval.id)
    )  # fmt: skip
    return db.session.scalars(query.limit(MOST)).all()
