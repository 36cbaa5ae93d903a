"""What this room tells the rooms below it: an address ends with the access of whoever made it, and with their password."""

from __future__ import annotations

from datetime import datetime

from tracker.feeds.models import CalendarFeed
from tracker.organisation.handing_over import Handed, handovers
from tracker.organisation.people import Person, at_another_password


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    if _close not in handovers:
        handovers.append(_close)
    if _close_it not in at_another_password:
        at_another_password.append(_close_it)


def _close_it(person: Person, by: Person, now: datetime) -> None:
    """Whoever knew the password may have made the address, so it ends as every sign-in under that password does."""
    _close(person, by, now)


def _close(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Whose access ends has no calendar, also when the access is restored one day."""
    feed = CalendarFeed.of(person, locked=True)
    if feed is not None:
        feed.close(person, by=by, now=now)
    return []
