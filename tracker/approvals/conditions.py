"""What an approval asks for: an action each, which the sponsor accepts or waives before the next gate (rule 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, Text, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from tracker.actions.models import Action
from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import Missing, NotNow
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.wording import listed

AUTHORING = (Kind.approval_drafted, Kind.approval_changed, Kind.approval_submitted)


class Wanted(NamedTuple):
    """What a decision asks for: in words, from whom of ours, by when."""

    words: str
    owner_id: int
    due_on: date


class Settled(StrEnum):
    """How the sponsor let go of a condition."""

    accepted = "accepted"
    waived = "waived"
    undone = "undone"  # the decision itself was taken back


class ApprovalCondition(Model):
    """One condition of one decision, and the action that it became."""

    __tablename__ = "approval_condition"
    __table_args__ = (
        Index("ix_approval_condition_approval_id", "approval_id"),
        Index("uq_approval_condition_action_id", "action_id", unique=True),
        partial_index("ix_approval_condition_open", "initiative_id", where="settled_at IS NULL"),
        CheckConstraint("words <> ''", name="in_words"),
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name="settled_kept"),
        CheckConstraint("settled IS NULL OR settled <> 'waived' OR settled_words <> ''", name="waived_in_words"),
    )  # fmt: skip

    on_trail: ClassVar[Declared] = declare(
        "approval_id initiative_id action_id owner_id due_on set_at settled settled_at settled_by_id",
        "words settled_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # as it was decided
    due_on: Mapped[date]  # as well, whatever becomes of its action
    set_at: Mapped[datetime] = mapped_column(Instant)
    settled: Mapped[Settled | None] = mapped_column(enum_text(Settled))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_words: Mapped[str] = mapped_column(Text)

    action: Mapped[Action] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    settled_by: Mapped[Person | None] = relationship(
        foreign_keys=[settled_by_id], lazy="raise_on_sql"
    )

    def let_go(self, *, by: Person, now: datetime) -> None:
        """Stand in nobody's way any more: the decision was taken back, which is on record."""
        self.settled, self.settled_at, self.settled_by_id = Settled.undone, now, by.id
        db.session.flush()


def settle(
    approval: Any, id_: int, how: Settled, *, by: Person, now: datetime, words: str = "", for_sponsor: Person | None = None
) -> None:  # fmt: skip
    """Accept a condition of a decision as met, or waive it in words.

    Raises `Missing` for a condition of another decision, `NotNow` for one that was settled, once the initiative has ended,
    for whoever asked, for accepting one's own work, and for waiving without words.
    """
    one = condition_of(approval.id, id_)
    if one.settled is not None:
        raise NotNow(_("This condition was settled already. Look at it again."))
    if approval.initiative.ended:
        raise NotNow(_("%(ref)s has ended; no gate waits for this any more.", ref=approval.initiative.ref))  # fmt: skip
    refuse_author(approval, by)
    if how == Settled.accepted and by.id in (one.owner_id, one.action.assignee_id):
        raise NotNow(_("Nobody accepts their own work. The sponsor or a deputy accepts it, or waives it in words."))  # fmt: skip
    if how == Settled.waived and not words.strip():
        raise NotNow(_("Say why the condition is waived."))
    one.settled, one.settled_at, one.settled_by_id = how, now, by.id
    one.settled_words = words.strip()
    db.session.flush()
    kind = Kind.approval_condition_accepted if how == Settled.accepted else Kind.approval_condition_waived  # fmt: skip
    approval.record(
        kind, by=by, now=now, after={"condition_id": one.id, "action_id": one.action_id}, on_behalf_of=for_sponsor,
        private={"words": words.strip()} if words.strip() else None,
    )  # fmt: skip
    approval.initiative.touch(now)


def authors_of(approval: Any) -> Select[Any]:
    """Return the query for who wrote a request or put it to the sponsor, as ids of people."""
    model = type(approval)
    its = select(model.id).where(
        model.milestone_id == approval.milestone_id, model.drafted_at == approval.drafted_at
    )
    return select(Event.actor_id).where(
        Event.subject_type == approval.subject_type, Event.subject_id.in_(its), Event.actor_id.is_not(None),
        Event.kind.in_(AUTHORING),
    )  # fmt: skip


def refuse_author(approval: Any, person: Person) -> None:
    """Raise `NotNow` for whoever ever wrote the request or put it to the sponsor: they decide nothing of it (rule 14).

    A request that waits once more because its decision was taken back has the authors of the one before: both were drafted
    at the same moment about the same gate.
    """
    wrote = authors_of(approval).where(Event.actor_id == person.id)
    authors = (approval.asked_by_id, approval.drafted_by_id)
    if person.id in authors or db.session.scalar(wrote.limit(1)) is not None:
        raise NotNow(_("You asked for this, so somebody else decides it."))


def condition_of(approval_id: int, id_: int) -> ApprovalCondition:
    """Return a condition of this decision as it stands. Raises `Missing` for any other."""
    for one in conditions_of(approval_id):
        if one.id == id_:
            return one
    raise Missing


def conditions_of(approval_id: int) -> Sequence[ApprovalCondition]:
    """Return the conditions of a decision, each with its action, who does it, and who settled it."""
    query = (
        select(ApprovalCondition)
        .where(ApprovalCondition.approval_id == approval_id)
        .options(
            joinedload(ApprovalCondition.action).joinedload(Action.assignee),
            joinedload(ApprovalCondition.owner),
            joinedload(ApprovalCondition.settled_by),
        )
        .order_by(ApprovalCondition.id)
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def open_conditions(initiative_id: int) -> Sequence[str]:
    """Return in words what decisions on an initiative asked for and nobody has settled."""
    query = select(ApprovalCondition.words).where(
        ApprovalCondition.initiative_id == initiative_id, ApprovalCondition.settled_at.is_(None)
    )
    return db.session.scalars(query.order_by(ApprovalCondition.id).limit(10)).all()


def condition_in_the_way(initiative: Any, _stage: Stage, _now: datetime) -> str | None:
    """Return what the next gate still waits for because of an earlier decision, or None (a `staging.conditions`)."""
    there = open_conditions(initiative.id)
    if not there:
        return None
    return _(
        "An earlier decision set a condition that is open: %(what)s. The sponsor accepts or waives it first.",
        what=listed(f"“{words}”" for words in there),
    )
