"""Goals and results for tests that are about something else: an idea needs a goal before anybody can accept to sponsor it, and
`realised` the checkpoints and a result."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.goals.checkpoints import InitiativeResult, of
from tracker.goals.locking import present
from tracker.goals.models import Goal
from tracker.goals.results import Result
from tracker.goals.terms import Terms
from tracker.kpis.models import Kpi
from tracker.kpis.restanding import restand

LONG_AGO = datetime(2025, 1, 1, 9, tzinfo=UTC)


def kpi(code: str = "NPS", **more: Any) -> Kpi:
    """Return the KPI with this code, added where there is none. Inside a write."""
    found = db.session.scalars(select(Kpi).where(Kpi.code == code)).one_or_none()
    if found is None:
        found = Kpi.add(code=code, name=more.pop("name", "Net Promoter Score"), by=None, now=LONG_AGO, **more)  # fmt: skip
        restand([found])
    return found


WHOLE = Terms(30.0, date(2025, 1, 1), 45.0, date(2027, 12, 31))


def aim(initiative: Any, terms: Terms = WHOLE, *, code: str = "NPS", now: datetime = LONG_AGO) -> Goal:  # fmt: skip
    """Return the goal of an initiative, set where it has none: whole, unless `terms` say otherwise. Inside a write."""
    there = present(initiative.id)
    return there[0] if there else Goal.set(initiative, kpi(code), terms=terms, by=None, now=now)


def prove(initiative: Any, by: Any, now: datetime, result: Result = Result.achieved) -> None:
    """Let everything that `realised` waits for be on record. Inside a write, at `proving`."""
    for one in of(initiative.id):
        one.take(initiative, words="It is there.", by=by, now=now, today=one.due_on)
    InitiativeResult.say(initiative, result, lesson="Ask earlier.", by=by, now=now)
