"""The app of a person that makes codes: its secret, sealed, and which code counted last."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.proofs.codes import counter_of
from tracker.proofs.sealing import Unreadable, seal, unseal


class AuthenticatorApp(Model):
    """One for each person at most. A code counts once: none of the last one's step or an earlier one counts again."""

    __tablename__ = "authenticator_app"

    on_trail: ClassVar[Declared] = declare(
        "person_id made_at", "sealed", left={"last_counter": "rises with every code"}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    sealed: Mapped[str] = mapped_column(String(200))
    last_counter: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def of(cls, person: Person, *, locked: bool = False) -> AuthenticatorApp | None:
        """Return the app of `person`, locked for the present write where asked."""
        found = select(cls).where(cls.person_id == person.id)
        found = found.execution_options(populate_existing=True)
        return db.session.scalars(found.with_for_update() if locked else found).one_or_none()

    @classmethod
    def set_up(
        cls, person: Person, secret: str, counter: int, *, by: Person, now: datetime
    ) -> AuthenticatorApp:
        """Keep the app whose `secret` was proved by the code of step `counter`, which counts no more.

        Raises `NotNow` when there is one already.
        """
        there = _("There is an app already. Remove it first.")
        if cls.of(person):
            raise NotNow(there)
        app = cls(
            person_id=person.id,
            sealed=seal(secret, about=_about(person)),
            last_counter=counter,
            made_at=now,
        )
        db.session.add(app)
        flush_or(there)
        person.record(Kind.person_app_set_up, by=by, now=now)
        return app

    def remove(self, person: Person, *, by: Person, now: datetime) -> None:
        """Forget the app."""
        db.session.delete(self)
        person.record(Kind.person_app_removed, by=by, now=now)


def is_code(person: Person, typed: str, now: datetime) -> bool:
    """Tell whether `typed` would count. Nothing is written, so it holds only until somebody uses the code."""
    app = AuthenticatorApp.of(person)
    return app is not None and _fits(app, person, typed, now) is not None


def use_code(person: Person, typed: str, *, now: datetime) -> bool:
    """Let a code count, inside a write; False for a wrong one, and for one that counted before.

    The row is locked first, so of two that come at once one is refused (RFC 6238, 5.2).
    """
    app = AuthenticatorApp.of(person, locked=True)
    counter = _fits(app, person, typed, now) if app else None
    if app is None or counter is None:
        return False
    app.last_counter = counter
    return True


def _fits(app: AuthenticatorApp, person: Person, typed: str, now: datetime) -> int | None:
    try:
        secret = unseal(app.sealed, about=_about(person))
    except Unreadable:
        return None
    counter = counter_of(secret, typed, now)
    return counter if counter is not None and counter > app.last_counter else None


def _about(person: Person) -> str:
    return f"app {person.id}"
