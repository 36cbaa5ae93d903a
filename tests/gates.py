"""The honest way through a gate: somebody of the team asks, the sponsor decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of

SAYS: dict[str, Any] = {
    "cost_words": "Two people for a month",
    "gain": "Fewer calls, and one bill that is understood",
    "waiting": "Another quarter of angry calls",
    "risk": "The printer may be late",
}


def drafted(one: Initiative, *, now: Any, by: Person | None = None, **says: Any) -> Approval:
    """Draft a request for the next gate of an initiative, by its lead, inside a write."""
    said = {
        "question": "Shall we go on?",
        "decide_by": day_of(now) + timedelta(days=7),
        **SAYS,
        **says,
    }
    asker = by or db.session.get_one(Person, one.lead_id)
    return Approval.draft(one, one.next_stage or Stage.realised, by=asker, now=now, **said)


def requested(one: Initiative, *, now: Any, by: Person | None = None, **says: Any) -> Approval:
    """Put such a request to the sponsor, inside a write."""
    approval = drafted(one, now=now, by=by, **says)
    approval.submit(by=by or db.session.get_one(Person, one.lead_id), now=now)
    return approval


def opened(
    one: Initiative, stage: Stage | None = None, *, by: Person, now: Any, words: str = "", asked_by: Person | None = None, **more: Any
) -> Approval:  # fmt: skip
    """Open the next stage, which is `stage` where that is given, inside a write; return what was decided."""
    assert stage is None or stage == one.next_stage
    there = Approval.open_of(one.id)
    approval = there if there is not None else requested(one, now=now, by=asked_by)
    approval.decide(Decision.approved, by=by, now=now, words=words, **more)
    return approval
