"""What this room tells the rooms below it: whose names the trail may use, and who sees them."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.activity.sentences import namers, wordings
from tracker.organisation import lookups


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    namers.update(lookups.namers)
    scopes.update(lookups.scopes)
    wordings.update(lookups.wordings)
