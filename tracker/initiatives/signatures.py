"""What a unit said to a published charter: signed, objected, or passed over after its silence (rule 3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, enum_text
from tracker.dialects import partial_index
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

MODULE = "signatures"


class Stance(StrEnum):
    """What stands on the record for a unit."""

    signed = "signed"
    objected = "objected"
    passed = "passed"  # it was silent, and the sponsor went on without it


class Signature(Recorded, Model):
    """One answer of one unit to one version. A later answer to the same version replaces it; both stay.

    An objection may carry the sponsor's override. `also` says that whoever signed runs or sponsors
    the initiative as well: "lead", "sponsor" or nothing.
    """

    __tablename__ = "signature"
    __table_args__ = (
        partial_index(
            "uq_signature_standing",
            "version_id",
            "unit_id",
            where="replaced_at IS NULL",
            unique=True,
        ),
        Index("ix_signature_initiative_id", "initiative_id"),
        Index("ix_signature_unit_id", "unit_id"),
        CheckConstraint("stance <> 'objected' OR words <> ''", name="objection_has_words"),
        CheckConstraint(
            "(overridden_at IS NULL) = (overridden_by_id IS NULL)", name="override_has_author"
        ),
        CheckConstraint(
            "overridden_at IS NULL OR (stance = 'objected' AND override_words <> '')",
            name="override_has_words",
        ),
    )
    subject_type: ClassVar[str] = "signature"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id version_id unit_id stance also by_id on_behalf_of_id at replaced_at "
        "overridden_at overridden_by_id override_for_id",
        "words override_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("charter_version.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    stance: Mapped[Stance] = mapped_column(enum_text(Stance))
    words: Mapped[str] = mapped_column(Text, default="")
    also: Mapped[str] = mapped_column(String(10), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
    overridden_at: Mapped[datetime | None] = mapped_column(Instant)
    overridden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    override_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    override_words: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    on_behalf_of: Mapped[Person | None] = relationship(
        foreign_keys=[on_behalf_of_id], lazy="raise_on_sql"
    )
    overridden_by: Mapped[Person | None] = relationship(
        foreign_keys=[overridden_by_id], lazy="raise_on_sql"
    )
    override_for: Mapped[Person | None] = relationship(
        foreign_keys=[override_for_id], lazy="raise_on_sql"
    )


def signatures_on() -> bool:
    """Tell whether the organisation has switched the module on."""
    return MODULE in Organisation.current().modules
