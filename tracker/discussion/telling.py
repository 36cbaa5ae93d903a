"""Whom a comment concerns: whoever is named in it, and the other side of what is shared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.actions.models import Action
from tracker.actions.telling import doers_of
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db
from tracker.discussion.mentions import mentioned
from tracker.discussion.models import Comment
from tracker.notices.kinds import Tell
from tracker.notices.telling import Told, tells
from tracker.organisation.people import Person


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    tells(Kind.comment_posted, of_readers)


def of_readers(on: Any, event: Event) -> Iterator[Told]:
    """Those who are named, at once; and of what is shared, host and assignee. Whoever is told both hears it once."""
    comment = db.session.get(Comment, (event.after or {}).get("comment_id"))
    if comment is None:
        return
    about = (on.subject_type, on.id, event.actor_id, on.id if on.subject_type == "initiative" else on.initiative_id)  # fmt: skip
    by = db.session.get(Person, comment.author_id) if comment.author_id else None
    called = mentioned(comment.body, on, shared=comment.partner_id is not None, by=by)
    yield Told(Tell.mention, called, *about)
    if isinstance(on, Action):
        people = [
            on.host_id,
            *(doers_of(on) if comment.partner_id is not None or on.partner_id is None else ()),
        ]
        yield Told(Tell.comment_posted, people, *about)
