"""People: somebody with an account, in one role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask_babel import gettext as _
from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import NotNow
from tracker.organisation.becoming import (
    executive_duties,
    refuse_becoming,
    refuse_flags,
    refuse_last_administrator,
    refuse_return,
    rises,
)
from tracker.organisation.belonging import Belonging
from tracker.organisation.duties import Duties, duties_of
from tracker.organisation.person_told import ADDED, DECLARED, TEXTS, told
from tracker.organisation.roles import Role, Standing
from tracker.organisation.settings import bump_epoch
from tracker.organisation.tastes import TASTES, Tastes
from tracker.organisation.uniqueness import flush_or
from tracker.organisation.until import Until, refuse_day
from tracker.scoping import Scoped

if TYPE_CHECKING:
    from tracker.organisation.partners import Partner
    from tracker.organisation.units import Unit


class Person(Belonging, UserMixin, Scoped, Recorded, Tastes, Until, Model):
    """Somebody with an account: internal, or a contact of exactly one partner."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(role = 'partner') = (partner_id IS NOT NULL)", name="partner_role"),
        CheckConstraint("NOT (is_admin AND role IN ('partner', 'auditor'))", name="admin_role"),
        CheckConstraint(
            "(standing = 'executive') = (role = 'executive' AND ended_at IS NULL)",
            name="standing",
        ),
        UniqueConstraint("id", "standing"),
        Index("ix_person_unit_id", "unit_id"),
        Index("ix_person_partner_id", "partner_id"),
        # What names a contact names the partner with it.
        Index("uq_person_id_partner_id", "id", "partner_id", unique=True),
        partial_index("ix_person_ends_on", "ends_on", where="ends_on IS NOT NULL"),
    )
    subject_type: ClassVar[str] = "person"

    on_trail: ClassVar[Declared] = declare(
        "role standing is_admin is_finance unit_id partner_id created_at ended_at ends_on",
        "email name job_title",
        left={
            "password_hash": "a secret, made anew when it is hashed better",
            "epoch": "counts sessions",
            " ".join(TASTES): "one's own taste",
            "last_seen seen_before": "visits, which leave no event",
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Role] = mapped_column(enum_text(Role))
    standing: Mapped[Standing] = mapped_column(enum_text(Standing), default=Standing.other)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_finance: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", use_alter=True))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", use_alter=True))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen: Mapped[datetime | None] = mapped_column(Instant)
    seen_before: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    session_key = ""  # what the browser of this request holds, once known

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    partner: Mapped[Partner | None] = relationship(foreign_keys=[partner_id], lazy="raise_on_sql")

    def get_id(self) -> str:
        """What the browser holds of this person's sign-in (see `sign_ins`), for Flask-Login."""
        return self.session_key

    @property
    def duties(self) -> Duties:
        """What this person stands for; loaded once for each request."""
        if not hasattr(self, "_duties"):
            self._duties = duties_of(self)
        return self._duties

    def take_duties(self, duties: Duties) -> None:
        """Know them from rows that were read already."""
        self._duties = duties

    def forget_duties(self) -> None:
        """Let the next question load them anew, after somebody may have changed them."""
        if hasattr(self, "_duties"):
            del self._duties

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        if person.is_internal:
            return select(cls)
        return select(cls).where(cls.id == person.id)

    @classmethod
    def by_email(cls, email: str) -> Self | None:
        """Return the person with this address."""
        return db.session.scalars(select(cls).where(cls.email == plain(email))).one_or_none()

    @classmethod
    def add(
        cls, *, email: str, name: str, role: Role, by: Person | None, now: datetime, **more: Any
    ) -> Person:
        """Add a person, without a password: an invitation link lets them set one.

        Raises `NotNow` when the address is taken, for an administrator who cannot be one, and as `refuse_day` does.
        """
        if cls.by_email(email):
            raise NotNow(_taken(plain(email)))
        refuse_flags(role, more.get("is_admin", False))
        refuse_day(more, None, now)
        person = Person(email=plain(email), name=name.strip(), role=role, created_at=now)
        person.is_admin = person.is_finance = False
        for field, value in more.items():
            setattr(person, field, value)
        person._stand()
        db.session.add(person)
        flush_or(_taken(person.email))
        person.record(Kind.person_added, by=by, now=now, after=told(person, ADDED))
        bump_epoch()
        return person

    def change(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change name, address, role, unit, flags, or the day on which access ends by itself.

        Raises `NotNow` when the address is taken, when a duty forbids the new role, for the last
        administrator, for a move between us and a partner, and as `refuse_day` does.
        """
        before = told(self, DECLARED + TEXTS)
        if "email" in fields:
            fields["email"] = plain(fields["email"])
        refuse_becoming(self, fields)
        refuse_day(fields, self, now)
        for field, value in fields.items():
            setattr(self, field, value)
        self._stand()
        self.version += 1
        flush_or(
            _taken(self.email),
            referred=_(
                "%(name)s still holds what only an executive may hold, such as a sponsorship. "
                "Hand it over first.",
                name=self.name,
            ),
        )
        after = told(self, DECLARED + TEXTS)
        changed = [key for key in DECLARED if before[key] != after[key]]
        typed = [key for key in TEXTS if before[key] != after[key]]
        if "email" in typed:
            for note in at_another_address:
                note(self, now)
        if not changed and not typed:
            return
        self.epoch += rises(before, after)  # whoever rises signs in anew
        was, now_is = ({key: of[key] for key in typed} for of in (before, after))
        self.record(
            Kind.person_changed,
            by=by,
            now=now,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed} | ({"fields": typed} if typed else {}),
            private={"was": was, "now": now_is} if typed else None,
        )
        bump_epoch()

    def set_password(self, password_hash: str, *, by: Person | None, now: datetime) -> None:
        """Keep a new argon2 hash; every session opened before ends, and whatever else opens without the password."""
        self.password_hash = password_hash
        self.epoch += 1
        self.record(Kind.person_password_changed, by=by or self, now=now)
        for note in at_another_password:
            note(self, by or self, now)

    def close(self, *, by: Person | None, now: datetime) -> None:
        """End the account itself; `handing_over.end_access` passes the duties on first.

        Raises `NotNow` for the last administrator.
        """
        if self.is_admin:
            refuse_last_administrator(self)
        self.ended_at, self.is_admin = now, False
        self.epoch += 1
        self.version += 1
        self._stand()
        self.record(Kind.person_access_ended, by=by, now=now)

    def restore(self, *, by: Person, now: datetime) -> None:
        """Let a person in again, by an invitation link; duties that were handed over stay where they are.

        Raises `NotNow` for a contact of an ended partner."""
        refuse_return(self)
        self.ended_at = self.ends_on = None
        self.password_hash = None
        self.version += 1
        self._stand()
        self.record(Kind.person_access_restored, by=by, now=now, after={"role": self.role.value})

    def _stand(self) -> None:
        active = self.role == Role.executive and self.ended_at is None
        self.standing = Standing.executive if active else Standing.other


# What ends when mails to somebody go elsewhere from now on; `access` adds its links, which lie in the old mailbox.
at_another_address: list[Callable[[Person, datetime], None]] = []
# What ends with the password under which it was made: (person, by, now). Rooms above add theirs.
at_another_password: list[Callable[[Person, Person, datetime], None]] = []


def _taken(email: str) -> str:
    return _("Somebody with the address %(email)s is already here.", email=email)


def plain(email: str) -> str:
    """Return an address as it is kept and compared."""
    return email.strip().lower()


__all__ = ["Person", "Role", "Standing", "at_another_address", "executive_duties", "plain"]
