"""The secret address of a person's calendar: known once, when it is made; the database holds its hash alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or

VOID = "void "  # before the number of an address that came back with a backup


class CalendarFeed(Model):
    """One for each person at most; it lives as long as their access and their password, unless they revoke it or make another."""

    __tablename__ = "calendar_feed"

    on_trail: ClassVar[Declared] = declare(
        "person_id made_at", left={"token_hash": "of a secret that opens the calendar"}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def works(self) -> bool:
        """Whether its address opens it: one that came back with a backup may have been revoked since."""
        return not self.token_hash.startswith(VOID)

    @classmethod
    def of(cls, person: Person, *, locked: bool = False) -> Self | None:
        """Return the feed of `person`, locked for the present write where asked."""
        found = select(cls).where(cls.person_id == person.id)
        found = found.execution_options(populate_existing=True)
        return db.session.scalars(found.with_for_update() if locked else found).one_or_none()

    @classmethod
    def make(cls, person: Person, *, by: Person, now: datetime) -> str:
        """Give `person` a secret address and return its token, the only time it is known; an older one opens nothing any more.

        Raises `NotNow` where another click made one at the same moment.
        """
        token = secrets.token_urlsafe(32)
        feed = cls.of(person, locked=True)
        if feed is None:
            feed = cls(person_id=person.id)
            db.session.add(feed)
        feed.token_hash, feed.made_at = _hash(token), now
        flush_or(_("Another address was made at this very moment. Make one anew."))
        person.record(Kind.person_calendar_opened, by=by, now=now)
        return token

    def close(self, person: Person, *, by: Person | None, now: datetime) -> None:
        """Revoke the address: from now on it is as if it had never been."""
        db.session.delete(self)
        person.record(Kind.person_calendar_closed, by=by, now=now)


def reader(token: str, now: datetime) -> Person | None:
    """Return whose calendar opens with `token`; None for one that is wrong, revoked, or whose person has no access any more."""
    found = (
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == _hash(token))
    )
    person = db.session.scalars(found).one_or_none()
    return person if person is not None and person.may_enter(now) else None


def revoke(person: Person, *, by: Person | None, now: datetime) -> None:
    """Revoke the address of `person`. Raises `NotNow` where there is none."""
    feed = CalendarFeed.of(person, locked=True)
    if feed is None:
        raise NotNow(_("There is no address to revoke."))
    feed.close(person, by=by, now=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
