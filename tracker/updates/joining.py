"""What this room tells the rooms below it: its scope for the trail."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.updates.models import Update


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["update"] = Update.visible_to
