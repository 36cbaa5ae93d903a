"""The blocker itself: what stands in the way, who may see it, and how it is raised and edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import (
    ForeignKey,
    Numeric,
    Select,
    String,
    Text,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, column_property, joinedload, mapped_column, relationship

from tracker.actions.models import Action
from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.blockers.answering import Answered
from tracker.blockers.chaining import Chained
from tracker.blockers.closing import Closing
from tracker.blockers.editing import Edited
from tracker.blockers.escalating import Escalated
from tracker.blockers.holders import Holder
from tracker.blockers.negotiating import Negotiated
from tracker.blockers.raising import Raising
from tracker.blockers.rungs import Step
from tracker.blockers.settling import settler_of
from tracker.blockers.standing import Standing
from tracker.blockers.states import Category, State, WaitingOn
from tracker.blockers.table import indexes, rules
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import Missing
from tracker.initiatives.friction import RootCause
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.scoping import Scoped


class Blocker(
    Raising,
    Edited,
    Chained,
    Answered,
    Negotiated,
    Escalated,
    Closing,
    Standing,
    Scoped,
    Recorded,
    Model,
):
    """Something that stops work: who owes it, who waits, and who must act next. Neither of the last two is ever empty."""

    __tablename__ = "blocker"
    __table_args__ = (*rules(), *indexes())
    subject_type: ClassVar[str] = "blocker"
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"

    on_trail: ClassVar[Declared] = declare(
        "ref initiative_id action_id category root_cause backstage blocked_unit_id blocked_partner_id "
        "holder_unit_id holder_partner_id answerer_id needed_by needed_since promised_on promised_since "
        "proposed_on asked_since escalated_to escalated_to_id escalated_on "
        "clock_since state waiting_on open_since raised_by_id raised_at resolved_at closed_at "
        "hand_overs cost",
        "title effect holder_outside resolution reason outside_id",
        left={
            "title_key": "made from the title",
            "due_on escalates_on": "kept from the days above, the holidays and the times on hold",
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    action_id: Mapped[int | None]  # what is blocked, where it is one action of the initiative
    title: Mapped[str] = mapped_column(String(500))
    title_key: Mapped[str] = mapped_column(
        String(500), default=""
    )  # names.normal of the title: what is searched
    effect: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[Category | None] = mapped_column(enum_text(Category))  # an import may not say
    root_cause: Mapped[RootCause | None] = mapped_column(enum_text(RootCause))
    backstage: Mapped[bool | None]
    blocked_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    blocked_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    holder_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    holder_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    holder_outside: Mapped[str | None] = mapped_column(String(200))
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    needed_by: Mapped[date | None]
    needed_since: Mapped[date | None]  # the day from which on pauses move the day above
    promised_on: Mapped[date | None]
    promised_since: Mapped[date | None]
    proposed_on: Mapped[date | None]  # the other day that the holder proposes, until it is answered
    asked_since: Mapped[
        date | None
    ]  # since when that waits for an answer, or a dispute to be settled
    reason: Mapped[str] = mapped_column(
        Text, default="", server_default=""
    )  # of the proposal, or of the dispute
    clock_since: Mapped[date]  # when the clocks of acknowledging and promising began
    due_on: Mapped[
        date | None
    ]  # kept: the last day on which whoever is waited for is in time; None while paused
    escalated_to: Mapped[Step | None] = mapped_column(enum_text(Step))  # the last step
    escalated_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: nobody
    escalated_on: Mapped[date | None]
    escalates_on: Mapped[date | None]  # kept: the last day before it climbs; None while paused
    state: Mapped[State] = mapped_column(enum_text(State), default=State.raised)
    waiting_on: Mapped[WaitingOn] = mapped_column(enum_text(WaitingOn), default=WaitingOn.holder)
    open_since: Mapped[date | None]  # kept: the day it was raised, while it stands in the way
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolution: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    hand_overs: Mapped[int] = mapped_column(default=0)
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    outside_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    # What the policy asks, read with the row itself.
    initiative_lead_id: Mapped[int | None] = column_property(
        select(Initiative.lead_id).where(Initiative.id == initiative_id).scalar_subquery()
    )
    holder_keeper_id: Mapped[int | None] = column_property(
        select(Partner.relationship_owner_id)
        .where(Partner.id == holder_partner_id)
        .scalar_subquery()
    )

    if TYPE_CHECKING:
        settler_id: Mapped[int | None]  # whoever settles a dispute; read when asked for

    initiative: Mapped[Initiative] = relationship(lazy="raise_on_sql")
    action: Mapped[Action | None] = relationship(
        primaryjoin="foreign(Blocker.action_id) == Action.id", lazy="raise_on_sql", viewonly=True
    )
    blocked_unit: Mapped[Unit | None] = relationship(
        foreign_keys=[blocked_unit_id], lazy="raise_on_sql"
    )
    blocked_partner: Mapped[Partner | None] = relationship(
        foreign_keys=[blocked_partner_id], lazy="raise_on_sql"
    )
    holder_unit: Mapped[Unit | None] = relationship(
        foreign_keys=[holder_unit_id], lazy="raise_on_sql"
    )
    holder_partner: Mapped[Partner | None] = relationship(
        foreign_keys=[holder_partner_id], lazy="raise_on_sql"
    )
    answerer: Mapped[Person | None] = relationship(foreign_keys=[answerer_id], lazy="raise_on_sql")
    raised_by: Mapped[Person | None] = relationship(
        foreign_keys=[raised_by_id], lazy="raise_on_sql"
    )

    @property
    def holder(self) -> Holder:
        return Holder.of(self)

    @property
    def waits(self) -> Holder:
        """Who waits: a unit, or a partner."""
        return Holder.waiting(self)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Any]:
        """Internal people read every blocker; a partner's contacts those that it holds now, and those that one of them
        raised, on an action only as long as they see that (rule 20)."""
        if person.is_internal:
            return select(cls)
        colleague = exists().where(
            Person.id == cls.raised_by_id, Person.partner_id == person.partner_id
        )
        theirs = Action.visible_to(person).with_only_columns(Action.id)
        theirs = theirs.where(Action.id == cls.action_id).correlate(cls)
        waits = (
            cls.blocked_partner_id == person.partner_id
        )  # found by its index, the rest is asked of those
        raised = and_(waits, colleague, or_(cls.action_id.is_(None), theirs.exists()))
        return select(cls).where(or_(cls.holder_partner_id == person.partner_id, raised))

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the blocker with this address, with every name it is shown by, in one statement.

        Raises `Missing` alike for foreign and absent ones.
        """
        named = (
            *(cls.action, cls.blocked_unit, cls.blocked_partner),
            *(cls.holder_unit, cls.holder_partner, cls.answerer, cls.raised_by),
        )
        query = cls.visible_to(person).where(cls.ref == value)
        query = query.options(joinedload(cls.initiative), *(joinedload(one) for one in named))
        found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise Missing
        return found

    def again(self, person: Any) -> Self:
        """Lock the initiative first: whoever stops or holds it takes the same two locks in the same order."""
        lock_initiative(self.initiative_id)
        fresh = super().again(person)
        db.session.expire(fresh, ["settler_id"])  # sponsors and heads change
        return fresh


Blocker.settler_id = column_property(settler_of(Blocker), deferred=True)
