"""What a person does with their notices: reads them, one or all, and chooses what not to hear of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, delete, false, func, or_, select, update

from tracker.activity.queries import scopes
from tracker.db import db
from tracker.notices.kinds import UNNAMED, Tell
from tracker.notices.models import Inbox, Mute, Notice
from tracker.notices.subjects import subjects
from tracker.organisation.people import Person

MOST_COUNTED = 100  # at the side of a page: there it reads 99+
# What a scope is that is closed to somebody: of such things none is looked up.
CLOSED: Any = select(Notice.id).where(false()).whereclause


def unread_of(person: Any) -> ScalarSelect[int]:
    """Return the query for how many notices a person has not read: a kept count."""
    kept = select(Inbox.unread).where(Inbox.person_id == person.id).scalar_subquery()
    return select(func.coalesce(kept, 0)).scalar_subquery()


def new_of(person: Any, most: int | None = None) -> ScalarSelect[int]:
    """Return the query for how many notices are new to a person: of a partner's contact those that still say something.

    What left their scope says nothing any more, but for the kinds that tell just that, and nobody looks for a number that
    leads nowhere. Our own people lose sight of nothing, so theirs is the kept count; a contact's goes up to `most`.
    """
    if person.is_internal:
        return unread_of(person)
    mine = (Notice.person_id == person.id, Notice.read_at.is_(None))
    said = Notice.kind.in_([kind for kind in Tell if kind.to_partners])
    open_to_them = {kind: scope(person) for kind, scope in scopes.items() if kind in subjects}
    there = [
        and_(Notice.subject_type == kind, _within(seen, Notice.subject_id))
        for kind, seen in open_to_them.items()
        if seen.whereclause is None or not seen.whereclause.compare(CLOSED)
    ]
    # One that names several things is looked at by its line alone.
    found = or_(Notice.others.is_not(None), Notice.kind.in_(UNNAMED), *there)
    some = select(Notice.id).where(*mine, said, found).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _within(scope: Any, identity: Any) -> Any:
    id_ = scope.column_descriptions[0]["entity"].id
    found = scope.with_only_columns(id_, maintain_column_froms=True).where(id_ == identity)
    return found.order_by(None).correlate(Notice).exists()


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
