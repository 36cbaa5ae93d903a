"""What stands in a person's calendar: the actions that are theirs to do, on the days agreed last."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.actions.states import OPEN
from tracker.activity.models import Event
from tracker.activity.partner_sentences import PARTNER_SENTENCES
from tracker.db import db
from tracker.feeds.ics import Entry
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person

MOST = 500  # of them, the next due first


def dues_of(person: Person, base: str) -> list[Entry]:
    """Return what `person` has to hand in, in one statement. A partner's contact has what its lane shows.

    `base` is the address of this place: it begins every link, and its host ends every number.
    """
    touched = (
        select(func.max(Event.at))
        .where(Event.subject_type == "action", Event.subject_id == Action.id, *_told(person))
        .correlate(Action)
        .scalar_subquery()
    )
    columns = (Action.ref, Action.title, Action.due_on, Action.version, Action.assigned_at)
    its = (Initiative.ref.label("initiative_ref"), Initiative.title.label("initiative_title"))
    found = (
        Action.visible_to(person)
        .with_only_columns(*columns, *its, touched.label("touched"))
        .join(Initiative, Initiative.id == Action.initiative_id)
        .where(Action.closed_at.is_(None), Action.state.in_(OPEN))
    )
    if person.is_internal:
        found = found.where(Action.assignee_id == person.id)
    host = urlsplit(base).hostname or "localhost"
    return [
        Entry(
            uid=f"action-{row.ref}@{host}",
            day=row.due_on,
            summary=_("Due: %(title)s", title=row.title),
            description=f"{row.initiative_ref} {row.initiative_title}",
            url=f"{base}{page_of(row.ref, person)}",
            changed=row.touched or row.assigned_at,
            sequence=row.version,
        )
        for row in db.session.execute(found.order_by(Action.due_on, Action.id).limit(MOST))
    ]


def _told(person: Person) -> tuple[Any, ...]:
    """Return what of an action's trail its calendar follows: for a contact what it is told of, since its partner has it."""
    if person.is_internal:
        return ()
    return Event.kind.in_(list(PARTNER_SENTENCES)), Event.at >= Action.assigned_at
