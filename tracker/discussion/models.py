"""A comment: on an action or on an initiative, internal or shared; what it said before an edit is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    case,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.actions.models import Action
from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.telling import company
from tracker.db import Instant, Model, db
from tracker.dialects import partial_index
from tracker.drawn import drawn
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.scoping import Scoped

SHOWN = 50  # comments that a page shows; a link leads to those before


class Comment(Scoped, Model):
    """Something said on an action or on an initiative. Only on a partner's action it can be shared."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(action_id IS NULL) <> (initiative_id IS NULL)", name="one_place"),
        CheckConstraint("partner_id IS NULL OR action_id IS NOT NULL", name="shared_on_an_action"),
        partial_index("ix_comment_action_id", "action_id", "id", where="action_id IS NOT NULL"),
        partial_index(
            "ix_comment_initiative_id", "initiative_id", "id", where="initiative_id IS NOT NULL"
        ),
    )
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"
    subject_type: ClassVar[str] = "comment"

    on_trail: ClassVar[Declared] = declare(
        "ref action_id initiative_id partner_id author_id posted_at edited_at", "body"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    initiative_id: Mapped[int | None] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE")
    )
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))  # shared with
    body: Mapped[str] = mapped_column(Text)  # Markdown
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    posted_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Internal people read every comment; a partner's contacts what is shared with theirs, on an action they see (rule 20)."""
        if person.is_internal:
            return select(cls)
        seen = exists(Action.visible_to(person).where(Action.id == cls.action_id).with_only_columns(Action.id))  # fmt: skip
        return select(cls).where(cls.partner_id == person.partner_id, seen)

    @classmethod
    def post(
        cls, on: Action | Initiative, body: str, *, shared: bool, by: Person, now: datetime
    ) -> Comment:
        """Say something. Raises `NotNow` for something shared where there is no partner to share it with."""
        partner_id = on.partner_id if shared and isinstance(on, Action) else None
        if shared and partner_id is None:
            raise NotNow(_("There is no partner here to share this with."))
        partner = db.session.get(Partner, partner_id) if partner_id else None
        if partner is not None and partner.ended_at is not None:
            raise NotNow(_("The work with this partner has ended. Choose somebody else."))
        place = {"action_id": on.id} if isinstance(on, Action) else {"initiative_id": on.id}
        made = cls(
            ref=drawn(), **place, partner_id=partner_id, body=body, author_id=by.id, posted_at=now, version=1
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        on.record(
            Kind.comment_posted, by=by, now=now, after={"comment_id": made.id, "shared": shared}
        )
        return made

    def edit(self, body: str, *, on: Action | Initiative, by: Person, now: datetime) -> None:
        """Say it in other words; what it said stays beside it, for those who read it."""
        if body == self.body:
            return
        db.session.add(Earlier(comment_id=self.id, body=self.body, until=now))
        self.body, self.edited_at = body, now
        self.version += 1
        on.record(Kind.comment_edited, by=by, now=now, after={"comment_id": self.id})


class Earlier(Model):
    """What a comment said before it was edited."""

    __tablename__ = "comment_earlier"
    __table_args__ = (Index("ix_comment_earlier_comment_id", "comment_id", "id"),)

    on_trail: ClassVar[Declared] = declare("comment_id until", "body")

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(Instant)


def comments_on(
    on: Action | Initiative, person: Person, before: int | None = None
) -> tuple[list[Any], int | None]:
    """Return the latest comments that `person` may read, the oldest on top, and the id before which there are more.

    Each is a row with `author_name`, and `shared_with`, the name of the partner that reads it as well. For a partner's contact
    our side is the company, but for the host and whoever keeps the relationship (rule 20).
    """
    column = Comment.action_id if isinstance(on, Action) else Comment.initiative_id
    query = Comment.visible_to(person).where(column == on.id)
    if before:
        query = query.where(Comment.id < before)
    query = query.with_only_columns(
        *(Comment.id, Comment.ref, Comment.body, Comment.partner_id, Comment.posted_at, Comment.edited_at, Comment.author_id),
        *(_author(on, person).label("author_name"), Partner.name.label("shared_with")),
    ).outerjoin(Person, Person.id == Comment.author_id).outerjoin(Partner, Partner.id == Comment.partner_id)  # fmt: skip
    rows = list(db.session.execute(query.order_by(Comment.id.desc()).limit(SHOWN + 1)))
    shown = rows[:SHOWN]
    return shown[::-1], shown[-1].id if len(rows) > SHOWN else None


def _author(on: Action | Initiative, reader: Person) -> Any:
    if reader.is_internal or not isinstance(on, Action):
        return Person.name
    known = or_(
        Person.partner_id == reader.partner_id,
        Person.id == on.host_id,
        Person.id == Partner.relationship_owner_id,
    )
    return case((known, Person.name), else_=company())


def earlier_of(comment: Comment) -> Sequence[Earlier]:
    """Return what a comment said before, the latest on top."""
    query = select(Earlier).where(Earlier.comment_id == comment.id).order_by(Earlier.id.desc())
    return db.session.scalars(query.limit(SHOWN)).all()
