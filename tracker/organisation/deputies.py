"""Somebody stands in for a head or a sponsor who is away, between two dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, false, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import bump_epoch, day_of
from tracker.scoping import Scoped

LONGEST = timedelta(days=366)


class Capacity(StrEnum):
    """What a deputy stands in for."""

    head = "head"
    sponsor = "sponsor"


class Deputyship(Scoped, Recorded, Model):
    """A deputy's time, both dates included. A head's deputy stands in for every unit of that head;
    a sponsor's deputy decides every initiative of that sponsor (rule 14)."""

    __tablename__ = "deputyship"
    __table_args__ = (
        CheckConstraint("person_id <> deputy_id", name="not_oneself"),
        CheckConstraint("starts <= ends", name="dates"),
        Index("ix_deputyship_deputy_id", "deputy_id", "ends"),
        Index("ix_deputyship_person_id", "person_id", "ends"),
    )
    subject_type: ClassVar[str] = "deputyship"

    on_trail: ClassVar[Declared] = declare("person_id deputy_id capacity starts ends revoked_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[Capacity] = mapped_column(enum_text(Capacity))
    starts: Mapped[date]
    ends: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id], lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def appoint(
        cls,
        person: Person,
        deputy: Person,
        capacity: Capacity,
        *,
        starts: date,
        ends: date,
        by: Person,
        now: datetime,
    ) -> Deputyship:
        """Let `deputy` stand in for `person` from `starts` to `ends`, both included.

        Raises `NotNow` for oneself, for who may not stand in, for dates that are over or longer
        than a year, and for the same deputy twice at a time.
        """
        _refuse_pair(person, deputy, capacity)
        today = day_of(now)
        if ends < starts or ends < today or ends - starts > LONGEST:
            raise NotNow(_("Choose a time that is not over yet, of at most a year."))
        overlapping = select(cls.id).where(
            cls.person_id == person.id,
            cls.deputy_id == deputy.id,
            cls.capacity == capacity,
            cls.revoked_at.is_(None),
            cls.starts <= ends,
            cls.ends >= starts,
        )
        if db.session.scalar(overlapping.limit(1)) is not None:
            raise NotNow(_("%(name)s stands in during that time already.", name=deputy.name))
        deputyship = cls(
            person_id=person.id, deputy_id=deputy.id, capacity=capacity, starts=starts, ends=ends
        )
        db.session.add(deputyship)
        deputyship.record(Kind.deputy_appointed, by=by, now=now, after=deputyship._told())
        bump_epoch()
        return deputyship

    def revoke(self, *, by: Person | None, now: datetime) -> None:
        """End it before its time. Raises `NotNow` when it was ended already."""
        if self.revoked_at is not None:
            raise NotNow(_("This has ended already."))
        self.revoked_at = now
        self.record(Kind.deputy_ended, by=by, now=now, after=self._told())
        bump_epoch()

    def _told(self) -> dict[str, object]:
        return {
            "person_id": self.person_id,
            "deputy_id": self.deputy_id,
            "starts_on": self.starts.isoformat(),
            "ends_on": self.ends.isoformat(),
        }


def _refuse_pair(person: Person, deputy: Person, capacity: Capacity) -> None:
    if person.id == deputy.id:
        raise NotNow(_("Nobody is their own deputy. Choose somebody else."))
    if not person.is_active:
        raise NotNow(_("The access of %(name)s has ended. Restore it first.", name=person.name))
    if not deputy.works_here:
        raise NotNow(_("%(name)s cannot stand in for anybody here.", name=deputy.name))
    executives = person.role == deputy.role == Role.executive
    if capacity == Capacity.sponsor and not executives:
        raise NotNow(_("Only an executive stands in for an executive. Choose another one."))
    if capacity == Capacity.head and not heads_a_unit(person):
        raise NotNow(_("%(name)s heads no unit.", name=person.name))


def heads_a_unit(person: Person) -> bool:
    """Tell whether `person` heads a unit, as its own head or for a vacant place below."""
    unit = Model.metadata.tables["unit"].c
    headed = select(unit.id).where(unit.acting_head_id == person.id, unit.ended_at.is_(None))
    return db.session.scalar(headed.limit(1)) is not None


def revoke_all(person: Person, *, by: Person | None, now: datetime) -> None:
    """End every deputyship of and for `person`, whose access ends."""
    theirs = (Deputyship.person_id == person.id) | (Deputyship.deputy_id == person.id)
    still = select(Deputyship).where(theirs, Deputyship.revoked_at.is_(None))
    for deputyship in db.session.scalars(still.order_by(Deputyship.id)):
        deputyship.revoke(by=by, now=now)
