"""What the pages show of priorities: the ratings, whether they conflict, and what each reader can do about it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import and_
from sqlalchemy.orm import joinedload

from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.initiatives.queries import Beside
from tracker.initiatives.rating import Priority, Settlement, priorities_on
from tracker.organisation.people import Person
from tracker.policy import May, may

SETTLED = Beside(
    Settlement,
    and_(Settlement.initiative_id == Initiative.id, Settlement.reopened_at.is_(None)),
    (joinedload(Settlement.by), joinedload(Settlement.on_behalf_of)),
)


def priorities_in_short(
    initiative: Initiative, person: Person, seen: Seen
) -> dict[str, Any] | None:
    """Return what the overview shows of the priorities: see `priority_panel`; the ratings are figures without words."""
    if not priorities_on():
        return None
    return priority_panel(Priority.in_figures(initiative, seen.facts.Settlement), person)


def priority_panel(priority: Priority, person: Person) -> dict[str, Any]:
    """Return what a page shows of priorities.

    `priority` (rows, given, spread, conflict, settlement); `rate_urls` by unit id where the reader rates; `settle_url`.
    """
    initiative = priority.initiative
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
