"""What this room tells the rooms below it: an address ends with the access of whoever made it."""

from __future__ import annotations

from datetime import datetime

from tracker.feeds.models import CalendarFeed
from tracker.organisation.handing_over import Handed, handovers
from tracker.organisation.people import Person


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    if _close not in handovers:
        handovers.append(_close)


def _close(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Whose access ends has no calendar, also when the access is restored one day."""
    feed = CalendarFeed.of(person, locked=True)
    if feed is not None:
        feed.close(person, by=by, now=now)
    return []
