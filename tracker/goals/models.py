"""A goal: an initiative's claim on a KPI, and who sees it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    Text,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.models import Canonical
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, enum_text
from tracker.dialects import partial_index
from tracker.goals.aims import Aim, Confidence, Horizon
from tracker.goals.setting import Setting
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.models import Kpi
from tracker.kpis.standing import KpiStanding
from tracker.organisation.people import Person
from tracker.scoping import Scoped

_WHOLE = "baseline IS NOT NULL AND baseline_on IS NOT NULL AND target IS NOT NULL AND target_on IS NOT NULL"


class Goal(Setting, Scoped, Recorded, Model):
    """An initiative's claim on a KPI. Its terms stand here as they are now; each version that was agreed is a row of its own."""

    __tablename__ = "goal"
    __table_args__ = (
        partial_index(
            "uq_goal_present", "initiative_id", "horizon", where="dropped_at IS NULL", unique=True
        ),
        Index("ix_goal_initiative_id", "initiative_id"),
        Index("ix_goal_kpi_id", "kpi_id", "id"),
        Index("ix_goal_owner_id", "owner_id"),
        CheckConstraint("baseline <> target", name="goes_somewhere"),
        CheckConstraint(f"locked_at IS NULL OR ({_WHOLE})", name="locked_only_whole"),
        CheckConstraint("claimed IS NULL OR claimed >= 0", name="claims_the_better"),
    )
    subject_type: ClassVar[str] = "goal"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id kpi_id horizon aim baseline baseline_on target target_on claimed path confidence owner_id stage added_at "
        "added_by_id locked_at dropped_at",
        "method dropped_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    kpi_id: Mapped[int] = mapped_column(ForeignKey("kpi.id"))
    horizon: Mapped[Horizon] = mapped_column(enum_text(Horizon), default=Horizon.outcome)
    aim: Mapped[Aim] = mapped_column(enum_text(Aim), default=Aim.customer)
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    target: Mapped[float | None]
    target_on: Mapped[date | None]
    claimed: Mapped[float | None]  # of the KPI's movement, in its unit, for the better
    path: Mapped[Any] = mapped_column(Canonical, default=list)  # [day, planned value], ...
    confidence: Mapped[Confidence | None] = mapped_column(enum_text(Confidence))
    method: Mapped[str] = mapped_column(Text, default="")  # how the contribution is told apart
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # of the benefit
    stage: Mapped[Stage] = mapped_column(enum_text(Stage))  # in which it was set
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    kpi: Mapped[Kpi] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    standing: Mapped[KpiStanding | None] = relationship(
        primaryjoin=lambda: foreign(Goal.kpi_id) == KpiStanding.kpi_id,
        viewonly=True,
        uselist=False,
        lazy="raise_on_sql",
    )

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the initiative, and KPIs at all, sees its goals; partners see none."""
        if not person.is_internal:
            return select(cls).where(exists().where(Kpi.id == -1))
        seen = (
            Initiative.visible_to(person)
            .where(Initiative.id == cls.initiative_id)
            .with_only_columns(Initiative.id)
        )
        return select(cls).where(exists(seen))
