"""What this room tells the rooms below it."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.files.models import Evidence


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["evidence"] = Evidence.visible_to
