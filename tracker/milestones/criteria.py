"""By what one sees that a milestone is reached: checked by hand with evidence, or told by what is on record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.db import Instant, Model, db, enum_text
from tracker.organisation.people import Person


class Measure(StrEnum):
    """What nobody has to check by hand: it is read from what is on record, each time anew."""

    customer_evidence = "customer_evidence"
    goal_whole = "goal_whole"
    goal_locked = "goal_locked"
    charter_published = "charter_published"
    all_signed = "all_signed"
    no_blockers = "no_blockers"
    result_said = "result_said"


def measure_name(measure: str) -> str:
    """Return the words of a measure, as a criterion reads."""
    names = {
        Measure.customer_evidence: _("The need of the customer is evidenced"),
        Measure.goal_whole: _("The goal is whole: KPI, baseline, target and both days"),
        Measure.goal_locked: _("The goal is agreed and locked"),
        Measure.charter_published: _("The charter is published"),
        Measure.all_signed: _("Every unit that takes part has signed"),
        Measure.no_blockers: _("No blocker is open"),
        Measure.result_said: _("What came of it is on record, with the lesson"),
    }
    return names[Measure(measure)]


class Criterion(Model):
    """One criterion of a milestone: a `measure`, or `words` that somebody finds met, with evidence in words and a link."""

    __tablename__ = "milestone_criterion"
    __table_args__ = (
        UniqueConstraint("milestone_id", "measure"),
        CheckConstraint("(measure IS NULL) = (words <> '')", name="in_words_or_measured"),
        CheckConstraint("measure IS NULL OR met_at IS NULL", name="checked_only_by_hand"),
        CheckConstraint("met_at IS NULL OR evidence <> ''", name="met_with_evidence"),
    )

    on_trail: ClassVar[Declared] = declare(
        "milestone_id place measure met_at met_by_id", "words evidence link"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"))
    place: Mapped[int]
    measure: Mapped[Measure | None] = mapped_column(enum_text(Measure))
    words: Mapped[str] = mapped_column(Text, default="")
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    met_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(2000), default="")

    met_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @property
    def called(self) -> str:
        """The words of it, whichever kind it is."""
        return measure_name(self.measure) if self.measure else self.words


def criteria_of(milestone_ids: Collection[int]) -> Sequence[Criterion]:
    """Return the criteria of these milestones as they stand, each milestone's in their order, with who found them met."""
    query = (
        select(Criterion)
        .where(Criterion.milestone_id.in_(milestone_ids))
        .options(joinedload(Criterion.met_by))
        .order_by(Criterion.milestone_id, Criterion.place, Criterion.id)
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def first_criteria(milestone_id: int, lines: Sequence[str], measures: Collection[Measure]) -> None:
    """Let these be the criteria of a milestone that is new and has none, inside a write."""
    db.session.add_all(
        Criterion(milestone_id=milestone_id, place=place, measure=measure, words=words, evidence="", link="")
        for place, (measure, words) in enumerate(_wanted(lines, measures))
    )  # fmt: skip
    db.session.flush()


def _wanted(lines: Sequence[str], measures: Collection[Measure]) -> list[tuple[Measure | None, str]]:  # fmt: skip
    """Return criteria in their order, none of them twice: those that are measured first."""
    measured = ((measure, "") for measure in Measure if measure in measures)
    return [*measured, *((None, line) for line in dict.fromkeys(lines))]


def set_criteria(milestone_id: int, lines: Sequence[str], measures: Collection[Measure]) -> bool:
    """Let these be the criteria of a milestone, inside a write; return whether any came, went or moved.

    One whose words stay the same keeps who found it met, and by what.
    """
    there = {(one.measure, one.words): one for one in criteria_of([milestone_id])}
    wanted = _wanted(lines, measures)
    changed = False
    for key in there.keys() - set(wanted):
        db.session.delete(there[key])
        changed = True
    db.session.flush()
    for place, key in enumerate(wanted):
        one = there.get(key)
        if one is None:
            db.session.add(
                Criterion(milestone_id=milestone_id, place=place, measure=key[0], words=key[1], evidence="", link="")
            )  # fmt: skip
            changed = True
        elif one.place != place:
            one.place = place
            changed = True
    db.session.flush()
    return changed
