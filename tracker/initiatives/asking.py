"""Somebody asks the sponsor to open the next stage: open, then granted, declined or withdrawn."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person


class AskState(StrEnum):
    """What became of a request to open a stage."""

    open = "open"
    granted = "granted"
    declined = "declined"
    withdrawn = "withdrawn"


class StageAsk(Recorded, Model):
    """One request; at most one is open for each initiative, and the database sees to that."""

    __tablename__ = "stage_ask"
    __table_args__ = (
        partial_index(
            "uq_stage_ask_open",
            "initiative_id",
            where="state = 'open'",
            unique=True,
        ),
        Index("ix_stage_ask_initiative_id", "initiative_id"),
    )
    subject_type: ClassVar[str] = "stage_ask"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id stage state asked_by_id asked_at agreed_at answered_by_id answered_at",
        "words answer_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[AskState] = mapped_column(enum_text(AskState), default=AskState.open)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    agreed_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # by the sponsor; another decides second
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_words: Mapped[str] = mapped_column(Text, default="")

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")


class Asked:
    """How a request is made, taken back, and refused."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        asked_stage: Any
        asked_by_id: Any
        asked_at: Any
        sponsor_id: Any
        record: Any
        stage_to_open: Any
        _moved: Any

    def ask_stage(self, *, by: Person, now: datetime, words: str) -> None:
        """Ask the sponsor to open the next stage; the card stays where it is and wears "asked".

        Raises `NotNow` if it cannot be opened, a request is open, or the sponsor asks.
        """
        stage = self.stage_to_open(now)
        if by.id == self.sponsor_id:
            raise NotNow(_("You are the sponsor: decide it yourself."))
        if self.asked_stage is not None:
            raise NotNow(
                _(
                    "The sponsor has been asked to open %(stage)s already.",
                    stage=stage_name(self.asked_stage),
                )
            )
        ask = StageAsk(
            initiative_id=self.id,
            stage=stage,
            words=words,
            state=AskState.open,
            asked_by_id=by.id,
            asked_at=now,
            answer_words="",
        )
        db.session.add(ask)
        db.session.flush()  # the database refuses a second open one here
        self.asked_stage, self.asked_by_id, self.asked_at = stage, by.id, now
        self._moved(now)
        self.record(
            Kind.stage_asked,
            by=by,
            now=now,
            after={"stage": stage.value, "ask_id": ask.id},
            private={"words": words},
        )

    def agree_ask(self, *, now: datetime, agreed: bool = True) -> None:
        """Note that the sponsor agrees and somebody decides second, or no longer does; the event of that decision holds it.

        Raises `NotNow` when nothing is asked.
        """
        asked = (StageAsk.initiative_id == self.id, StageAsk.state == AskState.open)
        ask = db.session.scalars(select(StageAsk).where(*asked)).one_or_none()
        if ask is None:
            raise NotNow(_("Nothing is being asked about %(ref)s any more.", ref=self.ref))
        ask.agreed_at = now if agreed else None
        self._moved(now)

    def withdraw_ask(self, *, by: Person, now: datetime) -> None:
        """Take the open request back. Raises `NotNow` when there is none."""
        ask = self._need_ask(AskState.withdrawn, by, now, "")
        self.record(
            Kind.stage_ask_withdrawn,
            by=by,
            now=now,
            after={"stage": ask.stage.value, "ask_id": ask.id},
        )

    def decline_ask(
        self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> None:
        """Say "not yet", with the reason. Raises `NotNow` when nothing is asked, or for whoever asked."""
        if self.asked_by_id == by.id:
            raise NotNow(_("You asked for this. Withdraw the request instead."))
        ask = self._need_ask(AskState.declined, by, now, words)
        self.record(
            Kind.stage_ask_declined,
            by=by,
            now=now,
            after={"stage": ask.stage.value, "ask_id": ask.id},
            private={"words": words},
            on_behalf_of=for_sponsor,
        )

    def close_ask(self, state: AskState, by: Person, now: datetime, words: str) -> StageAsk | None:
        """Close the open request, if there is one, and return it."""
        self.asked_stage = self.asked_by_id = self.asked_at = None
        ask = db.session.scalars(
            select(StageAsk)
            .where(StageAsk.initiative_id == self.id, StageAsk.state == AskState.open)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if ask is not None:
            ask.state, ask.answer_words = state, words
            ask.answered_by_id, ask.answered_at = by.id, now
        return ask

    def _need_ask(self, state: AskState, by: Person, now: datetime, words: str) -> StageAsk:
        ask = self.close_ask(state, by, now, words)
        if ask is None:
            raise NotNow(_("Nothing is being asked about %(ref)s any more.", ref=self.ref))
        self._moved(now)
        return ask
