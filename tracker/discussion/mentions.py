"""Who is named in a comment: `@` and the name of somebody who can read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from tracker.actions.models import Action
from tracker.db import db
from tracker.organisation.names import normal
from tracker.organisation.people import Person, Role

MOST = 5_000  # people that are looked through
NAMED = 20  # who are told of one comment


def mentioned(text: str, on: Any, *, shared: bool) -> list[int]:
    """Return the ids of those whose names stand behind an `@`, longest names first, at most NAMED.

    Contacts of a partner are found in what is shared with theirs alone.
    """
    if "@" not in text:
        return []
    ours = Person.role != Role.partner
    partner_id = on.partner_id if shared and isinstance(on, Action) else None
    scope = ours if partner_id is None else or_(ours, Person.partner_id == partner_id)
    query = select(Person.id, Person.name).where(Person.ended_at.is_(None), scope).limit(MOST)
    return list(named(text, [(row.id, row.name) for row in db.session.execute(query)]))[:NAMED]


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
