"""What stages and gates do to requests: nothing can be decided that was stopped or stands elsewhere, nor a gate be dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.people import Person


def close_all(initiative: Any, by: Person | None, now: datetime) -> None:
    """End what was asked about work that was stopped (a `when_stopped`)."""
    Approval.end_all(initiative, by=by, now=now)


def close_behind(initiative: Any, _stage: Any, by: Person | None, now: datetime) -> None:
    """End requests for a stage that is not the next one any more (a `when_entered` and a `when_stepped_back`)."""
    Approval.end_all(initiative, by=by, now=now, unless=initiative.next_stage)


def wait_for_another(initiative: Any, by: Person | None, now: datetime) -> None:
    """Let what waits for a decision wait for who sponsors the work now: the clocks begin anew (a `when_sponsored`)."""
    there = Approval.open_of(initiative.id) if initiative.asked_stage is not None else None
    if there is not None and there.state == State.submitted:
        there.pass_to(db.session.get_one(Person, initiative.sponsor_id), by=by, now=now)


def refuse_asked(milestone: Any) -> None:
    """Raise `NotNow` for a gate that a request is open about (a `when_dropping`)."""
    there = select(Approval.id).where(
        Approval.milestone_id == milestone.id, Approval.closed_at.is_(None)
    )
    if db.session.scalar(there.limit(1)) is not None:
        raise NotNow(_("A request is open about this gate. Withdraw it first, or let it be decided."))  # fmt: skip
