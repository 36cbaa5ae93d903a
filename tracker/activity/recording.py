"""How a verb puts its event on the trail."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

from sqlalchemy.orm import Session, object_session

from tracker.activity.gathering import Rows, need_salt, taken, told, write_rows
from tracker.activity.keys import undeclared
from tracker.activity.kinds import Kind
from tracker.activity.models import TABLES, Event
from tracker.activity.verify import canonical, commitment_of

TRAIL = "trail"  # the type of a subject that is one row: the head of the chain
HEARD = (
    "heard"  # where a session keeps what was recorded and somebody listens for: (subject, event)
)

# The kinds that rooms above listen for; they look at the session before it commits.
heard: set[str] = set()
# What rooms above read off an event at once, while its subject is as the verb leaves it: by kind.
watchers: dict[str, Callable[[Any, Event], None]] = {}


class Actor(Protocol):
    """Whoever acts: a person, known here by id alone."""

    @property
    def id(self) -> Any: ...


class Recorded:
    """A model whose verbs leave events. `subject_type` names it on the trail and in scopes."""

    subject_type: ClassVar[str]

    def record(
        self,
        kind: Kind,
        *,
        by: Actor | None,
        now: datetime,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        private: Mapping[str, Any] | None = None,
        on_behalf_of: Actor | None = None,
        initiative_id: int | None = None,
    ) -> Event:
        """Add the event of a change to the session of this object, unsealed; the commit seals it.

        `by` is None when the application acts by itself. `before` and `after` hold declared keys
        with JSON values; `private` holds what people typed: `{"words": ...}` for a reason or
        remark, and `{"was": {field: text}, "now": {field: text}}` for edited text. What was
        changed is flushed first: its declared columns go on the event as well. Raises ValueError
        for undeclared keys, RuntimeError outside a session.
        """
        session = object_session(self)
        if session is None:
            raise RuntimeError(f"Add the {self.subject_type} to a session before recording {kind}.")
        write_rows(session)
        subject: Any = self
        subject_id: Any = subject.id
        if initiative_id is None:
            owner = "id" if self.subject_type == "initiative" else "initiative_id"
            initiative_id = getattr(self, owner, None)
        event = Event(
            **columns_of(
                session,
                kind=kind,
                at=now,
                actor_id=by.id if by else None,
                on_behalf_of_id=on_behalf_of.id if on_behalf_of else None,
                subject_type=self.subject_type,
                subject_id=subject_id,
                initiative_id=initiative_id,
                before=before,
                after=after,
                private=private,
                tables=taken(session),
            )
        )
        session.add(event)
        if kind in heard:
            session.info.setdefault(HEARD, []).append((self, event))
        if kind in watchers:
            watchers[kind](self, event)
        return event


def record_of_trail(
    session: Session, kind: Kind, *, by: Actor | None, now: datetime, after: Mapping[str, Any]
) -> Event:
    """Add the event of something that was done to the trail itself; its subject is the trail."""
    made = Event(
        **columns_of(
            session,
            kind=kind,
            at=now,
            actor_id=by.id if by else None,
            subject_type=TRAIL,
            subject_id=1,
            after=after,
        )
    )
    session.add(made)
    return made


def columns_of(
    session: Session,
    *,
    kind: Kind,
    at: datetime,
    actor_id: int | None,
    subject_type: str,
    subject_id: int,
    initiative_id: int | None = None,
    on_behalf_of_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    tables: Rows | None = None,
) -> dict[str, Any]:
    """One row of the event table; `tables` is what it makes of declared columns (gathering.py).

    Raises ValueError for undeclared keys.
    """
    if stray := undeclared(kind, before, after):
        raise ValueError(f"{kind} does not declare {', '.join(stray)}; see activity/kinds.py.")
    salt = secrets.token_hex(16) if private or (tables and need_salt(tables)) else None
    if tables:
        after = {**(after or {}), TABLES: told(tables, salt)}
    return {
        "at": at,
        "actor_id": actor_id,
        "on_behalf_of_id": on_behalf_of_id,
        "kind": str(kind),
        "subject_type": subject_type,
        "subject_id": subject_id,
        "initiative_id": initiative_id,
        "before": dict(before) if before else None,
        "after": dict(after) if after else None,
        "private": dict(private) if private else None,
        "salt": salt,
        "commitment": commitment_of(salt, canonical(dict(private))) if salt and private else None,
        "request_id": session.info.get("request_id"),
    }
