"""People: one role each, and what they may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask_babel import gettext as _
from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.scoping import Scoped

if TYPE_CHECKING:
    from tracker.organisation.partners import Partner
    from tracker.organisation.units import Unit


class Role(StrEnum):
    """What a person is here; everybody has exactly one."""

    manager = "manager"
    executive = "executive"
    member = "member"
    auditor = "auditor"
    partner = "partner"


class Standing(StrEnum):
    """Kept beside the role, so that the database itself can refuse a sponsor who is no active executive (rule 2)."""

    executive = "executive"
    other = "other"


@dataclass(frozen=True)
class Duties:
    """What a person stands for today, beyond the role."""

    heads: frozenset[int] = frozenset()  # units, as head, acting head or dated deputy
    sponsors_for: frozenset[int] = frozenset()  # executives whose dated deputy this person is
    is_owner: bool = False
    is_alternate: bool = False


class Person(UserMixin, Scoped, Recorded, Model):
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
    )
    subject_type: ClassVar[str] = "person"

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
    language: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    time_zone: Mapped[str | None] = mapped_column(String(60))
    day_calendar: Mapped[str] = mapped_column(String(10), default="auto")
    digits: Mapped[str] = mapped_column(String(10), default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen: Mapped[datetime | None] = mapped_column(Instant)
    seen_before: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    partner: Mapped[Partner | None] = relationship(foreign_keys=[partner_id], lazy="raise_on_sql")

    @property
    def is_internal(self) -> bool:
        """Everybody but the contacts of partners."""
        return self.role != Role.partner

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    def get_id(self) -> str:
        """What the session keeps; it stops matching as soon as the epoch is raised."""
        return f"{self.id}.{self.epoch}"

    @property
    def duties(self) -> Duties:
        """What this person stands for; the gate loads it once for each request."""
        if not hasattr(self, "_duties"):
            self._duties = duties_of(self)
        return self._duties

    def forget_duties(self) -> None:
        """Let the next question load them anew, after somebody may have changed them."""
        if hasattr(self, "_duties"):
            del self._duties

    @classmethod
    def visible_to(cls, person: Any) -> Select[tuple[Self]]:
        if person.is_internal:
            return select(cls)
        return select(cls).where(cls.id == person.id)

    @classmethod
    def by_email(cls, email: str) -> Self | None:
        """Return the person with this address, however it is written."""
        return db.session.scalars(select(cls).where(cls.email == email.strip().lower())).one_or_none()

    @classmethod
    def add(
        cls, *, email: str, name: str, role: Role, by: Person | None, now: datetime, **more: Any
    ) -> Person:
        """Add a person, without a password: an invitation link lets them set one.

        Raises `NotNow` when the address is taken.
        """
        if cls.by_email(email):
            raise NotNow(_("Somebody with the address %(email)s is already here.", email=email.strip().lower()))
        person = Person(email=email.strip().lower(), name=name.strip(), role=role, created_at=now, is_admin=False, is_finance=False)
        for field, value in more.items():
            setattr(person, field, value)
        person._stand()
        db.session.add(person)
        person.record(
            Kind.person_added, by=by, now=now, after={"role": role.value, "unit_id": person.unit_id, "partner_id": person.partner_id}
        )
        return person

    def change(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change role, unit, flags or name. Raises `NotNow` when a duty forbids it."""
        declared = ("role", "unit_id", "partner_id", "is_admin", "is_finance")
        before = {key: getattr(self, key) for key in declared}
        if "role" in fields and fields["role"] != Role.executive and self.role == Role.executive:
            self._lets_go_of_executive_duties()
        if fields.get("is_admin") is False and self.is_admin:
            self._leaves_an_administrator()
        for field, value in fields.items():
            setattr(self, field, value)
        self._stand()
        self.version += 1
        after = {key: getattr(self, key) for key in declared}
        changed = [key for key in declared if before[key] != after[key]]
        self.record(
            Kind.person_changed, by=by, now=now, before={k: before[k] for k in changed}, after={k: after[k] for k in changed}
        )

    def set_password(self, password_hash: str, *, by: Person | None, now: datetime) -> None:
        """Keep a new argon2 hash; every session opened before ends."""
        self.password_hash = password_hash
        self.epoch += 1
        self.record(Kind.person_password_changed, by=by or self, now=now)

    def prefer(self, **fields: Any) -> None:
        """Keep one's own language, theme, time zone, calendar, digits and shortcuts: taste, which needs no event."""
        for field, value in fields.items():
            setattr(self, field, value)

    def close(self, *, by: Person | None, now: datetime) -> None:
        """End the account itself; `handing_over.end_access` passes the duties on first. Raises `NotNow` for the last administrator."""
        if self.is_admin:
            self._leaves_an_administrator()
        self.ended_at = now
        self.is_admin = False
        self.epoch += 1
        self._stand()
        self.record(Kind.person_access_ended, by=by, now=now)

    def restore(self, *, by: Person, now: datetime) -> None:
        """Let a person in again. Duties that were handed over stay where they are."""
        self.ended_at = None
        self._stand()
        self.record(Kind.person_access_restored, by=by, now=now)

    def _stand(self) -> None:
        active = self.role == Role.executive and self.ended_at is None
        self.standing = Standing.executive if active else Standing.other

    def _leaves_an_administrator(self) -> None:
        others = select(func.count()).where(Person.is_admin, Person.ended_at.is_(None), Person.id != self.id)
        if not db.session.scalar(others):
            raise NotNow(_("%(name)s is the last administrator. Make somebody else an administrator first.", name=self.name))

    def _lets_go_of_executive_duties(self) -> None:
        for check in executive_duties:
            words = check(self)
            if words:
                raise NotNow(words)


executive_duties: list[Any] = []  # rooms above add what only an executive may hold; each returns words, or nothing


class Capacity(StrEnum):
    """What a deputy stands in for."""

    head = "head"
    sponsor = "sponsor"


class Deputyship(Recorded, Model):
    """Somebody stands in for a head or a sponsor between two dates, both included."""

    __tablename__ = "deputyship"
    __table_args__ = (
        CheckConstraint("person_id <> deputy_id", name="not_oneself"),
        CheckConstraint("starts <= ends", name="dates"),
        Index("ix_deputyship_deputy_id", "deputy_id", "ends"),
    )
    subject_type: ClassVar[str] = "deputyship"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[Capacity] = mapped_column(enum_text(Capacity))
    starts: Mapped[date]
    ends: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id], lazy="raise_on_sql")


def duties_of(person: Person, on: date | None = None) -> Duties:
    """Return what `person` stands for on the day `on` (today by default), in three short queries."""
    from_units, organisation = Model.metadata.tables["unit"], Model.metadata.tables["organisation"]
    session = object_session(person) or db.session
    day = on or date.today()
    stands_in = session.execute(
        select(Deputyship.person_id, Deputyship.capacity)
        .join(Person, Person.id == Deputyship.person_id)
        .where(
            Deputyship.deputy_id == person.id,
            Deputyship.starts <= day,
            Deputyship.ends >= day,
            Deputyship.revoked_at.is_(None),
            Person.ended_at.is_(None),
        )
    ).all()
    head_for = [row.person_id for row in stands_in if row.capacity == Capacity.head]
    sponsors = [row.person_id for row in stands_in if row.capacity == Capacity.sponsor and person.role == Role.executive]
    heads = session.scalars(
        select(from_units.c.id).where(
            or_(from_units.c.acting_head_id == person.id, from_units.c.acting_head_id.in_(head_for))
        )
    )
    named = session.execute(select(organisation.c.programme_owner_id, organisation.c.alternate_id)).first()
    return Duties(
        heads=frozenset(heads),
        sponsors_for=frozenset(sponsors),
        is_owner=bool(named and named.programme_owner_id == person.id),
        is_alternate=bool(named and named.alternate_id == person.id),
    )
