"""Every day that a milestone had, and why it got another one: rows that stay (rule 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model, db
from tracker.organisation.people import Person

MOST_SHOWN = 50


class MilestoneMove(Model):
    """One move from a day to another, by whom and why. Later is a slip; earlier is none."""

    __tablename__ = "milestone_move"
    __table_args__ = (
        Index("ix_milestone_move_milestone_id", "milestone_id", "id"),
        CheckConstraint("from_on <> to_on", name="moves"),
        CheckConstraint("words <> ''", name="in_words"),
    )

    on_trail: ClassVar[Declared] = declare(
        "milestone_id from_on to_on moved_at moved_by_id", "words"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    moved_at: Mapped[datetime] = mapped_column(Instant)
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)

    moved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


def moves_of(milestone_id: int) -> Sequence[MilestoneMove]:
    """Return how a milestone moved, the latest first, with who moved it; `MOST_SHOWN` of them at most."""
    query = (
        select(MilestoneMove)
        .where(MilestoneMove.milestone_id == milestone_id)
        .options(joinedload(MilestoneMove.moved_by))
        .order_by(MilestoneMove.id.desc())
    )
    return db.session.scalars(query.limit(MOST_SHOWN)).all()
