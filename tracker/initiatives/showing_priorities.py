"""What the pages show of priorities: the ratings, whether they conflict, and what each reader can do about it."""

from __future__ import annotations

from typing import Any

from flask import url_for

from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import Priority, priorities_on
from tracker.organisation.people import Person
from tracker.policy import May, may


def priority_panel(initiative: Initiative, person: Person) -> dict[str, Any] | None:
    """Return what the page of an initiative shows of its priorities, or None while the module is off.

    `priority` (rows, given, spread, conflict, settlement); `rate_urls` by unit id where the reader rates; `settle_url`.
    """
    if not priorities_on():
        return None
    priority = Priority(initiative)
    ref, over = initiative.ref, initiative.ended
    rates = not over and may(person, May.rate, initiative)
    settles = not over and priority.conflict and may(person, May.settle_priority, initiative)
    return {
        "initiative": initiative,
        "priority": priority,
        "url": url_for("initiatives.priorities", ref=ref),
        "rate_urls": {
            row.unit_id: url_for("initiatives.rate", ref=ref, unit=row.slug)
            for row in priority.rows
            if rates and row.unit_id in person.duties.heads
        },
        "settle_url": url_for("initiatives.settle_priority", ref=ref) if settles else None,
    }
