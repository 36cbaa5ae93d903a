"""The friction: what goes wrong for the customer, in the customer's words. An initiative has one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
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
    """One row for each initiative, edited together, hence its version; 0 says that nobody has written it yet."""

    __tablename__ = "friction"
    subject_type: ClassVar[str] = "friction"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id root_cause", "words touchpoint channel evidence", key="initiative_id"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), unique=True
    )
    words: Mapped[str] = mapped_column(Text, default="")
    touchpoint: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[str] = mapped_column(String(120), default="")
    root_cause: Mapped[RootCause | None] = mapped_column(enum_text(RootCause))
    evidence: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *("words", "touchpoint", "channel", "root_cause", "evidence"),
    )

    @classmethod
    def of(cls, initiative: Any) -> Friction:
        """Return the friction of an initiative as it stands now; an unsaved empty one if nobody has written it yet."""
        row = db.session.scalars(
            select(cls)
            .where(cls.initiative_id == initiative.id)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is not None:
            return row
        empty = dict.fromkeys(("words", "touchpoint", "channel", "evidence"), "")
        return cls(initiative_id=initiative.id, root_cause=None, version=0, **empty)

    def describe(self, initiative: Any, *, by: Person | None, now: datetime, **fields: Any) -> None:
        """Say what goes wrong; what was and what is now stay outside the seal. Raises `NotNow` once it was stopped."""
        initiative.refuse_if_stopped()
        changed = {
            key: value
            for key, value in fields.items()
            if key in self.EDITABLE and getattr(self, key) != value
        }
        if not changed:
            return
        was = {key: getattr(self, key) for key in changed}
        before = self._declared
        for key, value in changed.items():
            setattr(self, key, value)
        self.version += 1
        db.session.add(self)
        db.session.flush()
        initiative.touch(now)
        words = [key for key in ("words", "evidence") if key in changed]
        self.record(
            Kind.initiative_friction_changed,
            by=by,
            now=now,
            before=before,
            after=self._declared | {"fields": sorted(changed)},
            private={
                "was": {key: was[key] for key in words},
                "now": {key: changed[key] for key in words},
            }
            if words
            else None,
        )

    @property
    def _declared(self) -> dict[str, str | None]:
        cause = self.root_cause.value if self.root_cause else None
        return {"touchpoint": self.touchpoint, "channel": self.channel, "cause": cause}


def root_cause_name(cause: str | None) -> str:
    """Return the words of a root-cause area; none for none."""
    if not cause:
        return ""
    names = {
        RootCause.technology: _("Technology"),
        RootCause.data: _("Data"),
        RootCause.knowledge: _("Knowledge"),
        RootCause.business_design: _("Business design"),
        RootCause.process: _("Process"),
        RootCause.policy: _("Policy"),
        RootCause.people: _("People"),
        RootCause.partner: _("Partner"),
    }
    return names[RootCause(cause)]
