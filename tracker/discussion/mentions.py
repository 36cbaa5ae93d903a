"""Who is named in a comment: `@` and the name of somebody who can read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select

from tracker.actions.models import Action
from tracker.db import db
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role

MOST = 5_000  # people that are looked through
NAMED = 20  # who are told of one comment


def mentioned(text: str, on: Any, *, shared: bool, by: Person | None) -> list[int]:
    """Return the ids of those whose names stand behind an `@`, longest names first, at most NAMED.

    Contacts of a partner are found in what is shared with theirs, as far as they see the action. What a contact writes
    calls host, lead and relationship owner of ours, and nobody else.
    """
    if "@" not in text:
        return []
    scope = Person.role != Role.partner
    if by is not None and by.partner_id is not None:
        keeper = select(Partner.relationship_owner_id).where(Partner.id == by.partner_id)
        scope = or_(
            Person.id.in_((on.host_id, on.initiative_lead_id or 0)),
            Person.id == keeper.scalar_subquery(),
        )
    if shared and isinstance(on, Action) and on.partner_id is not None:
        scope = or_(scope, _who_sees(on))
    query = select(Person.id, Person.name).where(Person.ended_at.is_(None), scope).limit(MOST)
    return list(named(text, [(row.id, row.name) for row in db.session.execute(query)]))[:NAMED]


def _who_sees(action: Action) -> Any:
    """Return the condition that somebody is a contact of the partner that has it, and sees it (see `Action.visible_to`)."""
    contact = Person.partner_id == action.partner_id
    if action.contact_id is None:
        return contact
    shares = select(Partner.contacts_share).where(Partner.id == action.partner_id).scalar_subquery()
    return and_(contact, or_(Person.id == action.contact_id, shares))


def named(text: str, people: Iterable[tuple[int, str]]) -> Iterable[int]:
    """Yield the ids of `people` whose names stand behind an `@` in the text, in any case."""
    parts = [normal(part) for part in text.split("@")[1:]]
    for id_, name in sorted(people, key=lambda one: -len(one[1])):
        key = normal(name)
        for place, part in enumerate(parts):
            if part.startswith(key) and not part[len(key) : len(key) + 1].isalnum():
                parts[place] = ""
                yield id_
                break
