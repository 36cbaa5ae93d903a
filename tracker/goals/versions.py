"""The versions of a goal's terms: what was agreed when piloting began, and what the sponsor agreed to after it (rule 7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.models import Canonical
from tracker.db import Instant, Model
from tracker.organisation.people import Person


class GoalVersion(Model):
    """The terms of a goal as they were agreed: when piloting began, and at every re-baseline after it."""

    __tablename__ = "goal_version"
    __table_args__ = (UniqueConstraint("goal_id", "number"),)

    on_trail: ClassVar[Declared] = declare(
        "goal_id number baseline baseline_on target target_on claimed path agreed_at agreed_by_id agreed_for_id",
        "words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    number: Mapped[int]
    baseline: Mapped[float]
    baseline_on: Mapped[date]
    target: Mapped[float]
    target_on: Mapped[date]
    claimed: Mapped[float | None]
    path: Mapped[Any] = mapped_column(Canonical, default=list)
    agreed_at: Mapped[datetime] = mapped_column(Instant)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # by a deputy
    words: Mapped[str] = mapped_column(Text, default="")

    agreed_by: Mapped[Person | None] = relationship(
        foreign_keys=[agreed_by_id], lazy="raise_on_sql"
    )
