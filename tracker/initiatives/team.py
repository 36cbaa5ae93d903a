"""Who takes part: people with what they are for, units beside the lead unit, and partners (rule 4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit


class Responsibility(StrEnum):
    """What somebody on it answers for; *accountable* is the sponsor's alone."""

    responsible = "responsible"
    consulted = "consulted"
    informed = "informed"


class Discipline(StrEnum):
    """What somebody brings."""

    officer = "cxo_cco"
    director = "cx_director"
    voice = "voc_manager"
    journey = "journey_manager"
    researcher = "researcher"
    analyst = "analyst"
    designer = "designer"
    operations = "cx_operations"
    technology = "technology"
    process = "process_owner"
    expert = "outside_expert"
    strategy = "strategy_adviser"


class Membership(Recorded, Model):
    """A person on an initiative, with the unit they belonged to at that time."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("uq_membership_present", "initiative_id", "person_id", unique=True, sqlite_where=text("left_at IS NULL"), postgresql_where=text("left_at IS NULL")),
        Index("ix_membership_person_id", "person_id"),
        CheckConstraint("share IS NULL OR (share >= 0 AND share <= 100)", name="share"),
    )  # fmt: skip
    subject_type: ClassVar[str] = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    responsibility: Mapped[Responsibility] = mapped_column(enum_text(Responsibility))
    discipline: Mapped[Discipline | None] = mapped_column(enum_text(Discipline))
    what_for: Mapped[str] = mapped_column(Text, default="")
    share: Mapped[int | None]  # percent of working time
    share_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")

    @property
    def of_unit_id(self) -> int | None:
        """The unit whose head agrees the share of time."""
        return self.unit_id


class Participation(Model):
    """Another unit that takes part, beside the lead unit."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("initiative_id", "unit_id"), Index("ix_participation_unit_id", "unit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class Involvement(Model):
    """A partner that takes part."""

    __tablename__ = "involvement"
    __table_args__ = (UniqueConstraint("initiative_id", "partner_id"), Index("ix_involvement_partner_id", "partner_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))


class Teamed:
    """How an initiative's team, units and partners change."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        lead_id: Any
        lead_unit_id: Any
        unit_count: Any
        version: Any
        record: Any
        touch: Any
        _still_open: Any

    _team: Any = None

    def load_team(self) -> None:
        """Load who and which units are on it, in two queries, for the policy and the page."""
        people = db.session.execute(
            select(Membership.person_id, Membership.responsibility).where(Membership.initiative_id == self.id, Membership.left_at.is_(None))
        ).all()
        units = db.session.scalars(select(Participation.unit_id).where(Participation.initiative_id == self.id))
        self._team = (people, frozenset(units))

    def forget_team(self) -> None:
        self._team = None

    @property
    def member_ids(self) -> frozenset[int]:
        """Everybody on it, the lead included."""
        return frozenset({row.person_id for row in self._loaded[0]} | ({self.lead_id} if self.lead_id else set()))

    @property
    def working_member_ids(self) -> frozenset[int]:
        """Those who are responsible or consulted."""
        return frozenset(row.person_id for row in self._loaded[0] if row.responsibility != Responsibility.informed)

    @property
    def participating_unit_ids(self) -> frozenset[int]:
        """The lead unit and the others."""
        return self._loaded[1] | {self.lead_unit_id}

    @property
    def _loaded(self) -> Any:
        if self._team is None:
            self.load_team()
        return self._team

    def add_member(
        self, person: Person, *, by: Person | None, now: datetime, responsibility: Responsibility = Responsibility.responsible,
        discipline: Discipline | None = None, what_for: str = "", share: int | None = None,
    ) -> Membership:  # fmt: skip
        """Take somebody on. Raises `NotNow` for partners' contacts, auditors, those without access, and those on it already."""
        self._still_open()
        if person.role in (Role.partner, Role.auditor) or not person.is_active:
            raise NotNow(_("%(name)s cannot join: only active internal people who are not auditors can.", name=person.name))
        if person.id in {row.person_id for row in self._loaded[0]}:
            raise NotNow(_("%(name)s is on the team of %(ref)s already.", name=person.name, ref=self.ref))
        membership = Membership(
            initiative_id=self.id, person_id=person.id, unit_id=person.unit_id, responsibility=responsibility, discipline=discipline,
            what_for=what_for, share=share, joined_at=now,
        )  # fmt: skip
        db.session.add(membership)
        db.session.flush()
        self._changed_team(now)
        self.record(
            Kind.member_joined, by=by, now=now,
            after={"person_id": person.id, "unit_id": person.unit_id, "responsibility": responsibility.value,
                   "discipline": discipline.value if discipline else None, "share": share},
            private={"words": what_for} if what_for else None,
        )  # fmt: skip
        return membership

    def change_member(self, membership: Membership, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change responsibility, discipline, what somebody is for, or their share; a new share has to be agreed anew."""
        self._still_open()
        keys = ("responsibility", "discipline", "share")
        before = {key: getattr(membership, key) for key in keys}
        if "share" in fields and fields["share"] != membership.share:
            membership.share_agreed_by_id = None
        for key, value in fields.items():
            setattr(membership, key, value)
        self._changed_team(now)
        self.record(
            Kind.member_changed, by=by, now=now, before={"person_id": membership.person_id, **before},
            after={"person_id": membership.person_id, **{key: getattr(membership, key) for key in keys}},
        )  # fmt: skip

    def remove_member(self, membership: Membership, *, by: Person | None, now: datetime) -> None:
        """Let somebody go; that they were here stays on the record."""
        membership.left_at = now
        db.session.flush()
        self._changed_team(now)
        self.record(Kind.member_left, by=by, now=now, before={"person_id": membership.person_id, "unit_id": membership.unit_id})

    def change_lead_unit(self, unit: Unit, *, by: Person | None, now: datetime) -> None:
        """Give it another lead unit; the old one stays on it as a participating unit."""
        if unit.id == self.lead_unit_id:
            return
        self._still_open()
        was = self.lead_unit_id
        others = set(self._loaded[1])
        if unit.id in others:
            self._leave(unit.id)
        db.session.add(Participation(initiative_id=self.id, unit_id=was))
        self.lead_unit_id = unit.id
        self._count_units(now)
        self.record(
            Kind.initiative_lead_unit_changed, by=by, now=now, before={"lead_unit_id": was}, after={"lead_unit_id": unit.id}
        )

    def revise_units(self, wanted: set[int], *, by: Person | None, now: datetime) -> None:
        """Set which other units take part; each one that joins or leaves is an event."""
        self._still_open()
        present = set(self._loaded[1])
        wanted = wanted - {self.lead_unit_id}
        for unit_id in sorted(wanted - present):
            db.session.add(Participation(initiative_id=self.id, unit_id=unit_id))
            self.record(Kind.initiative_unit_joined, by=by, now=now, after={"unit_id": unit_id})
        for unit_id in sorted(present - wanted):
            self._leave(unit_id)
            self.record(Kind.initiative_unit_left, by=by, now=now, before={"unit_id": unit_id})
        if wanted != present:
            self._count_units(now)

    def revise_partners(self, wanted: set[int], *, by: Person | None, now: datetime) -> None:
        """Set which partners take part; each one that joins or leaves is an event."""
        self._still_open()
        present = set(db.session.scalars(select(Involvement.partner_id).where(Involvement.initiative_id == self.id)))
        for partner_id in sorted(wanted - present):
            db.session.add(Involvement(initiative_id=self.id, partner_id=partner_id))
            self.record(Kind.initiative_partner_joined, by=by, now=now, after={"partner_id": partner_id})
        for partner_id in sorted(present - wanted):
            row = db.session.scalars(select(Involvement).filter_by(initiative_id=self.id, partner_id=partner_id)).one()
            db.session.delete(row)
            self.record(Kind.initiative_partner_left, by=by, now=now, before={"partner_id": partner_id})
        if wanted != present:
            self._changed_team(now)

    def members(self) -> list[Membership]:
        """Return who is on it now, with person and unit loaded, in the order they joined."""
        query = (
            select(Membership)
            .where(Membership.initiative_id == self.id, Membership.left_at.is_(None))
            .options(joinedload(Membership.person), joinedload(Membership.unit))
            .order_by(Membership.joined_at, Membership.id)
        )
        return list(db.session.scalars(query))

    def other_units(self) -> list[Unit]:
        """Return the units that take part beside the lead unit, by name."""
        query = select(Unit).join(Participation, Participation.unit_id == Unit.id).where(Participation.initiative_id == self.id)
        return list(db.session.scalars(query.order_by(Unit.name)))

    def partners(self) -> list[Partner]:
        """Return the partners that take part, by name."""
        query = select(Partner).join(Involvement, Involvement.partner_id == Partner.id).where(Involvement.initiative_id == self.id)
        return list(db.session.scalars(query.order_by(Partner.name)))

    def _leave(self, unit_id: int) -> None:
        row = db.session.scalars(select(Participation).filter_by(initiative_id=self.id, unit_id=unit_id)).one()
        db.session.delete(row)

    def _count_units(self, now: datetime) -> None:
        db.session.flush()
        self._changed_team(now)
        self.unit_count = len(self.participating_unit_ids)

    def _changed_team(self, now: datetime) -> None:
        self.forget_team()
        self.version += 1
        self.touch(now)
