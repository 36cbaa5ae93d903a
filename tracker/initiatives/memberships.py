"""A person on an initiative: responsibility, discipline, what they are for, and the share of their time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, enum_text
from tracker.dialects import partial_index
from tracker.organisation.people import Person
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
        partial_index(
            "uq_membership_present",
            "initiative_id",
            "person_id",
            where="left_at IS NULL",
            unique=True,
        ),
        Index("ix_membership_person_id", "person_id"),
        CheckConstraint("share IS NULL OR (share >= 0 AND share <= 100)", name="share"),
    )
    subject_type: ClassVar[str] = "membership"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id person_id unit_id responsibility discipline share share_agreed_by_id "
        "joined_at left_at",
        "what_for",
    )

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

    DECLARED: ClassVar[tuple[str, ...]] = ("responsibility", "discipline", "share")

    @property
    def of_unit_id(self) -> int | None:
        """The unit whose head agrees the share of time."""
        return self.unit_id

    @property
    def part(self) -> dict[str, Any]:
        """What the trail says about it: whose, of which unit, and with what."""
        told = {"person_id": self.person_id, "unit_id": self.unit_id}
        return told | {key: _plain(getattr(self, key)) for key in self.DECLARED}


def responsibility_name(responsibility: str) -> str:
    """Return the words of a responsibility."""
    names = {
        Responsibility.responsible: _("Responsible"),
        Responsibility.consulted: _("Consulted"),
        Responsibility.informed: _("Informed"),
    }
    return names[Responsibility(responsibility)]


def discipline_name(discipline: str | None) -> str:
    """Return the words of a discipline; none for none."""
    if not discipline:
        return ""
    names = {
        Discipline.officer: _("CXO or CCO"),
        Discipline.director: _("CX director"),
        Discipline.voice: _("VoC manager"),
        Discipline.journey: _("Journey manager"),
        Discipline.researcher: _("Researcher"),
        Discipline.analyst: _("Analyst"),
        Discipline.designer: _("Designer"),
        Discipline.operations: _("CX operations"),
        Discipline.technology: _("Technology"),
        Discipline.process: _("Process owner"),
        Discipline.expert: _("Outside expert"),
        Discipline.strategy: _("Strategy adviser"),
    }
    return names[Discipline(discipline)]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value
