"""The initiative itself: what it is, who may see it, and the fields its lead keeps."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Select,
    String,
    Text,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.initiatives.sponsoring import Sponsored
from tracker.initiatives.stages import Stage, stage_name
from tracker.initiatives.staging import Staged
from tracker.initiatives.team import Teamed
from tracker.organisation.people import Person, Role, Standing
from tracker.organisation.settings import Organisation, take_number
from tracker.organisation.units import Unit
from tracker.scoping import Scoped
from tracker.wording import sort_key


class Colour(StrEnum):
    """What an update declares."""

    on_track = "on_track"
    at_risk = "at_risk"
    off_track = "off_track"


class Cadence(StrEnum):
    """How often an update is due."""

    weekly = "weekly"
    fortnightly = "fortnightly"
    monthly = "monthly"
    quarterly = "quarterly"
    half_yearly = "half_yearly"
    yearly = "yearly"


CADENCE_DAYS = {
    Cadence.weekly: 7,
    Cadence.fortnightly: 14,
    Cadence.monthly: 31,
    Cadence.quarterly: 92,
    Cadence.half_yearly: 183,
    Cadence.yearly: 366,
}


class Initiative(Sponsored, Staged, Teamed, Scoped, Recorded, Model):
    """One improvement project. `changed` and `touches` move whenever its card would look different."""

    __tablename__ = "initiative"
    __table_args__ = (
        ForeignKeyConstraint(["sponsor_id", "sponsor_standing"], ["person.id", "person.standing"], name="fk_initiative_sponsor"),
        CheckConstraint("(sponsor_id IS NULL) = (sponsor_standing IS NULL)", name="sponsor_standing_kept"),
        CheckConstraint("sponsor_standing IS NULL OR sponsor_standing = 'executive'", name="sponsor_is_executive"),
        CheckConstraint("sponsor_id IS NULL OR lead_id IS NULL OR sponsor_id <> lead_id", name="sponsor_is_not_lead"),
        CheckConstraint("stage = 'idea' OR sponsor_id IS NOT NULL", name="sponsored_beyond_idea"),
        Index("ix_initiative_theme_changed", "theme", "changed"),
        Index("ix_initiative_lead_unit_id_stage", "lead_unit_id", "stage"),
        Index("ix_initiative_sponsor_id_stage", "sponsor_id", "stage"),
        Index("ix_initiative_lead_id", "lead_id"),
        Index("ix_initiative_proposed_sponsor_id", "proposed_sponsor_id"),
        Index("ix_initiative_stage_changed", "stage", "changed"),
        Index("ix_initiative_changed", "changed"),
        Index("ix_initiative_reported_on", "reported_on"),
        Index("ix_initiative_title_key", "title_key"),
    )
    subject_type: ClassVar[str] = "initiative"
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(200), default="")  # wording.sort_key of the title
    theme: Mapped[str] = mapped_column(String(80), default="")
    category: Mapped[str] = mapped_column(String(120), default="")
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sponsor_id: Mapped[int | None]
    sponsor_standing: Mapped[Standing | None] = mapped_column(enum_text(Standing))
    sponsor_interim: Mapped[bool] = mapped_column(default=False)
    proposed_sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # kept from the open proposal
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    adopt_stage: Mapped[Stage | None] = mapped_column(enum_text(Stage))  # where work under way stands, until a sponsor adopts it
    stage: Mapped[Stage] = mapped_column(enum_text(Stage), default=Stage.idea)
    stage_since: Mapped[datetime] = mapped_column(Instant)
    asked_stage: Mapped[Stage | None] = mapped_column(enum_text(Stage))  # kept from the open ask
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    adopted: Mapped[bool] = mapped_column(default=False)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_words: Mapped[str] = mapped_column(Text, default="")
    held_words: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence), default=Cadence.monthly)
    processes: Mapped[str] = mapped_column(Text, default="")
    systems: Mapped[str] = mapped_column(Text, default="")
    pilot_scope: Mapped[str] = mapped_column(Text, default="")
    next_units: Mapped[str] = mapped_column(Text, default="")
    colour: Mapped[Colour | None] = mapped_column(enum_text(Colour))  # kept from the latest update that declared one
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
        primaryjoin="Initiative.sponsor_id == Person.id", foreign_keys="Initiative.sponsor_id", viewonly=True, lazy="raise_on_sql"
    )
    proposed_sponsor: Mapped[Person | None] = relationship(foreign_keys=[proposed_sponsor_id], lazy="raise_on_sql")
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")

    EDITABLE: ClassVar[tuple[str, ...]] = (
        "title", "theme", "category", "budget", "cadence", "processes", "systems", "pilot_scope", "next_units",
    )  # fmt: skip

    @property
    def ended(self) -> bool:
        """Realised or stopped: nothing more is decided."""
        return self.stopped_at is not None or self.stage == Stage.realised

    @property
    def stage_label(self) -> str:
        return stage_name(self.stage)

    @classmethod
    def visible_to(cls, person: Any) -> Select[tuple[Self]]:
        """Internal people read every initiative; for partners none exists (rules 20 and 21)."""
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def create(
        cls, *, title: str, lead_unit_id: int, by: Person | None, now: datetime, lead: Person | None = None,
        adopt_stage: Stage | None = None, **more: Any,
    ) -> Initiative:  # fmt: skip
        """Begin an initiative in `idea`. `lead` runs it; `adopt_stage` says where work already under way stands."""
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
        initiative.record(
            Kind.initiative_created, by=by, now=now,
            after={"number": number, "stage": Stage.idea.value, "lead_unit_id": lead_unit_id, "lead_id": initiative.lead_id,
                   "theme": initiative.theme or ""},
        )  # fmt: skip
        return initiative

    def edit(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change what the lead keeps: title, theme, budget, cadence, processes, systems, scope."""
        self._still_open()
        changed = {key: value for key, value in fields.items() if key in self.EDITABLE and getattr(self, key) != value}
        if not changed:
            return
        was = {key: _plain(getattr(self, key)) for key in changed}
        for key, value in changed.items():
            setattr(self, key, value)
        if "title" in changed:
            self.title_key = title_key(self.title)
        self.version += 1
        self.touch(now)
        self.record(
            Kind.initiative_changed, by=by, now=now, after={"fields": sorted(changed)},
            private={"was": was, "now": {key: _plain(value) for key, value in changed.items()}},
        )  # fmt: skip

    def set_lead(self, person: Person | None, *, by: Person, now: datetime) -> None:
        """Say who runs it. Raises `NotNow` for the sponsor, a partner, an auditor or somebody without access."""
        self._still_open()
        if person is not None:
            if person.id in (self.sponsor_id, self.proposed_sponsor_id):
                raise NotNow(_("%(name)s is the sponsor, and the sponsor never leads. Choose somebody else.", name=person.name))
            if not person.is_active or person.role in (Role.partner, Role.auditor):
                raise NotNow(_("%(name)s cannot lead: only active internal people who are not auditors can.", name=person.name))
        if self.lead_id == (person.id if person else None):
            return
        was = self.lead_id
        self.lead_id = person.id if person else None
        self.version += 1
        self.touch(now)
        self.record(Kind.initiative_lead_set, by=by, now=now, before={"lead_id": was}, after={"lead_id": self.lead_id})

    def set_theme(self, theme: str, *, by: Person, now: datetime) -> None:
        """Give it the one free label."""
        if self.theme == theme.strip():
            return
        self._still_open()
        was, self.theme = self.theme, theme.strip()
        self.version += 1
        self.touch(now)
        self.record(Kind.initiative_theme_set, by=by, now=now, before={"theme": was}, after={"theme": self.theme})

    def touch(self, now: datetime) -> None:
        """Say that its card looks different now."""
        self.changed = now
        self.touches = (self.touches or 0) + 1

    def again(self, person: Any) -> Self:
        self.forget_team()
        fresh = super().again(person)
        fresh.forget_team()
        return fresh

    def _still_open(self) -> None:
        if self.stopped_at is not None:
            raise NotNow(_("%(ref)s was stopped. It is kept as it was.", ref=self.ref))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def title_key(title: str) -> str:
    """Return what titles are ordered by, alike on both databases."""
    return sort_key(title)[:200]
