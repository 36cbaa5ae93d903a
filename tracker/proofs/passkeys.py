"""Passkeys: what a device of a person signs with (WebAuthn). One stands for both factors, since the device asks who holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped

MOST = 20  # for one person
LONGEST_NAME = 60


class Passkey(Scoped, Model):
    """One passkey of one person: the public half of a key, which is no secret."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_person_id", "person_id"),)

    on_trail: ClassVar[Declared] = declare(
        "person_id made_at",
        "name credential_id public_key user_handle",
        left={"sign_count last_used_at": "rise with every use", "synced": "as the device says"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    user_handle: Mapped[str] = mapped_column(String(90))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    synced: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Everybody sees their own, and no others."""
        return select(cls).where(cls.person_id == person.id)

    @classmethod
    def of(cls, person: Person) -> list[Passkey]:
        """Return the passkeys of `person`, the oldest first."""
        return list(db.session.scalars(cls.visible_to(person).order_by(cls.id).limit(MOST)))

    @classmethod
    def by_credential(cls, credential_id: str, *, locked: bool = False) -> Passkey | None:
        """Return the passkey that a device names, locked for the present write where asked."""
        found = select(cls).where(cls.credential_id == credential_id)
        found = found.execution_options(populate_existing=True)
        return db.session.scalars(found.with_for_update() if locked else found).one_or_none()

    @classmethod
    def add(cls, person: Person, *, name: str, by: Person, now: datetime, **made: Any) -> Passkey:
        """Keep a passkey that was just made; `made` are its columns as the ceremony told them.

        Raises `NotNow` when the device's is here already, and for more than twenty.
        """
        if len(cls.of(person)) >= MOST:
            raise NotNow(_("You have %(most)s passkeys. Remove one first.", most=MOST))
        passkey = cls(person_id=person.id, name=name, made_at=now, **made)
        db.session.add(passkey)
        flush_or(_("This passkey is here already."))
        person.record(Kind.person_passkey_added, by=by, now=now)
        return passkey

    def rename(self, person: Person, name: str, *, by: Person, now: datetime) -> None:
        """Call it otherwise."""
        if name == self.name:
            return
        self.name = name
        self.version += 1
        person.record(Kind.person_passkey_renamed, by=by, now=now)

    def remove(self, person: Person, *, by: Person, now: datetime) -> None:
        """Forget it: what the device holds opens nothing any longer."""
        db.session.delete(self)
        person.record(Kind.person_passkey_removed, by=by, now=now)

    def used(self, sign_count: int, *, now: datetime) -> bool:
        """Note a use, inside a write with this row locked; False where the count does not rise.

        Then somebody uses a copy of the key, or an answer again (WebAuthn 3, 6.1.1). Devices that do not count say 0.
        """
        if (sign_count or self.sign_count) and sign_count <= self.sign_count:
            return False
        self.sign_count, self.last_used_at = sign_count, now
        return True
