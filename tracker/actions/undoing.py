"""What is known of the last acceptance of an action, for whoever takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db
from tracker.initiatives.models import Initiative

UNDONE_WITHIN = timedelta(minutes=10)  # as a decision (rule 13)
SAID = (
    Kind.comment_posted,
    Kind.comment_edited,
    Kind.action_evidence_added,
    Kind.action_evidence_removed,
)
"""What is said or laid beside an action: nobody acts on it by that."""


class Accepted(NamedTuple):
    """When it was accepted, how far it was told to be before (per cent), and whether anybody but the asker acted since."""

    at: datetime
    progress: int
    more: bool

    def lasts(self, now: datetime) -> bool:
        """Tell whether it can be taken back still."""
        return not self.more and now - self.at <= UNDONE_WITHIN


def accepted(action: Any, person: Any) -> Accepted | None:
    """Return the last acceptance of `action`, as `person` would take it back; None where the trail holds none."""
    its = (Event.subject_type == "action", Event.subject_id == action.id)
    last = select(Event.id, Event.at, Event.before).where(*its, Event.kind == Kind.action_accepted)
    row = db.session.execute(last.order_by(Event.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    others = select(Event.id).where(
        *its,
        Event.id > row.id,
        Event.actor_id.is_distinct_from(person.id),
        Event.kind.not_in(SAID),
    )
    ended = db.session.get_one(Initiative, action.initiative_id).ended
    more = ended or db.session.scalar(others.limit(1)) is not None
    return Accepted(row.at, (row.before or {}).get("progress", 100), more)
