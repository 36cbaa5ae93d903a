"""What its doer closes alone, and what somebody else has to accept (rule 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, or_, select, type_coerce

from tracker.actions.reviews import Review
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db


class Closing:
    """Whether an action needs somebody who accepts it."""

    if TYPE_CHECKING:
        id: Any
        criteria: Any
        assignee_id: Any
        partner_id: Any

    @property
    def looked_at(self) -> bool:
        """Tell whether somebody else accepts it: a partner's, one with criteria, and what `looked_at_of` finds."""
        if self.partner_id is not None or self.criteria:
            return True
        return bool(db.session.scalar(select(looked_at_of(self.id, self.assignee_id))))


def looked_at_of(action_id: Any, doer_id: Any) -> Any:
    """Return, in SQL, whether work was returned once, or whoever does it had a hand in how it is accepted.

    Both stay when it is given to somebody and taken back: nobody accepts their own work by that.
    """
    returned = select(Review.id).where(Review.action_id == action_id, Review.accepted.is_(False))
    changed = select(Event.id).where(
        Event.subject_type == "action", Event.subject_id == action_id,
        Event.kind == Kind.action_changed, Event.actor_id == doer_id,
        type_coerce(Event.after, Text).contains('"criteria"'),
    )  # fmt: skip
    return or_(returned.exists(), changed.exists())
