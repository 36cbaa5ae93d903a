"""Whether an initiative did what it was to: looked at some months after delivery, with the result and the lesson (rule 11)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.goals.results import Result
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.wording import day as told

MONTHS = (3, 6, 12)  # after proving began, where nobody planned otherwise


class Checkpoint(Model):
    """A day after delivery on which somebody looks whether the benefit is there, and what was seen."""

    __tablename__ = "benefit_checkpoint"
    __table_args__ = (
        UniqueConstraint("initiative_id", "due_on"),
        CheckConstraint("taken_at IS NULL OR words <> ''", name="taken_in_words"),
    )

    on_trail: ClassVar[Declared] = declare("initiative_id due_on taken_at taken_by_id", "words")

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")

    taken_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @classmethod
    def plan(cls, initiative: Any, days: Collection[date], *, by: Person | None, now: datetime) -> None:  # fmt: skip
        """Let the checkpoints that are open be on these `days`; those that were taken stay as they are.

        Raises `NotNow` outside of proving, for a day before proving began or one that was taken already, and where none
        would be left.
        """
        _proving(initiative)
        there = of(initiative.id)
        taken = {one.due_on for one in there if one.taken_at is not None}
        for day in sorted(days):
            refuse_day(initiative, day, taken)
        if not days and not taken:
            raise NotNow(_("Keep at least one checkpoint."))
        wanted, open_ones = set(days), {one.due_on for one in there if one.taken_at is None}
        if wanted == open_ones:
            return
        for one in there:
            if one.taken_at is None and one.due_on not in wanted:
                db.session.delete(one)
        for day in sorted(wanted - open_ones):
            db.session.add(cls(initiative_id=initiative.id, due_on=day))
        flush_or(_("Somebody planned the checkpoints just now. Look at them again."))
        initiative.record(
            Kind.checkpoint_planned, by=by, now=now, before={"checkpoints_on": _listed(open_ones)},
            after={"checkpoints_on": _listed(wanted)},
        )  # fmt: skip
        initiative.touch(now)

    def take(self, initiative: Any, *, words: str, by: Person, now: datetime, today: date) -> None:
        """Say what was seen. Raises `NotNow` before its day, outside of proving, without words, and a second time."""
        _proving(initiative)
        if self.taken_at is not None:
            raise NotNow(_("What was seen on this day is on record already."))
        if today < self.due_on:
            raise NotNow(
                _("This checkpoint is on %(day)s. What is seen before that proves nothing yet.", day=told(self.due_on))
            )  # fmt: skip
        if not words.strip():
            raise NotNow(_("Say what was seen."))
        self.taken_at, self.taken_by_id, self.words = now, by.id, words.strip()
        db.session.flush()
        initiative.record(
            Kind.checkpoint_taken, by=by, now=now, after={"due_on": self.due_on.isoformat()}, private={"words": words.strip()}
        )  # fmt: skip
        initiative.touch(now)


class InitiativeResult(Model):
    """What came of an initiative, and what was learned."""

    __tablename__ = "initiative_result"
    __table_args__ = (CheckConstraint("lesson <> ''", name="with_a_lesson"),)

    on_trail: ClassVar[Declared] = declare("initiative_id result said_at said_by_id", "lesson")

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), unique=True
    )
    result: Mapped[Result] = mapped_column(enum_text(Result))
    lesson: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Instant)
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def of(cls, initiative_id: int) -> InitiativeResult | None:
        """Return what was said of an initiative, as it stands, or None."""
        mine = select(cls).where(cls.initiative_id == initiative_id)
        return db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()

    @classmethod
    def say(
        cls, initiative: Any, result: Result, *, lesson: str, by: Person, now: datetime
    ) -> InitiativeResult:
        """Say what came of it, or say it anew. Raises `NotNow` outside of proving, and without a lesson."""
        _proving(initiative)
        if not lesson.strip():
            raise NotNow(_("Say what was learned."))
        row = cls.of(initiative.id)
        was = row.result.value if row else None
        row = row or cls(initiative_id=initiative.id)
        row.result, row.lesson, row.said_at, row.said_by_id = result, lesson.strip(), now, by.id
        db.session.add(row)
        flush_or(_("Somebody said what came of it just now. Look at it again."))
        initiative.record(
            Kind.checkpoint_result_said, by=by, now=now, before={"result": was} if was else None, after={"result": result.value},
            private={"words": lesson.strip()},
        )  # fmt: skip
        initiative.touch(now)
        return row


def of(initiative_id: int) -> Sequence[Checkpoint]:
    """Return the checkpoints of an initiative as they stand, the earliest first."""
    query = select(Checkpoint).where(Checkpoint.initiative_id == initiative_id)
    fresh = query.order_by(Checkpoint.due_on).execution_options(populate_existing=True)
    return db.session.scalars(fresh).all()


def usual_days(began: date) -> list[date]:
    """Return the days of the usual checkpoints: 3, 6 and 12 months after proving `began`."""
    return [months_after(began, count) for count in MONTHS]


def months_after(day: date, count: int) -> date:
    """Return the same day of the month `count` months later, or the last day of a shorter month."""
    month = day.year * 12 + day.month - 1 + count
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def refuse_day(initiative: Any, day: date, taken: Collection[date]) -> None:
    """Raise `NotNow` for a day on which no checkpoint can be planned."""
    if words := wrong_day(initiative, day, taken):
        raise NotNow(words)


def wrong_day(initiative: Any, day: date, taken: Collection[date]) -> str | None:
    """Return why no checkpoint can be planned on `day`, or None."""
    began = initiative.stage_since.date()
    if day <= began:
        return _("Proving began on %(day)s: a checkpoint lies after that.", day=told(began))
    if day in taken:
        return _("What was seen on this day is on record already.")
    return None


def _proving(initiative: Any) -> None:
    if initiative.ended or initiative.stage != Stage.proving:
        raise NotNow(
            _("%(ref)s is not at %(stage)s.", ref=initiative.ref, stage=stage_name(Stage.proving))
        )


def _listed(days: Collection[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
