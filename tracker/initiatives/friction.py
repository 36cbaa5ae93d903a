"""The friction: what goes wrong for the customer, in the customer's words. An initiative has one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Model, db, enum_text
from tracker.organisation.people import Person


class RootCause(StrEnum):
    """The area a friction or a blocker comes from."""

    technology = "technology"
    data = "data"
    knowledge = "knowledge"
    business_design = "business_design"
    process = "process"
    policy = "policy"
    people = "people"
    partner = "partner"


class Friction(Recorded, Model):
    """One row for each initiative, edited together, hence its version."""

    __tablename__ = "friction"
    subject_type: ClassVar[str] = "friction"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text, default="")
    touchpoint: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[str] = mapped_column(String(120), default="")
    root_cause: Mapped[RootCause | None] = mapped_column(enum_text(RootCause))
    evidence: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    EDITABLE: ClassVar[tuple[str, ...]] = ("words", "touchpoint", "channel", "root_cause", "evidence")

    @classmethod
    def of(cls, initiative: Any) -> Friction:
        """Return the friction of an initiative; an unsaved empty one if nobody has written it yet."""
        row = db.session.scalars(select(cls).where(cls.initiative_id == initiative.id)).one_or_none()
        return row or cls(initiative_id=initiative.id, words="", touchpoint="", channel="", root_cause=None, evidence="", version=1)

    def describe(self, initiative: Any, *, by: Person | None, now: datetime, **fields: Any) -> None:
        """Say what goes wrong. Records what was and what is now outside the seal."""
        changed = {key: value for key, value in fields.items() if key in self.EDITABLE and getattr(self, key) != value}
        if not changed and self.id is not None:
            return
        was = {key: getattr(self, key) for key in changed}
        for key, value in changed.items():
            setattr(self, key, value)
        if self.id is not None:
            self.version += 1
        db.session.add(self)
        db.session.flush()
        initiative.touch(now)
        cause = self.root_cause.value if self.root_cause else None
        self.record(
            Kind.initiative_friction_changed, by=by, now=now,
            after={"fields": sorted(changed), "touchpoint": self.touchpoint, "channel": self.channel, "cause": cause},
            private={"was": was, "now": changed},
        )  # fmt: skip
