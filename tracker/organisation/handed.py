"""What passed on when somebody's access ended: a row for each duty, so that nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model, db


class Handover(Model):
    """One duty that passed from a person to another (None: to nobody), and what it was about."""

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_person_id", "person_id", "id"),)

    on_trail: ClassVar[Declared] = declare("person_id heir_id duty at", "about")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    duty: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def keep(
        cls, person_id: int, duties: Iterable[tuple[str, str, int | None]], *, now: datetime
    ) -> None:
        """Keep what passed on, as (duty, what it was about, heir)."""
        db.session.add_all(
            cls(person_id=person_id, duty=duty, about=about[:200], heir_id=heir_id, at=now)
            for duty, about, heir_id in duties
        )
