"""Partners: vendor organisations, their terms, and who here keeps the relationship."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.organisation.names import normal, slug
from tracker.organisation.people import Person
from tracker.scoping import Scoped


class Partner(Scoped, Recorded, Model):
    """A vendor organisation; its contacts are users of exactly this partner."""

    __tablename__ = "partner"
    subject_type: ClassVar[str] = "partner"
    address: ClassVar[str] = "slug"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    serves: Mapped[str] = mapped_column(String(200), default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    relationship_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    relationship_owner: Mapped[Person | None] = relationship(foreign_keys=[relationship_owner_id], lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, person: Any) -> Select[tuple[Self]]:
        if person.is_internal:
            return select(cls)
        return select(cls).where(cls.id == person.partner_id)

    @classmethod
    def named(cls, name: str) -> Partner | None:
        """Return the partner whose name reads like `name`, in any case and spacing."""
        return db.session.scalars(select(Partner).where(Partner.key == normal(name))).one_or_none()

    @classmethod
    def add(cls, *, name: str, by: Person | None, now: datetime, **more: Any) -> Partner:
        """Add a partner; the database refuses a second one of the same name."""
        partner = Partner(name=name.strip(), key=normal(name), slug=slug(name), **more)
        db.session.add(partner)
        db.session.flush()
        partner.record(Kind.partner_added, by=by, now=now, after={"relationship_owner_id": partner.relationship_owner_id})
        return partner

    def change(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change name, terms, calendar or the relationship owner."""
        before = {"relationship_owner_id": self.relationship_owner_id}
        for field, value in fields.items():
            setattr(self, field, value)
        self.key = normal(self.name)
        self.version += 1
        after = {"relationship_owner_id": self.relationship_owner_id}
        moved = before != after
        self.record(Kind.partner_changed, by=by, now=now, before=before if moved else {}, after=after if moved else {})

    def end(self, *, by: Person, now: datetime) -> None:
        """Close the partner; `handing_over.end_partner` ends the contacts' access first."""
        self.ended_at = now
        self.version += 1
        self.record(Kind.partner_ended, by=by, now=now)
