"""The checks of the trail: asked for, under way, and what each found."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model


class Verification(Model):
    """One check of the whole trail. Nobody asked for those that the application makes at `night`.

    `total` events are to be gone through and `checked` were, last noted at `beat_at`. What it found:
    `whole`, or the number of the `first_bad` row (none where no row is to blame) and `why`, as
    `activity/verify.py` says it, one of so many `faults`.
    """

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_asked_by_id", "asked_by_id"),)

    on_trail: ClassVar[Declared] = left_out("notes of checks: who doubts one checks again")

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    night: Mapped[date | None] = mapped_column(unique=True)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    checked: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    head: Mapped[str | None] = mapped_column(String(64))
    wordless: Mapped[int] = mapped_column(default=0)
    whole: Mapped[bool | None]
    faults: Mapped[int] = mapped_column(default=0)
    first_bad: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text, default="")
