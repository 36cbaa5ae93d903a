"""The tables of what people are told: notices, how many are unread, what is muted, and the mails that carry them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.activity.models import Canonical
from tracker.db import Instant, Model, enum_text
from tracker.dialects import partial_index
from tracker.notices.kinds import Tell
from tracker.scoping import Scoped


class Notice(Scoped, Model):
    """Something that one person is told once. It holds no words: what it says is made when it is read.

    `others` are further things that the same act did the same to. `day` is the day it speaks of; where the application
    tells by itself, nobody is told twice of the same thing and day. `waits`: for the next digest.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject_type", "subject_id", "day"),
        Index("ix_notice_person_id", "person_id", "id"),
        Index("ix_notice_subject", "kind", "subject_id", "day"),
        Index("ix_notice_mail_id", "mail_id"),
        Index("ix_notice_actor_id", "actor_id"),
        Index("ix_notice_initiative_id", "initiative_id"),
        partial_index("ix_notice_unread", "person_id", where="read_at IS NULL"),
        partial_index("ix_notice_waits", "person_id", "at", where="waits"),
    )

    on_trail: ClassVar[Declared] = left_out("told, not done: the event it is about is on the trail")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[Tell] = mapped_column(enum_text(Tell))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    others: Mapped[list[int] | None] = mapped_column(Canonical)
    initiative_id: Mapped[int | None] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE")
    )
    day: Mapped[date | None]
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    waits: Mapped[bool] = mapped_column(default=False)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id", ondelete="SET NULL"))

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Return one's own."""
        return select(cls).where(cls.person_id == person.id)

    @property
    def ids(self) -> list[int]:
        """Everything it is about."""
        return [self.subject_id, *(self.others or [])]


class Inbox(Model):
    """How many notices of a person are unread: kept, because every page shows it."""

    __tablename__ = "inbox"

    on_trail: ClassVar[Declared] = left_out("a kept count")

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    unread: Mapped[int] = mapped_column(default=0)


class Mute(Scoped, Model):
    """An initiative of which somebody wants to hear only what is meant for them."""

    __tablename__ = "mute"
    __table_args__ = (
        UniqueConstraint("person_id", "initiative_id"),
        Index("ix_mute_initiative_id", "initiative_id"),
    )

    on_trail: ClassVar[Declared] = left_out("one's own taste")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Return one's own."""
        return select(cls).where(cls.person_id == person.id)


class Occasion(StrEnum):
    """What a mail is sent for."""

    at_once = "at_once"
    digest = "digest"
    link = "link"  # an invitation, or a new password


class MailState(StrEnum):
    """What became of a mail. `dropped`: when it was to be sent there was nothing left to say."""

    waiting = "waiting"
    sent = "sent"
    dropped = "dropped"
    dead = "dead"


class Mail(Scoped, Model):
    """One line of the outbox. It holds no words: they are made when it is sent, for whoever may read them then.

    `ref` is the left side of its Message-ID, which stays the same however often it is sent.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("person_id", "day"),
        Index("ix_mail_state", "state", "id"),
    )
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"

    on_trail: ClassVar[Declared] = left_out("told, not done: the event it is about is on the trail")

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    occasion: Mapped[Occasion] = mapped_column(enum_text(Occasion))
    day: Mapped[date | None]  # of a digest: one for each person and day
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_link.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[MailState] = mapped_column(enum_text(MailState), default=MailState.waiting)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """The pages of mails are an administrator's, and administrators are internal."""
        return select(cls).where(true() if person.is_internal else false())
