"""The initiative itself: what it is, who may see it, and how it begins."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Select,
    String,
    Text,
    and_,
    false,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.initiatives.keeping import Kept, title_key
from tracker.initiatives.reaching import Reaching
from tracker.initiatives.reporting import CADENCE_DAYS, Cadence, Colour
from tracker.initiatives.sponsoring import Sponsored
from tracker.initiatives.stages import Stage, stage_name
from tracker.initiatives.staging import Staged
from tracker.initiatives.taking_back import TakenBack
from tracker.initiatives.team import Teamed
from tracker.organisation.people import Person, Standing
from tracker.organisation.settings import Organisation, take_number
from tracker.organisation.units import Unit
from tracker.scoping import Scoped

__all__ = [
    "CADENCE_DAYS",
    "GOING_ON",
    "ONLY_INTERIM",
    "Cadence",
    "Colour",
    "Initiative",
    "title_key",
]

_GOING_ON = "stopped_at IS NULL AND stage <> 'realised'"


def _open(name: str, *columns: str) -> Index:
    """An index over the initiatives that go on: their lists stay quick however many have ended."""
    return partial_index(name, *columns, where=_GOING_ON)


class Initiative(Sponsored, Staged, TakenBack, Kept, Teamed, Reaching, Scoped, Recorded, Model):
    """One improvement project. `changed` and `touches` move whenever its card would look different."""

    __tablename__ = "initiative"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sponsor_id", "sponsor_standing"],
            ["person.id", "person.standing"],
            name="fk_initiative_sponsor",
        ),
        CheckConstraint(
            "(sponsor_id IS NULL) = (sponsor_standing IS NULL)", name="sponsor_standing_kept"
        ),
        CheckConstraint("sponsor_standing IS NULL OR sponsor_standing = 'executive'", name="sponsor_is_executive"),
        CheckConstraint("sponsor_id IS NULL OR lead_id IS NULL OR sponsor_id <> lead_id", name="sponsor_is_not_lead"),
        CheckConstraint("stage = 'idea' OR sponsor_id IS NOT NULL", name="sponsored_beyond_idea"),
        Index("ix_initiative_theme_changed", "theme", "changed"),
        Index("ix_initiative_lead_unit_id_stage", "lead_unit_id", "stage"),
        Index("ix_initiative_sponsor_id_stage", "sponsor_id", "stage", "stopped_at"),
        Index("ix_initiative_lead_id", "lead_id"),
        partial_index("ix_initiative_proposed_by_id", "proposed_by_id", where="proposed_by_id IS NOT NULL"),
        Index("ix_initiative_proposed_sponsor_id", "proposed_sponsor_id"),
        Index("ix_initiative_stage_changed", "stage", "changed"),
        Index("ix_initiative_changed", "changed"),
        Index("ix_initiative_reported_on", "reported_on"),
        Index("ix_initiative_title_key", "title_key"),
        _open("ix_initiative_open_stage_since", "stage_since"),
        _open("ix_initiative_open_by_stage", "stage", "stage_since"),
        _open("ix_initiative_open_title_key", "title_key"),
        _open("ix_initiative_open_blockers", "open_blockers"),
    )  # fmt: skip
    subject_type: ClassVar[str] = "initiative"
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"

    on_trail: ClassVar[Declared] = declare(
        "number ref theme lead_unit_id lead_id sponsor_id sponsor_standing sponsor_interim proposed_sponsor_id proposed_by_id "
        "proposed_at adopt_stage stage stage_since asked_stage asked_by_id asked_at adopted held_at stopped_at budget cadence "
        "colour colour_on reported_on copied_from_id created_at created_by_id",
        "title category held_words stopped_words processes systems pilot_scope next_units colour_reason outside_id",
        left={"title_key": "made from the title", "unit_count open_blockers": "kept counts", "changed touches": "count edits"},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(200), default="")  # keeping.title_key
    theme: Mapped[str] = mapped_column(String(80), default="")
    category: Mapped[str] = mapped_column(String(120), default="")
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sponsor_id: Mapped[int | None]
    sponsor_standing: Mapped[Standing | None] = mapped_column(enum_text(Standing))
    sponsor_interim: Mapped[bool] = mapped_column(default=False)
    # kept from the open proposal
    proposed_sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    # where work under way stands, until a sponsor adopts it
    adopt_stage: Mapped[Stage | None] = mapped_column(enum_text(Stage))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage), default=Stage.idea)
    stage_since: Mapped[datetime] = mapped_column(Instant)
    # kept from the open request
    asked_stage: Mapped[Stage | None] = mapped_column(enum_text(Stage))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    adopted: Mapped[bool] = mapped_column(default=False)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    held_words: Mapped[str] = mapped_column(Text, default="")
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_words: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence), default=Cadence.monthly)
    processes: Mapped[str] = mapped_column(Text, default="")
    systems: Mapped[str] = mapped_column(Text, default="")
    pilot_scope: Mapped[str] = mapped_column(Text, default="")
    next_units: Mapped[str] = mapped_column(Text, default="")
    # kept from the latest update that declared one
    colour: Mapped[Colour | None] = mapped_column(enum_text(Colour))
    colour_reason: Mapped[str] = mapped_column(String(200), default="")
    colour_on: Mapped[date | None]
    reported_on: Mapped[date | None]  # kept from the latest update
    unit_count: Mapped[int] = mapped_column(default=1)  # kept: the lead unit and the others
    open_blockers: Mapped[int] = mapped_column(default=0)  # kept by the blockers room
    outside_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed: Mapped[datetime] = mapped_column(Instant)
    touches: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    lead_unit: Mapped[Unit] = relationship(foreign_keys=[lead_unit_id], lazy="raise_on_sql")
    lead: Mapped[Person | None] = relationship(foreign_keys=[lead_id], lazy="raise_on_sql")
    sponsor: Mapped[Person | None] = relationship(
        primaryjoin="Initiative.sponsor_id == Person.id",
        foreign_keys="Initiative.sponsor_id",
        viewonly=True,
        lazy="raise_on_sql",
    )
    proposed_sponsor: Mapped[Person | None] = relationship(
        foreign_keys=[proposed_sponsor_id], lazy="raise_on_sql"
    )
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")

    @property
    def ended(self) -> bool:
        """Realised or stopped: nothing more is decided."""
        return self.stopped_at is not None or self.stage == Stage.realised

    @property
    def stage_label(self) -> str:
        return stage_name(self.stage)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Internal people read every initiative; for partners none exists (rules 20 and 21)."""
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def create(
        cls,
        *,
        title: str,
        lead_unit_id: int,
        by: Person | None,
        now: datetime,
        lead: Person | None = None,
        adopt_stage: Stage | None = None,
        copied_from: Initiative | None = None,
        **more: Any,
    ) -> Initiative:
        """Begin an initiative in `idea`. `lead` runs it; `adopt_stage` says where work already under way stands.

        `copied_from` is the one it was copied from; the trail then says so instead.
        """
        number = take_number()
        initiative = Initiative(
            number=number,
            ref=f"{Organisation.current().prefix}-{number}",
            title=title.strip(),
            title_key=title_key(title),
            lead_unit_id=lead_unit_id,
            lead_id=lead.id if lead else None,
            adopt_stage=adopt_stage,
            stage=Stage.idea,
            stage_since=now,
            copied_from_id=copied_from.id if copied_from else None,
            created_at=now,
            created_by_id=by.id if by else None,
            changed=now,
            touches=0,
            version=1,
            unit_count=1,
            open_blockers=0,
            sponsor_interim=False,
            adopted=False,
            **more,
        )
        db.session.add(initiative)
        db.session.flush()
        begun = {"number": number, "stage": Stage.idea.value, "lead_unit_id": lead_unit_id}
        begun |= {"lead_id": initiative.lead_id, "theme": initiative.theme or ""}
        kind = Kind.initiative_created
        if copied_from is not None:
            kind, begun = Kind.initiative_copied, begun | {"source_id": copied_from.id}
        initiative.record(kind, by=by, now=now, after=begun)
        return initiative

    def touch(self, now: datetime) -> None:
        """Say that its card looks different now."""
        self.changed = now
        self.touches = (self.touches or 0) + 1

    def again(self, person: Any) -> Self:
        """Return it as it stands now, locked; who is on it is looked up anew as well. Raises `Missing`."""
        self.forget_team()
        fresh = super().again(person)
        fresh.forget_team()
        return fresh


# Spelled with a literal, so that the databases see that the indexes over open initiatives fit.
GOING_ON = and_(Initiative.stopped_at.is_(None), Initiative.stage != literal_column("'realised'"))
# Somebody has to propose who sponsors it for good.
ONLY_INTERIM = and_(Initiative.sponsor_interim, Initiative.proposed_sponsor_id.is_(None))
