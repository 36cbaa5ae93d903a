"""The request itself: the gate it is about, what it says, what was frozen with it, and what was decided."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    Select,
    String,
    Text,
    exists,
    false,
    select,
)
from sqlalchemy.orm import Mapped, aliased, column_property, joinedload, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.models import Canonical
from tracker.activity.recording import Recorded
from tracker.approvals import seconding
from tracker.approvals.asking import Asking
from tracker.approvals.clocks import Waiting
from tracker.approvals.deciding import Deciding
from tracker.approvals.seconding import Seconding
from tracker.approvals.states import LIFE, Decision, State
from tracker.approvals.undoing import Undoing
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import Missing
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.memberships import Membership, Responsibility
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.life import Life, Living
from tracker.milestones.models import Milestone
from tracker.organisation.people import Person
from tracker.scoping import Scoped

Its = aliased(Initiative)  # a request is also read beside its initiative


class Approval(Asking, Deciding, Seconding, Undoing, Waiting, Living, Scoped, Recorded, Model):
    """One request for one decision. A gate has one open request at most, and the database sees to that."""

    __tablename__ = "approval"
    __table_args__ = (
        partial_index("uq_approval_open", "milestone_id", where="closed_at IS NULL", unique=True),
        Index("ix_approval_initiative_id", "initiative_id", "id"),
        Index("ix_approval_milestone_id", "milestone_id"),
        Index("ix_approval_closed_at", "closed_at", "id"),
        partial_index("ix_approval_asked_by_id", "asked_by_id", where="closed_at IS NULL"),
        partial_index("ix_approval_decided_by_id", "decided_by_id", "closed_at", where="decided_by_id IS NOT NULL"),
        CheckConstraint("question <> ''", name="asks"),
        CheckConstraint("(state IN ('decided', 'agreed')) = (decision IS NOT NULL)", name="decision_kept"),
        CheckConstraint("(decision IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(state IN ('decided', 'withdrawn')) = (closed_at IS NOT NULL)", name="closed_kept"),
        CheckConstraint("state <> 'submitted' OR (digest <> '' AND asked_at IS NOT NULL)", name="submitted_frozen"),
        CheckConstraint("decision IS NULL OR decision <> 'sent_back'", name="sent_back_is_a_draft"),
        CheckConstraint("decision IS NULL OR decision = 'approved' OR words <> ''", name="in_words"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id NOT IN (asked_by_id, drafted_by_id)", name="decided_by_another"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="costs"),
        CheckConstraint("state <> 'submitted' OR waits_since IS NOT NULL", name="waits_since_when"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        CheckConstraint("undone_at IS NULL OR decision IN ('approved', 'approved_with_conditions', 'held')", name="undoes_a_decision"),
        CheckConstraint("link_hours IS NULL OR (link_hours > 0 AND NOT fresh_wanted)", name="link_holds"),
        *seconding.checks(),
    )  # fmt: skip
    subject_type: ClassVar[str] = "approval"
    life: ClassVar[Life] = LIFE

    on_trail: ClassVar[Declared] = declare(
        "initiative_id milestone_id opens state decision cost decide_by drafted_at drafted_by_id asked_at asked_by_id digest "
        "decided_by_id for_sponsor_id closed_at decided_in returned_at returned_by_id undone_at undone_by_id "
        "waits_since reminded_at escalated_at fresh_wanted link_hours by_link "
        + seconding.ON_TRAIL,
        "question cost_words gain waiting risk words returned_words wanted_words",
        digests={"frozen": "digest"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"))
    opens: Mapped[Stage] = mapped_column(enum_text(Stage))  # as its gate does
    state: Mapped[State] = mapped_column(enum_text(State))
    question: Mapped[str] = mapped_column(String(200))
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    cost_words: Mapped[str] = mapped_column(String(200))
    gain: Mapped[str] = mapped_column(Text)
    waiting: Mapped[str] = mapped_column(Text)  # what happens if it waits
    risk: Mapped[str] = mapped_column(Text)
    decide_by: Mapped[date | None]
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)  # put to the sponsor last
    asked_by_id: Mapped[int] = mapped_column(
        ForeignKey("person.id")
    )  # whoever drafted it, till then
    frozen: Mapped[Any] = mapped_column(
        Canonical, nullable=True
    )  # freezing.content_of as it was put to the sponsor
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of that; empty in a draft
    decision: Mapped[Decision | None] = mapped_column(enum_text(Decision))
    words: Mapped[str] = mapped_column(Text)  # of the decision
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # a deputy decided
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)  # sent back last
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_words: Mapped[str] = mapped_column(Text)
    decided_in: Mapped[int | None]  # working days of the sponsor, from when it waited
    undone_at: Mapped[datetime | None] = mapped_column(Instant)  # the decision was taken back
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    waits_since: Mapped[datetime | None] = mapped_column(Instant)  # for the present sponsor
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    # The rules under which it was put (see `rules`): a later change of them binds later requests.
    fresh_wanted: Mapped[bool] = mapped_column(default=False)
    link_hours: Mapped[int | None]  # that a one-time link to it holds; None for none
    by_link: Mapped[bool] = mapped_column(default=False)  # decided by one
    version: Mapped[int]

    # What the policy asks, read with the row itself.
    sponsor_id: Mapped[int | None] = column_property(
        select(Its.sponsor_id).where(Its.id == initiative_id).scalar_subquery()
    )
    lead_id: Mapped[int | None] = column_property(
        select(Its.lead_id).where(Its.id == initiative_id).scalar_subquery()
    )

    initiative: Mapped[Initiative] = relationship(lazy="raise_on_sql")
    milestone: Mapped[Milestone] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(
        foreign_keys=[asked_by_id], lazy="raise_on_sql", viewonly=True
    )
    decided_by: Mapped[Person | None] = relationship(
        foreign_keys=[decided_by_id], lazy="raise_on_sql", viewonly=True
    )
    returned_by: Mapped[Person | None] = relationship(
        foreign_keys=[returned_by_id], lazy="raise_on_sql", viewonly=True
    )
    finance_by: Mapped[Person | None] = relationship(
        foreign_keys="Approval.finance_by_id", lazy="raise_on_sql", viewonly=True
    )
    for_sponsor: Mapped[Person | None] = relationship(
        foreign_keys=[for_sponsor_id], lazy="raise_on_sql", viewonly=True
    )

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the initiative sees what is asked about it; for partners none exists (rules 20 and 21)."""
        if not person.is_internal:
            return select(cls).where(false())
        seen = Initiative.visible_to(person).where(Initiative.id == cls.initiative_id)
        return select(cls).where(exists(seen.with_only_columns(Initiative.id).correlate(cls)))

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the request with this number and what it names, in one statement. Raises `Missing` alike for foreign and
        absent ones."""
        beside = (
            cls.milestone,
            cls.asked_by,
            cls.decided_by,
            cls.returned_by,
            cls.for_sponsor,
            cls.finance_by,
        )
        its = joinedload(cls.initiative)
        query = cls.visible_to(person).where(cls.id == value)
        query = query.options(its, its.joinedload(Initiative.sponsor), *map(joinedload, beside))
        found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise Missing
        return found

    def again(self, person: Any) -> Self:
        """Lock the initiative first and then the gate, and look at them anew: every write takes these locks in this order."""
        lock_initiative(self.initiative_id)
        db.session.get_one(Initiative, self.initiative_id, populate_existing=True)
        db.session.get_one(
            Milestone, self.milestone_id, populate_existing=True, with_for_update={"of": Milestone}
        )
        return super().again(person)

    @property
    def working_member_ids(self) -> frozenset[int]:
        """Those who are responsible or consulted in the work that it is about, as they are now: one statement."""
        theirs = select(Membership.person_id).where(
            Membership.initiative_id == self.initiative_id,
            Membership.responsibility != Responsibility.informed,
            Membership.left_at.is_(None),
        )
        return frozenset(db.session.scalars(theirs))

    @classmethod
    def end_all(cls, initiative: Any, *, by: Person | None, now: datetime, unless: Stage | None = None) -> None:  # fmt: skip
        """End every open request about an initiative, but for those to open `unless`."""
        query = (
            select(cls)
            .where(cls.initiative_id == initiative.id, cls.closed_at.is_(None))
            .order_by(cls.id)
            .with_for_update(of=cls)
            .execution_options(populate_existing=True)
        )
        for one in db.session.scalars(query).all():
            if unless is None or one.opens != unless:
                one.close(by=by, now=now)

    @classmethod
    def open_of(cls, initiative_id: int) -> Self | None:
        """Return the request of an initiative that waits or is drafted, the latest if several gates have one."""
        query = select(cls).where(cls.initiative_id == initiative_id, cls.closed_at.is_(None))
        query = query.options(joinedload(cls.initiative), joinedload(cls.milestone))
        return db.session.scalars(query.order_by(cls.id.desc()).limit(1)).one_or_none()
