"""What a person does with their notices: reads them, one or all, and chooses what not to hear of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, delete, func, select, update

from tracker.db import db
from tracker.notices.models import Inbox, Mute, Notice
from tracker.organisation.people import Person


def unread_of(person: Any) -> ScalarSelect[int]:
    """Return the query for how many notices a person has not read: a kept count."""
    kept = select(Inbox.unread).where(Inbox.person_id == person.id).scalar_subquery()
    return select(func.coalesce(kept, 0)).scalar_subquery()


def read(person: Person, notice_ids: list[int] | None, *, now: datetime) -> int:
    """Mark these notices of `person` as read, or all of them; return how many were unread. In a write transaction."""
    theirs = [Notice.person_id == person.id, Notice.read_at.is_(None)]
    if notice_ids is not None:
        theirs.append(Notice.id.in_(notice_ids))
    connection = db.session.connection()
    marked = connection.execute(update(Notice).where(*theirs).values(read_at=now)).rowcount
    if marked:
        less = update(Inbox).where(Inbox.person_id == person.id)
        connection.execute(less.values(unread=Inbox.unread - marked))
    return marked


def mute(person: Person, initiative_id: int) -> None:
    """Let `person` hear of an initiative only what is meant for them. In a write transaction; twice is once."""
    known = select(Mute.id).where(Mute.person_id == person.id, Mute.initiative_id == initiative_id)
    if db.session.scalar(known) is None:
        db.session.add(Mute(person_id=person.id, initiative_id=initiative_id))
        db.session.flush()


def hear_again(muted: Mute) -> None:
    """Undo a mute."""
    db.session.execute(delete(Mute).where(Mute.id == muted.id))
