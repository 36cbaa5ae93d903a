"""Evidence on an action: a link, or a file that was checked; who sees it follows from the action alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, exists, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from tracker.actions.models import Action
from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.dialects import partial_index
from tracker.drawn import drawn
from tracker.errors import NotNow
from tracker.initiatives.locking import lock_initiative
from tracker.organisation.people import Person
from tracker.scoping import Scoped

QUOTA = 500 * 1024 * 1024  # bytes that the files of one partner may take together
MOST = 50  # pieces of evidence on one action


class Evidence(Scoped, Model):
    """One link or file on an action."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(url IS NULL) <> (token IS NULL)", name="link_or_file"),
        CheckConstraint("size >= 0", name="size"),
        Index("ix_evidence_action_id", "action_id", "id"),
        partial_index("ix_evidence_partner_id", "partner_id", where="partner_id IS NOT NULL"),
    )
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"
    subject_type: ClassVar[str] = "evidence"

    on_trail: ClassVar[Declared] = declare(
        "ref action_id partner_id media_type size sha256 added_at added_by_id",
        "name url",
        left={"token": "where the file lies"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("partner.id")
    )  # whose contact brought it
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str | None] = mapped_column(String(2000))
    token: Mapped[str | None] = mapped_column(String(32), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes; 0 for a link
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    # What the policy asks, and where it is shown, read with the row itself.
    action_ref: Mapped[str] = column_property(
        select(Action.ref).where(Action.id == action_id).scalar_subquery()
    )

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """What hangs on an action that `person` sees; a partner's contacts see only what their own side brought (rule 20)."""
        seen = exists(Action.visible_to(person).where(Action.id == cls.action_id).with_only_columns(Action.id))  # fmt: skip
        found = select(cls).where(seen)
        return found if person.is_internal else found.where(cls.partner_id == person.partner_id)

    @classmethod
    def add(cls, action: Action, *, by: Person, now: datetime, name: str, **what: Any) -> Evidence:
        """Hang a link (`url`) or a kept file (`token`, `media_type`, `size`, `sha256`) on an action.

        Raises `NotNow` once the action is over, and where the action or the partner has no room left.
        """
        if action.is_over:
            raise NotNow(_("This action is over; nothing is added to it any more."))
        size = what.get("size", 0)
        if (
            db.session.scalar(
                select(func.count()).where(
                    cls.action_id == action.id, cls.partner_id.is_not_distinct_from(by.partner_id)
                )
            )
            or 0
        ) >= MOST:
            raise NotNow(_("This action has %(most)s pieces of evidence. That is enough.", most=MOST))  # fmt: skip
        if by.partner_id is not None and size and taken_by(by.partner_id) + size > QUOTA:
            raise NotNow(_("The files of your organisation take 500 MB. Send a link instead, or take one away."))  # fmt: skip
        made = cls(
            ref=drawn(), action_id=action.id, partner_id=by.partner_id, name=name, added_at=now,
            added_by_id=by.id, **{"media_type": "", "size": 0, "sha256": "", "url": None, "token": None, **what},
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        action.record(
            Kind.action_evidence_added, by=by, now=now, after={"size": size}, private={"words": name}
        )  # fmt: skip
        return made

    def take_away(self, *, by: Person, now: datetime) -> None:
        """Take it off its action. Raises `NotNow` like `changing_action`."""
        action = self.changing_action()
        db.session.delete(self)
        action.record(
            Kind.action_evidence_removed, by=by, now=now, before={"size": self.size}, private={"words": self.name}
        )  # fmt: skip

    def changing_action(self) -> Action:
        """Return its action. Raises `NotNow` while that is handed in, and once it is over: what it was accepted by stays."""
        action = db.session.get_one(Action, self.action_id)
        if action.is_over:
            raise NotNow(_("This action is over; its evidence stays."))
        if not action.is_open:
            raise NotNow(_("This action is handed in; its evidence stays until the host answers."))
        return action

    def again(self, person: Any) -> Self:
        """Lock what stands above first: whoever stops or holds the initiative takes the same locks in the same order."""
        action = select(Action.initiative_id).where(Action.id == self.action_id)
        lock_initiative(action.scalar_subquery())
        db.session.execute(select(Action.id).where(Action.id == self.action_id).with_for_update())
        return super().again(person)


def taken_by(partner_id: int) -> int:
    """Return how many bytes the files of a partner take on the actions that it has."""
    its = select(func.coalesce(func.sum(Evidence.size), 0)).join(
        Action, Action.id == Evidence.action_id
    )
    theirs = (Evidence.partner_id == partner_id, Action.partner_id == partner_id)
    return db.session.scalar(its.where(*theirs)) or 0


def pieces_for(person: Person) -> Any:
    """Return how much evidence `person` may see on each action of a query, to be read in the same statement."""
    seen = Evidence.visible_to(person).where(Evidence.action_id == Action.id)
    return seen.with_only_columns(func.count()).correlate(Action).scalar_subquery()


def evidence_on(action: Action, person: Person) -> list[Evidence]:
    """Return what hangs on an action, as far as `person` may see it, in the order in which it came."""
    mine = Evidence.visible_to(person).where(Evidence.action_id == action.id)
    return list(db.session.scalars(mine.order_by(Evidence.id).limit(MOST)))
