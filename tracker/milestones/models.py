"""The milestone itself: what is reached by when, whether it is a gate, and who may see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    exists,
    false,
    select,
)
from sqlalchemy.orm import (
    Mapped,
    aliased,
    column_property,
    joinedload,
    mapped_column,
    relationship,
)

from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import Missing
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.life import Life, Living
from tracker.milestones.planning import Planning
from tracker.milestones.reaching import Reaching
from tracker.milestones.states import LIFE, State
from tracker.organisation.people import Person
from tracker.scoping import Scoped

Its = aliased(Initiative)  # a milestone is also read beside its initiative


class Milestone(Planning, Reaching, Living, Scoped, Recorded, Model):
    """A dated result of an initiative. `opens` makes it the gate of a stage: one gate for each at most (rule 12)."""

    __tablename__ = "milestone"
    __table_args__ = (
        partial_index(
            "uq_milestone_gate", "initiative_id", "opens", where="opens IS NOT NULL AND dropped_at IS NULL", unique=True
        ),
        Index("ix_milestone_initiative_id", "initiative_id", "due_on", "id"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("opens IS NULL OR opens <> 'idea'", name="opens_a_later_stage"),
        CheckConstraint("(state = 'reached') = (reached_at IS NOT NULL)", name="reached_kept"),
        CheckConstraint("(state = 'dropped') = (dropped_at IS NOT NULL)", name="dropped_kept"),
        CheckConstraint("slips >= 0", name="slips"),
    )  # fmt: skip
    subject_type: ClassVar[str] = "milestone"
    life: ClassVar[Life] = LIFE

    on_trail: ClassVar[Declared] = declare(
        "initiative_id opens due_on first_due_on slips state reached_at reached_by_id dropped_at planned_at planned_by_id"
        " stage_plan_id",
        "name dropped_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    opens: Mapped[Stage | None] = mapped_column(enum_text(Stage))
    due_on: Mapped[date]  # as planned last
    first_due_on: Mapped[date]
    slips: Mapped[int]  # how often it was moved to a later day
    state: Mapped[State] = mapped_column(enum_text(State))
    reached_at: Mapped[datetime | None] = mapped_column(Instant)
    reached_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_words: Mapped[str] = mapped_column(Text)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stage_plan_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage_plan.id")
    )  # a gate by a plan
    version: Mapped[int]

    # What the policy asks, read with the row itself.
    initiative_lead_id: Mapped[int | None] = column_property(
        select(Its.lead_id).where(Its.id == initiative_id).scalar_subquery()
    )

    initiative: Mapped[Initiative] = relationship(lazy="raise_on_sql")
    reached_by: Mapped[Person | None] = relationship(
        foreign_keys=[reached_by_id], lazy="raise_on_sql", viewonly=True
    )

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the initiative sees its milestones; for partners none exists (rules 20 and 21)."""
        if not person.is_internal:
            return select(cls).where(false())
        seen = Initiative.visible_to(person).where(Initiative.id == cls.initiative_id)
        # of the milestone alone: whoever narrows the scope may name the initiative as well
        return select(cls).where(exists(seen.with_only_columns(Initiative.id).correlate(cls)))

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the milestone with this number, with its initiative, in one statement. Raises `Missing` alike for foreign
        and absent ones."""
        query = cls.visible_to(person).where(cls.id == value)
        query = query.options(joinedload(cls.initiative), joinedload(cls.reached_by))
        found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise Missing
        return found

    def again(self, person: Any) -> Self:
        """Lock the initiative first, and look at it anew: whoever stops it takes the same two locks in the same order."""
        lock_initiative(self.initiative_id)
        db.session.get_one(Initiative, self.initiative_id, populate_existing=True)
        return super().again(person)
