"""What this room tells the rooms below it."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.discussion import telling
from tracker.discussion.models import Comment


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["comment"] = Comment.visible_to
    telling.join()
