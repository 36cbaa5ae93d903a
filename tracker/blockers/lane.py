"""What stands between us and a partner, as its contact sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.blockers.lines import Line
from tracker.blockers.models import Blocker
from tracker.blockers.queries import ON_HOLDER, ON_RAISER, ON_SETTLER
from tracker.blockers.short import placed, several
from tracker.organisation.people import Person

MOST_AMONG = 1000  # of one list that a short one leaves out: so far it is counted


def of_partner(person: Person, limit: int, today: date) -> dict[str, list[Line]]:
    """Return the blockers between us and the partner of this contact, at most `limit` of each list; counted up to MOST_AMONG.

    `theirs` waits for the contact, as the navigation counts it, what is due first on top; `handed` is in other hands,
    what stands in the way on top.
    """
    held, awaited = _sides_of(person)
    handed = (
        held.where(ON_RAISER, Blocker.raised_by_id.is_distinct_from(person.id)),
        held.where(ON_SETTLER),
        awaited.where(ON_HOLDER),
        awaited.where(ON_SETTLER),
    )
    waiting = waiting_for_contact(person)
    lists = {
        "theirs": placed(waiting, Blocker.due_on, limit=limit, most=MOST_AMONG),
        "handed": placed(handed, Blocker.open_since, limit=limit, most=MOST_AMONG),
    }
    return several(Blocker.visible_to(person), lists, today)


def waiting_for_contact(contact: Any) -> tuple[Any, ...]:
    """Return the selects of the blockers that wait for a partner's contact, as `waits_for` says it: none is in two of them."""
    held, awaited = _sides_of(contact)
    return (
        held.where(ON_HOLDER),
        held.where(ON_RAISER, Blocker.raised_by_id == contact.id),
        awaited.where(ON_RAISER),
    )


def _sides_of(contact: Any) -> tuple[Any, Any]:
    """Return the selects of what the contact's partner holds, and of what else it waits for, as far as the contact sees it.

    They are apart because each follows an index of its own, and stops where enough is found.
    """
    seen, partner = (
        Blocker.visible_to(contact).where(Blocker.closed_at.is_(None)),
        contact.partner_id,
    )
    elsewhere = Blocker.holder_partner_id.is_distinct_from(partner)
    return (
        seen.where(Blocker.holder_partner_id == partner),
        seen.where(Blocker.blocked_partner_id == partner, elsewhere),
    )
