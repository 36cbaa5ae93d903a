"""The times on hold of initiatives, as rows (rule 6)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model


class Hold(Model):
    """A time on hold: the clocks of actions, blockers and requests pause between its two moments."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_initiative_id", "initiative_id"),)

    on_trail: ClassVar[Declared] = declare(
        "initiative_id begun_at ended_at", key="initiative_id begun_at"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
