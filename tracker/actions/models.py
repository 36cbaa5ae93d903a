"""The action itself: who does it, who accepts it, by when, and who may see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, exists, or_, select
from sqlalchemy.orm import Mapped, aliased, column_property, joinedload, mapped_column, relationship

from tracker.actions.assignees import one_assignee
from tracker.actions.assigning import Assigning
from tracker.actions.closing import Closing
from tracker.actions.hosting import Hosting
from tracker.actions.ordering import Ordering
from tracker.actions.standing import Standing
from tracker.actions.states import State
from tracker.actions.working import Working
from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import Missing
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.scoping import Scoped

Its = aliased(Partner)  # what narrows a scope may name the partner as well


class Action(Assigning, Working, Closing, Hosting, Ordering, Standing, Scoped, Recorded, Model):
    """Work with one assignee and one host, due on a day."""

    __tablename__ = "action"
    __table_args__ = (
        *one_assignee(),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('accepted', 'done', 'cancelled'))",
            name="closed_kept",
        ),
        CheckConstraint(
            "(proposed_on IS NULL) = (proposed_by_id IS NULL)", name="proposed_by_somebody"
        ),
        Index("ix_action_initiative_id", "initiative_id", "closed_at", "due_on"),
        partial_index(
            "ix_action_assignee_id", "assignee_id", "due_on", where="closed_at IS NULL AND assignee_id IS NOT NULL"
        ),
        Index("ix_action_partner_id", "partner_id", "closed_at", "due_on"),
        partial_index("ix_action_host_id", "host_id", "state", "due_on", where="closed_at IS NULL"),
        partial_index("ix_action_open", "due_on", "id", where="closed_at IS NULL"),
        # PostgreSQL takes no order from an index whose column before it is only said to be NULL
        partial_index("ix_action_partner_open", "partner_id", "due_on", "id", where="closed_at IS NULL"),
        partial_index("ix_action_last_on", "last_on", "id", where="last_on IS NOT NULL"),
        partial_index(
            "ix_action_partner_last_on", "partner_id", "last_on", where="last_on IS NOT NULL AND partner_id IS NOT NULL"
        ),
        # it begins as the index of all of a partner's does, else SQLite would choose that one
        partial_index(
            "ix_action_given_back", "partner_id", "closed_at", "due_on", where="returned > 0 AND closed_at IS NULL"
        ),
        partial_index("ix_action_contact_id", "contact_id", where="contact_id IS NOT NULL"),
        Index("ix_action_closed_at", "closed_at", "id"),
        Index("uq_action_outside_id", "outside_id", unique=True),
        # what hangs on an action names its initiative too, so that the two cannot disagree
        Index("uq_action_id_initiative_id", "id", "initiative_id", unique=True),
    )  # fmt: skip
    subject_type: ClassVar[str] = "action"
    address: ClassVar[str] = "ref"
    argument: ClassVar[str] = "ref"

    on_trail: ClassVar[Declared] = declare(
        "ref initiative_id assignee_id partner_id contact_id host_id due_on due_since first_due_on due_changes "
        "proposed_on proposed_by_id state progress returned assigned_at acknowledged_at closed_at "
        "created_at created_by_id criteria_by_id",
        "title why description criteria submission reply proposed_words outside_id",
        left={
            "title_key": "made from the title",
            "last_on": "kept from the days above, the holidays, the times on hold and with us",
            "position": "the order of a list: the event says which action went from which place to which",
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(500))
    title_key: Mapped[str] = mapped_column(String(500))  # names.normal: what is searched
    why: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text)  # one on each line
    criteria_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # changed them last
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    contact_id: Mapped[int | None]
    host_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]  # as agreed last
    due_since: Mapped[date]  # the day on which that was agreed: pauses before it are in it
    first_due_on: Mapped[date]
    due_changes: Mapped[int]
    proposed_on: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_words: Mapped[str] = mapped_column(Text)
    last_on: Mapped[date | None]  # kept: the last day in time; None while paused, with us, or over
    state: Mapped[State] = mapped_column(enum_text(State))
    outside_id: Mapped[str | None] = mapped_column(String(120))  # what a file calls it
    position: Mapped[int] = mapped_column(default=0)  # among those of its initiative; 0: by its day
    progress: Mapped[int]  # per cent
    returned: Mapped[int]  # how often it was given back
    submission: Mapped[str] = mapped_column(Text)  # what the assignee said with it last
    reply: Mapped[str] = mapped_column(Text)  # what was said to the assignee last
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]

    # What the policy asks, read with the row itself.
    initiative_lead_id: Mapped[int | None] = column_property(
        select(Initiative.lead_id).where(Initiative.id == initiative_id).scalar_subquery()
    )

    initiative: Mapped[Initiative] = relationship(lazy="raise_on_sql", viewonly=True)
    assignee: Mapped[Person | None] = relationship(
        foreign_keys=[assignee_id], lazy="raise_on_sql", viewonly=True
    )
    partner: Mapped[Partner | None] = relationship(
        foreign_keys=[partner_id], lazy="raise_on_sql", viewonly=True
    )
    contact: Mapped[Person | None] = relationship(
        primaryjoin="foreign(Action.contact_id) == Person.id", lazy="raise_on_sql", viewonly=True
    )
    host: Mapped[Person] = relationship(
        foreign_keys=[host_id], lazy="raise_on_sql", viewonly=True
    )  # fmt: skip

    @classmethod
    def visible_to(cls, person: Any) -> Select[Any]:
        """Internal people read every action; a partner's contacts those of their partner, or where it is set so only
        those that name them or no contact (rule 20)."""
        if person.is_internal:
            return select(cls)
        shared = exists().where(Its.id == cls.partner_id, Its.contacts_share)
        mine = or_(cls.contact_id == person.id, cls.contact_id.is_(None), shared)
        return select(cls).where(cls.partner_id == person.partner_id, mine)

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the action with this address, with every name it is shown by, in one statement.

        Raises `Missing` alike for foreign and absent ones.
        """
        query = cls.visible_to(person).where(cls.ref == value)
        named = (cls.initiative, cls.assignee, cls.partner, cls.contact, cls.host)
        query = query.options(*(joinedload(one) for one in named))
        found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise Missing
        return found

    def again(self, person: Any) -> Self:
        """Lock the initiative first: whoever stops or holds it takes the same two locks in the same order."""
        lock_initiative(self.initiative_id)
        return super().again(person)
