"""What was handed in, and how we answered: one row for each time, kept for good (rules 19 and 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, bindparam, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model, asked, db
from tracker.dialects import partial_index
from tracker.initiatives.pauses import Pause, pause_of


class Review(Model):
    """One submission: by whom, until when it was due, and whether we took it. Until we answer, the days are ours."""

    __tablename__ = "action_review"
    __table_args__ = (
        Index("ix_action_review_action_id", "action_id", "id"),
        partial_index("uq_action_review_open", "action_id", where="answered_at IS NULL", unique=True),
        CheckConstraint(
            "(answered_at IS NULL) = (accepted IS NULL)", name="answered_with_a_word"
        ),
    )  # fmt: skip

    on_trail: ClassVar[Declared] = declare(
        "action_id partner_id submitted_at last_on answered_at accepted"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    last_on: Mapped[date | None]  # the last day in time then; None while on hold or blocked by us
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted: Mapped[bool | None]

    @classmethod
    def waiting(cls, action_id: int) -> Review | None:
        """Return the submission of an action that nobody has answered."""
        mine = select(cls).where(cls.action_id == action_id, cls.answered_at.is_(None))
        return db.session.scalars(mine).one_or_none()

    @classmethod
    def last(cls, action_id: int) -> Review | None:
        """Return the latest submission of an action."""
        mine = select(cls).where(cls.action_id == action_id).order_by(cls.id.desc())
        return db.session.scalars(mine.limit(1)).one_or_none()


def reviews_of(assigned: Mapping[int, datetime]) -> dict[int, list[Pause]]:
    """Return, by action, the times in which each was with us to be looked at, in their order, by the organisation's days.

    `assigned` says since when whoever does an action has it: what was handed in before is no time of theirs.
    """
    found: dict[int, list[Pause]] = {action_id: [] for action_id in assigned}
    if not assigned:
        return found
    for row in asked(_REVIEWS, {"actions": list(assigned)}):
        if row.submitted_at >= assigned[row.action_id]:
            found[row.action_id].append(pause_of(row.submitted_at, row.answered_at))
    return found


def was_handed_in(action_id: Any) -> ColumnElement[bool]:
    """Return the condition that an action was handed in at least once."""
    return exists().where(Review.action_id == action_id)


_REVIEWS = (
    select(Review.action_id, Review.submitted_at, Review.answered_at)
    .where(Review.action_id.in_(bindparam("actions", expanding=True)))
    .order_by(Review.id)
)
