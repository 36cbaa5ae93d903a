"""How far it reaches: the lead unit, the units beside it, and the partners (rule 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.gathering import note_gone
from tracker.activity.kinds import Kind
from tracker.db import Model, db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


class Participation(Model):
    """Another unit that takes part, beside the lead unit."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("initiative_id", "unit_id"),
        Index("ix_participation_unit_id", "unit_id"),
    )

    on_trail: ClassVar[Declared] = declare("initiative_id unit_id", key="initiative_id unit_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class Involvement(Model):
    """A partner that takes part."""

    __tablename__ = "involvement"
    __table_args__ = (
        UniqueConstraint("initiative_id", "partner_id"),
        Index("ix_involvement_partner_id", "partner_id"),
    )

    on_trail: ClassVar[Declared] = declare(
        "initiative_id partner_id", key="initiative_id partner_id"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))


class Reaching:
    """How units and partners come and go."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        lead_unit_id: Any
        unit_count: Any
        participating_unit_ids: Any
        record: Any
        changed_team: Any
        refuse_if_stopped: Any

    def change_lead_unit(self, unit: Unit, *, by: Person | None, now: datetime) -> None:
        """Give it another lead unit; the old one stays on it as a participating unit.

        Raises `NotNow` once it was stopped, and for a unit that is closed.
        """
        if unit.id == self.lead_unit_id:
            return
        self.refuse_if_stopped()
        _need_open([unit])
        was = self.lead_unit_id
        if unit.id in self.participating_unit_ids:
            self._leave(unit.id)
        db.session.add(Participation(initiative_id=self.id, unit_id=was))
        self.lead_unit_id = unit.id
        self._count_units(now)
        self.record(
            Kind.initiative_lead_unit_changed,
            by=by,
            now=now,
            before={"lead_unit_id": was},
            after={"lead_unit_id": unit.id},
        )

    def revise_units(self, wanted: set[int], *, by: Person | None, now: datetime) -> None:
        """Set which other units take part; each one that joins or leaves is an event.

        Raises `NotNow` once it was stopped, and for a unit that is closed.
        """
        self.refuse_if_stopped()
        present = set(self.participating_unit_ids) - {self.lead_unit_id}
        wanted = wanted - {self.lead_unit_id}
        _need_open(db.session.scalars(select(Unit).where(Unit.id.in_(wanted - present))))
        for unit_id in sorted(wanted - present):
            db.session.add(Participation(initiative_id=self.id, unit_id=unit_id))
            self.record(Kind.initiative_unit_joined, by=by, now=now, after={"unit_id": unit_id})
        for unit_id in sorted(present - wanted):
            self._leave(unit_id)
            self.record(Kind.initiative_unit_left, by=by, now=now, before={"unit_id": unit_id})
        if wanted != present:
            self._count_units(now)

    def revise_partners(self, wanted: set[int], *, by: Person | None, now: datetime) -> None:
        """Set which partners take part; each one that joins or leaves is an event.

        Raises `NotNow` once it was stopped, and for a partner that is closed.
        """
        self.refuse_if_stopped()
        involved = select(Involvement.partner_id).where(Involvement.initiative_id == self.id)
        present = set(db.session.scalars(involved))
        _need_open(db.session.scalars(select(Partner).where(Partner.id.in_(wanted - present))))
        for partner_id in sorted(wanted - present):
            db.session.add(Involvement(initiative_id=self.id, partner_id=partner_id))
            after = {"partner_id": partner_id}
            self.record(Kind.initiative_partner_joined, by=by, now=now, after=after)
        for partner_id in sorted(present - wanted):
            db.session.execute(
                delete(Involvement).where(
                    Involvement.initiative_id == self.id, Involvement.partner_id == partner_id
                )
            )
            gone = {"initiative_id": self.id, "partner_id": partner_id}
            note_gone(db.session(), Involvement, gone)
            before = {"partner_id": partner_id}
            self.record(Kind.initiative_partner_left, by=by, now=now, before=before)
        if wanted != present:
            self.changed_team(now)

    def other_units(self) -> list[Unit]:
        """Return the units that take part beside the lead unit, by name."""
        query = (
            select(Unit)
            .join(Participation, Participation.unit_id == Unit.id)
            .where(Participation.initiative_id == self.id)
            .order_by(Unit.name)
        )
        return list(db.session.scalars(query))

    def partners(self) -> list[Partner]:
        """Return the partners that take part, by name."""
        query = (
            select(Partner)
            .join(Involvement, Involvement.partner_id == Partner.id)
            .where(Involvement.initiative_id == self.id)
            .order_by(Partner.name)
        )
        return list(db.session.scalars(query))

    def _leave(self, unit_id: int) -> None:
        db.session.execute(
            delete(Participation).where(
                Participation.initiative_id == self.id, Participation.unit_id == unit_id
            )
        )
        gone = {"initiative_id": self.id, "unit_id": unit_id}
        note_gone(db.session(), Participation, gone)

    def _count_units(self, now: datetime) -> None:
        db.session.flush()
        self.changed_team(now)
        self.unit_count = len(self.participating_unit_ids)


def _need_open(things: Iterable[Unit | Partner]) -> None:
    """Raise `NotNow` for the first that is closed for new work."""
    for thing in things:
        if thing.ended_at is not None:
            raise NotNow(_("%(name)s is closed. Choose another one.", name=thing.name))
