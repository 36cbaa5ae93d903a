"""Partners: vendor organisations, their terms, and who here keeps the relationship."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Select, String, Text, false, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.addressing import free_slug
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.organisation.settings import bump_epoch
from tracker.organisation.sign_ins import end_unproved
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped


class Partner(Scoped, Recorded, Model):
    """A vendor organisation; its contacts are users of exactly this partner."""

    __tablename__ = "partner"
    subject_type: ClassVar[str] = "partner"
    address: ClassVar[str] = "slug"

    on_trail: ClassVar[Declared] = declare(
        "name slug relationship_owner_id calendar_id contacts_share needs_second_factor ended_at",
        "serves terms",
        left={"key": "made from the name"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    serves: Mapped[str] = mapped_column(String(200), default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    relationship_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    contacts_share: Mapped[bool] = mapped_column(default=True, server_default=true())
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    relationship_owner: Mapped[Person | None] = relationship(
        foreign_keys=[relationship_owner_id], lazy="raise_on_sql"
    )

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        if person.is_internal:
            return select(cls)
        return select(cls).where(cls.id == person.partner_id)

    @classmethod
    def named(cls, name: str) -> Partner | None:
        """Return the partner whose name reads like `name`, in any case and spacing."""
        return db.session.scalars(select(cls).where(cls.key == normal(name))).one_or_none()

    @classmethod
    def add(cls, *, name: str, by: Person | None, now: datetime, **more: Any) -> Partner:
        """Add a partner. Raises `NotNow` when there is one of this name, and for an owner of the
        relationship who cannot be one."""
        if cls.named(name):
            raise NotNow(_taken(name))
        partner = Partner(name=name.strip(), key=normal(name), slug=free_slug(cls, name), **more)
        _refuse_owner(partner.relationship_owner_id)
        db.session.add(partner)
        flush_or(_taken(name))
        after = {"name": partner.name, "relationship_owner_id": partner.relationship_owner_id}
        partner.record(Kind.partner_added, by=by, now=now, after=after)
        bump_epoch()
        return partner

    def change(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change name, terms, what it serves, calendar, the relationship owner, whether contacts see what others of it do,
        and whether they need a second factor: then whoever came in without one is signed out.

        Raises `NotNow` as `add` does.
        """
        declared = (
            *("name", "relationship_owner_id", "calendar_id"),
            *("contacts_share", "needs_second_factor"),
        )
        texts = ("terms", "serves")
        before = {key: getattr(self, key) for key in declared + texts}
        if fields.get("relationship_owner_id") not in {None, self.relationship_owner_id}:
            _refuse_owner(fields["relationship_owner_id"])
        for field, value in fields.items():
            setattr(self, field, value)
        self.key = normal(self.name)
        self.version += 1
        flush_or(_taken(self.name))
        after = {key: getattr(self, key) for key in declared + texts}
        changed = [key for key in declared if before[key] != after[key]]
        if "needs_second_factor" in changed and self.needs_second_factor:
            end_unproved(self.id)
        typed = [key for key in texts if before[key] != after[key]]
        self.record(
            Kind.partner_changed,
            by=by,
            now=now,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed} | ({"fields": typed} if typed else {}),
            private={
                "was": {key: before[key] for key in typed},
                "now": {key: after[key] for key in typed},
            }
            if typed
            else None,
        )
        bump_epoch()

    def pass_to(self, heir_id: int) -> None:
        """Give the relationship to somebody else; `handing_over` records it as a duty."""
        self.relationship_owner_id = heir_id
        self.version += 1

    def end(self, *, by: Person, now: datetime) -> None:
        """Close the partner; `handing_over.end_partner` ends the contacts' access first.

        Raises `NotNow` when it has ended already.
        """
        if self.ended_at is not None:
            raise NotNow(_("The work with %(name)s has ended already.", name=self.name))
        self.ended_at = now
        self.version += 1
        self.record(Kind.partner_ended, by=by, now=now)


def partner_of(contact: Person) -> Any:
    """Return the `name` of a contact's own organisation, and who keeps the relationship here: the name of the `keeper`, no more."""
    return db.session.execute(
        select(Partner.name, Person.name.label("keeper"))
        .outerjoin(Person, Person.id == Partner.relationship_owner_id)
        .where(Partner.id == contact.partner_id)
    ).one()


def _taken(name: str) -> str:
    return _("There is a partner called %(name)s already.", name=name.strip())


def _refuse_owner(person_id: int | None) -> None:
    owner = db.session.get(Person, person_id) if person_id else None
    if owner and not owner.works_here:
        raise NotNow(_("%(name)s cannot keep the relationship with a partner.", name=owner.name))
