"""What this room tells the rooms below it: its scope for the trail, and what it does by itself."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.sweeping import sweeps
from tracker.updates.models import Update
from tracker.updates.telling import tell_of_due


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["update"] = Update.visible_to
    sweeps["reports due"] = tell_of_due
