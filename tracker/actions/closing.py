"""What its doer closes alone, and what somebody else has to accept (rule 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from tracker.actions.reviews import Review
from tracker.db import db


class Closing:
    """Whether an action needs somebody who accepts it."""

    if TYPE_CHECKING:
        criteria: Any
        partner_id: Any

    @property
    def looked_at(self) -> bool:
        """Tell whether somebody else accepts it: a partner's, one with criteria, and what `looked_at_of` finds."""
        if self.partner_id is not None or self.criteria:
            return True
        return bool(db.session.scalar(select(looked_at_of(self))))


def looked_at_of(action: Any) -> Any:
    """Return, in SQL, whether work was returned once, or whoever does it changed last how it is accepted.

    `action` is one, or the class for all of a select. Both stay when it is given to somebody and taken back: nobody accepts
    their own work by that. Whoever else changes the criteria afterwards has had a say in them.
    """
    returned = select(Review.id).where(Review.action_id == action.id, Review.accepted.is_(False))
    return or_(returned.exists(), action.criteria_by_id == action.assignee_id)
