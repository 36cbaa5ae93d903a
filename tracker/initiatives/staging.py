"""Stages move forward by the sponsor's decision; the sponsor may also hold, resume, stop or step back (rules 1 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.initiatives import spells
from tracker.initiatives.stages import Stage, after, before, stage_name
from tracker.organisation.people import Person


class AskState(StrEnum):
    """What became of a request to open a stage."""

    open = "open"
    granted = "granted"
    declined = "declined"
    withdrawn = "withdrawn"


class StageAsk(Recorded, Model):
    """Somebody asks the sponsor to open the next stage; one at a time for each initiative."""

    __tablename__ = "stage_ask"
    __table_args__ = (
        Index("uq_stage_ask_open", "initiative_id", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("ix_stage_ask_initiative_id", "initiative_id"),
    )  # fmt: skip
    subject_type: ClassVar[str] = "stage_ask"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[AskState] = mapped_column(enum_text(AskState), default=AskState.open)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_words: Mapped[str] = mapped_column(Text, default="")

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")


class Hold(Model):
    """A time on hold: the clocks of actions, blockers and requests pause between its two moments."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_initiative_id", "initiative_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


conditions: list[Callable[[Any, Stage, datetime], str | None]] = []  # (initiative, stage, now) -> what stands in the way
when_stopped: list[Callable[[Any, Person, datetime], None]] = []  # rooms above close what hangs on it
when_held: list[Callable[[Any, datetime], None]] = []  # rooms above pause and resume their clocks


class Staged:
    """How an initiative moves."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        stage: Any
        stage_since: Any
        asked_stage: Any
        asked_by_id: Any
        asked_at: Any
        held_at: Any
        held_words: Any
        stopped_at: Any
        stopped_words: Any
        sponsor_id: Any
        proposed_sponsor_id: Any
        version: Any
        record: Any
        touch: Any
        ended: Any
        withdraw_proposal: Any

    @property
    def next_stage(self) -> Stage | None:
        """The stage that a decision would open, or None."""
        return None if self.ended else after(self.stage)

    @property
    def previous_stage(self) -> Stage | None:
        """The stage that the sponsor may step back to, or None."""
        return None if self.ended or self.stage == Stage.idea else before(self.stage)

    def stage_to_open(self, now: datetime) -> Stage:
        """Return the stage that may be opened now.

        This is the one rule by which stages move until gates exist: the next stage, by the sponsor, when nothing stands in
        the way. Raises `NotNow` with what stands in the way.
        """
        self._going_on()
        if self.held_at is not None:
            raise NotNow(_("%(ref)s is on hold. The sponsor resumes it first.", ref=self.ref))
        if self.stage == Stage.idea or self.sponsor_id is None:
            raise NotNow(_("%(ref)s needs a sponsor: accepting the sponsorship opens Framed.", ref=self.ref))
        stage = after(self.stage)
        if stage is None:
            raise NotNow(_("%(ref)s is realised; there is no stage after it.", ref=self.ref))
        for condition in conditions:
            words = condition(self, stage, now)
            if words:
                raise NotNow(words)
        return stage

    def ask_stage(self, *, by: Person, now: datetime, words: str) -> None:
        """Ask the sponsor to open the next stage; the card stays where it is and wears "asked".

        Raises `NotNow` if it cannot be opened, a request is open, or the sponsor asks.
        """
        stage = self.stage_to_open(now)
        if by.id == self.sponsor_id:
            raise NotNow(_("You are the sponsor: decide it yourself."))
        if self.asked_stage is not None:
            raise NotNow(_("The sponsor has been asked to open %(stage)s already.", stage=stage_name(self.asked_stage)))
        ask = StageAsk(
            initiative_id=self.id, stage=stage, words=words, state=AskState.open, asked_by_id=by.id, asked_at=now, answer_words=""
        )
        db.session.add(ask)
        db.session.flush()  # the database refuses a second open one here
        self.asked_stage, self.asked_by_id, self.asked_at = stage, by.id, now
        self._moved(now)
        self.record(Kind.stage_asked, by=by, now=now, after={"stage": stage.value, "ask_id": ask.id}, private={"words": words})

    def withdraw_ask(self, *, by: Person, now: datetime) -> None:
        """Take the open request back. Raises `NotNow` when there is none."""
        ask = self._answer(AskState.withdrawn, by, now, "")
        if ask is None:
            raise NotNow(_("Nothing is being asked about %(ref)s any more.", ref=self.ref))
        self._moved(now)
        self.record(Kind.stage_ask_withdrawn, by=by, now=now, after={"stage": ask.stage.value, "ask_id": ask.id})

    def decline_ask(self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None) -> None:
        """Say "not yet", with the reason. Raises `NotNow` when nothing is asked."""
        ask = self._answer(AskState.declined, by, now, words)
        if ask is None:
            raise NotNow(_("Nothing is being asked about %(ref)s any more.", ref=self.ref))
        self._moved(now)
        self.record(
            Kind.stage_ask_declined, by=by, now=now, after={"stage": ask.stage.value, "ask_id": ask.id},
            private={"words": words}, on_behalf_of=for_sponsor,
        )  # fmt: skip

    def open_stage(
        self, stage: Stage, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> None:
        """Decide that `stage` opens. `for_sponsor` names the sponsor when a deputy decides ("B for A").

        Raises `NotNow` if another stage is next by now, if something stands in the way, or if whoever asked would decide.
        """
        allowed = self.stage_to_open(now)
        if stage != allowed:
            raise NotNow(
                _("%(ref)s stands at %(stage)s by now; somebody moved it first.", ref=self.ref, stage=stage_name(self.stage))
            )
        if self.asked_by_id == by.id:
            raise NotNow(_("You asked for this, so somebody else decides it."))
        ask = self._answer(AskState.granted, by, now, words)
        was = self.stage
        self.enter(stage, now)
        self._moved(now)
        self.record(
            Kind.stage_opened, by=by, now=now, before={"stage": was.value}, after={"stage": stage.value, "ask_id": ask.id if ask else None},
            private={"words": words}, on_behalf_of=for_sponsor,
        )  # fmt: skip

    def step_back(self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None) -> None:
        """Move back one stage, in words. Raises `NotNow` where no earlier stage is."""
        self._going_on()
        stage = self.previous_stage
        if stage is None:
            raise NotNow(_("%(ref)s cannot step back from %(stage)s.", ref=self.ref, stage=stage_name(self.stage)))
        self._answer(AskState.withdrawn, by, now, "")
        was = self.stage
        self.enter(stage, now)
        self._moved(now)
        self.record(
            Kind.stage_stepped_back, by=by, now=now, before={"stage": was.value}, after={"stage": stage.value},
            private={"words": words}, on_behalf_of=for_sponsor,
        )  # fmt: skip

    def hold(self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None) -> None:
        """Put it on hold: its clocks pause. Raises `NotNow` if it is on hold or has ended."""
        self._going_on()
        if self.held_at is not None:
            raise NotNow(_("%(ref)s is on hold already.", ref=self.ref))
        self.held_at, self.held_words = now, words
        db.session.add(Hold(initiative_id=self.id, begun_at=now))
        for tell in when_held:
            tell(self, now)
        self._moved(now)
        self.record(
            Kind.stage_held, by=by, now=now, before={"on_hold": False}, after={"on_hold": True, "stage": self.stage.value},
            private={"words": words}, on_behalf_of=for_sponsor,
        )  # fmt: skip

    def resume(self, *, by: Person, now: datetime, words: str = "", for_sponsor: Person | None = None) -> None:
        """Take it off hold. Raises `NotNow` if it is not on hold."""
        if self.held_at is None:
            raise NotNow(_("%(ref)s is not on hold.", ref=self.ref))
        self._end_hold(now)
        self._moved(now)
        self.record(
            Kind.stage_resumed, by=by, now=now, before={"on_hold": True}, after={"on_hold": False, "stage": self.stage.value},
            private={"words": words} if words else None, on_behalf_of=for_sponsor,
        )  # fmt: skip

    def stop(self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None) -> None:
        """End it without a result, with the reason: requests are withdrawn and blockers close. Raises `NotNow` if it has ended."""
        self._going_on()
        if self.held_at is not None:
            self._end_hold(now)
        self._answer(AskState.withdrawn, by, now, "")
        if self.proposed_sponsor_id is not None:
            self.withdraw_proposal(by=by, now=now)
        self.stopped_at, self.stopped_words = now, words
        spells.leave(self.id, now)
        for close in when_stopped:
            close(self, by, now)
        self._moved(now)
        self.record(
            Kind.stage_stopped, by=by, now=now, after={"stage": self.stage.value}, private={"words": words}, on_behalf_of=for_sponsor
        )

    def enter(self, stage: Stage, now: datetime) -> None:
        """Stand in `stage` from now on; how long the one before took is kept."""
        self.stage, self.stage_since = stage, now
        spells.enter(self.id, stage, now)

    def _going_on(self) -> None:
        if self.stopped_at is not None:
            raise NotNow(_("%(ref)s was stopped.", ref=self.ref))
        if self.stage == Stage.realised:
            raise NotNow(_("%(ref)s is realised; there is no stage after it.", ref=self.ref))

    def _answer(self, state: AskState, by: Person, now: datetime, words: str) -> StageAsk | None:
        """Close the open request, if there is one, and return it."""
        self.asked_stage = self.asked_by_id = self.asked_at = None
        ask = db.session.scalars(
            select(StageAsk).where(StageAsk.initiative_id == self.id, StageAsk.state == AskState.open)
        ).one_or_none()
        if ask is not None:
            ask.state, ask.answered_by_id, ask.answered_at, ask.answer_words = state, by.id, now, words
        return ask

    def _end_hold(self, now: datetime) -> None:
        self.held_at, self.held_words = None, ""
        for hold in db.session.scalars(select(Hold).where(Hold.initiative_id == self.id, Hold.ended_at.is_(None))):
            hold.ended_at = now
        for tell in when_held:
            tell(self, now)

    def _moved(self, now: datetime) -> None:
        self.version += 1
        self.touch(now)
