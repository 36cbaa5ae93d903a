"""A click counts once: every form carries a key, and a repeated one is answered as the first was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Instant, Model, db

KEPT = timedelta(days=7)


class Submission(Model):
    """One submit of one form by one person: what it said (hashed) and where its answer lies."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("person_id", "route", "key"),
        Index("ix_submission_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    route: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Instant)


def forget_old(now: datetime) -> int:
    """Delete the keys of submits older than a week; return how many."""
    done: Any = db.session.execute(delete(Submission).where(Submission.at < now - KEPT))
    return done.rowcount
