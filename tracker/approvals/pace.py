"""How many working days executives take to decide: the median of a year, and what waits for each now (rule 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, and_, cast, func, or_, select
from sqlalchemy.orm import contains_eager

from tracker.approvals.clocks import days_waited
from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role

YEAR = timedelta(days=365)
MOST = 200  # executives, and open requests that are looked at


@dataclass(frozen=True)
class Pace:
    """One executive: the median working days to a decision, of how many, and what waits now, the longest for how many days."""

    person: Person
    median: float | None
    decided: int
    waiting: int
    longest: int | None


def medians(now: datetime, person_id: int | None = None) -> dict[int, tuple[float, int]]:
    """Return by person the median working days from when a request waited for its sponsor to the decision, and of how many.

    Of decisions of the last 365 days that stand, by whoever decided, also for somebody else. What was sent back counts once
    it is decided, from when it was asked anew.
    """
    days, among = Approval.decided_in, Approval.decided_by_id
    counted = [
        Approval.closed_at >= now - YEAR,
        among.is_not(None),
        days.is_not(None),
        Approval.undone_at.is_(None),
    ]
    if person_id is not None:
        counted.append(among == person_id)
    ranked = select(
        among.label("person_id"), days.label("days"),
        func.row_number().over(partition_by=among, order_by=days).label("place"),
        func.count().over(partition_by=among).label("count"),
    ).where(*counted).subquery()  # fmt: skip
    twice, count = ranked.c.place * 2, ranked.c["count"]
    middle = or_(twice == count, and_(twice >= count, twice <= count + 2))
    query = (
        select(ranked.c.person_id, func.avg(cast(ranked.c.days, Float)), func.max(count))
        .where(middle)
        .group_by(ranked.c.person_id)
    )
    return {row[0]: (float(row[1]), row[2]) for row in db.session.execute(query)}


def paces(person: Any, now: datetime) -> list[Pace]:
    """Return every executive with access or with decisions of the year, whoever lets wait longest first."""
    known = medians(now)
    waiting: dict[int, list[int]] = {}
    there = _waiting(person)
    days = days_waited(there, now) if there else {}
    for one in there:
        waiting.setdefault(one.initiative.sponsor_id, []).append(days[one.id])
    executives = select(Person).where(
        or_(
            Person.id.in_([*known, *waiting]),
            and_(Person.role == Role.executive, Person.ended_at.is_(None)),
        )
    )
    found = [
        Pace(
            one, known.get(one.id, (None, 0))[0], known.get(one.id, (None, 0))[1],
            len(waiting.get(one.id, ())), max(waiting.get(one.id, ()), default=None),
        )
        for one in db.session.scalars(executives.order_by(Person.name, Person.id).limit(MOST))
    ]  # fmt: skip
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
