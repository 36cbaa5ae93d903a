"""An update, and the verbs that post and correct one (rule 28)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour
from tracker.organisation.people import Person
from tracker.scoping import Scoped


class Source(StrEnum):
    """Where an update came from."""

    posted = "posted"
    imported = "imported"


class Update(Scoped, Recorded, Model):
    """A report as it was given. It is never edited; a later one may correct it, by naming it."""

    __tablename__ = "status_update"
    __table_args__ = (
        UniqueConstraint("initiative_id", "period"),
        Index("ix_status_update_initiative_id_day", "initiative_id", "day"),
    )
    subject_type: ClassVar[str] = "update"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id day period colour source author_id posted_at corrects_id",
        "reason help_needed what_changed what_next",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    day: Mapped[date]
    period: Mapped[str | None] = mapped_column(
        String(40)
    )  # as the source calls it; one report a period
    colour: Mapped[Colour | None] = mapped_column(enum_text(Colour))
    reason: Mapped[str] = mapped_column(String(200), default="")
    help_needed: Mapped[str] = mapped_column(Text, default="")
    what_changed: Mapped[str] = mapped_column(Text, default="")
    what_next: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[Source] = mapped_column(enum_text(Source), default=Source.posted)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    posted_at: Mapped[datetime] = mapped_column(Instant)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("status_update.id"), unique=True)

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the initiative sees its updates."""
        seen = (
            Initiative.visible_to(person)
            .where(Initiative.id == cls.initiative_id)
            .with_only_columns(Initiative.id)
        )
        return select(cls).where(exists(seen))

    @classmethod
    def post(
        cls, initiative: Initiative, *, colour: Colour, day: date, by: Person, now: datetime, reason: str = "", help_needed: str = "",
        what_changed: str = "", what_next: str = "", corrects: Update | None = None,
    ) -> Update:  # fmt: skip
        """Report how an initiative stands on `day`.

        Raises `NotNow` when it has ended, a colour other than on track comes without a reason and the help needed, the
        day lies ahead, or the update to correct was corrected already. What an import brings of the past goes by Core,
        past this verb.
        """
        refuse_if_ended(initiative)
        if colour != Colour.on_track and not (reason.strip() and help_needed.strip()):
            raise NotNow(_("Say why, and what help is needed, unless it is on track."))
        if day > now.date() + timedelta(days=1):  # it may be tomorrow already where the author is
            raise NotNow(_("An update cannot be dated ahead."))
        if corrects is not None and db.session.scalar(
            select(cls.id).where(cls.corrects_id == corrects.id)
        ):
            raise NotNow(_("That update was corrected already. Correct the newest one."))
        update = cls(
            initiative_id=initiative.id, day=day, colour=colour, reason=reason.strip(), help_needed=help_needed.strip(),
            what_changed=what_changed.strip(), what_next=what_next.strip(), source=Source.posted, author_id=by.id, posted_at=now,
            corrects_id=corrects.id if corrects else None,
        )  # fmt: skip
        db.session.add(update)
        db.session.flush()
        was = initiative.colour
        keep_latest(initiative)
        initiative.touch(now)
        details = {"update_id": update.id, "colour": colour.value, "as_of": day.isoformat()}
        update.record(
            Kind.update_corrected if corrects else Kind.update_posted, by=by, now=now, before={"colour": was.value if was else None},
            after={**details, "corrects_id": corrects.id} if corrects else details,
            private={"words": update.reason} if update.reason else None,
        )  # fmt: skip
        return update


def refuse_if_ended(initiative: Initiative) -> None:
    """Raise `NotNow` once an initiative was realised or stopped: then it owes no report, and none is taken."""
    if initiative.ended:
        raise NotNow(_("%(ref)s has ended; nothing more is reported on it.", ref=initiative.ref))


def standing(initiative_id: Any) -> Select[Update]:
    """Return the updates of an initiative that nothing corrects, the newest first."""
    correction = select(Update.corrects_id).where(
        Update.initiative_id == initiative_id, Update.corrects_id.is_not(None)
    )
    return (
        select(Update)
        .where(Update.initiative_id == initiative_id, Update.id.not_in(correction))
        .order_by(Update.day.desc(), Update.id.desc())
    )


def keep_latest(initiative: Initiative) -> None:
    """Keep on the initiative the latest report's day, and the latest colour with its reason; a blank rating makes no colour."""
    latest = db.session.scalars(standing(initiative.id).limit(1)).first()
    coloured = db.session.scalars(
        standing(initiative.id).where(Update.colour.is_not(None)).limit(1)
    ).first()
    initiative.reported_on = latest.day if latest else None
    initiative.colour = coloured.colour if coloured else None
    initiative.colour_reason = coloured.reason if coloured else ""
    initiative.colour_on = coloured.day if coloured else None
