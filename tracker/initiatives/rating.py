"""Priorities: each head that takes part rates an initiative; where they are far apart, the sponsor settles it (rule 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.dialects import partial_index
from tracker.errors import NotNow
from tracker.initiatives.participants import participants, speaks_for
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.uniqueness import flush_or

MODULE = "priorities"
LOWEST, HIGHEST = 1, 5
CONFLICT = 2  # a spread from here on is a priority conflict


class Rating(Recorded, Model):
    """How urgent an initiative is for one unit, 1 to 5; a later rating takes its place, the trail keeps both."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("initiative_id", "unit_id"),
        Index("ix_rating_unit_id", "unit_id"),
        CheckConstraint(f"rating BETWEEN {LOWEST} AND {HIGHEST}", name="scale"),
    )
    subject_type: ClassVar[str] = "rating"

    on_trail: ClassVar[Declared] = declare("initiative_id unit_id rating by_id on_behalf_of_id at", "words")  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    rating: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    on_behalf_of: Mapped[Person | None] = relationship(
        foreign_keys=[on_behalf_of_id], lazy="raise_on_sql"
    )


class Settlement(Recorded, Model):
    """The sponsor's word on a priority conflict; a later rating reopens it. At most one stands for an initiative."""

    __tablename__ = "priority_settlement"
    __table_args__ = (
        partial_index(
            "uq_priority_settlement_standing",
            "initiative_id",
            where="reopened_at IS NULL",
            unique=True,
        ),
        CheckConstraint("words <> ''", name="has_words"),
    )
    subject_type: ClassVar[str] = "priority_settlement"

    on_trail: ClassVar[Declared] = declare("initiative_id spread by_id on_behalf_of_id at reopened_at", "words")  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(Text)
    spread: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)

    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise_on_sql")
    on_behalf_of: Mapped[Person | None] = relationship(
        foreign_keys=[on_behalf_of_id], lazy="raise_on_sql"
    )


@dataclass(frozen=True)
class Given:
    """A rating without its words."""

    rating: int


@dataclass(frozen=True)
class Rated:
    """A unit that takes part, who heads it, and its rating if it gave one."""

    unit_id: int
    unit: str
    slug: str
    head_id: int | None
    head: str | None
    rating: Any  # a `Rating`, or where only figures are shown what was `Given`; None for neither


class Priority:
    """How urgent an initiative is for each unit that takes part now, and what the sponsor said to it."""

    def __init__(self, initiative: Any) -> None:
        """Look it up, in three short queries at any number of units."""
        self.initiative = initiative
        self._load()

    @classmethod
    def in_figures(cls, initiative: Any, settlement: Settlement | None) -> Priority:
        """Return it without the words of ratings, from what a page has read: units with ratings, the settlement that stands."""
        priority = cls.__new__(cls)
        priority.initiative, priority.settlement = initiative, settlement
        priority.rows = [
            _rated(unit, None if unit.rating is None else Given(unit.rating))
            for unit in participants(initiative)
        ]
        return priority

    def _load(self) -> None:
        self.rows = _rows(self.initiative)
        standing = (
            select(Settlement)
            .where(Settlement.initiative_id == self.initiative.id, Settlement.reopened_at.is_(None))
            .options(joinedload(Settlement.by), joinedload(Settlement.on_behalf_of))
            .execution_options(populate_existing=True)
        )
        self.settlement = db.session.scalars(standing).one_or_none()

    @property
    def given(self) -> list[int]:
        """The ratings of the units that take part now."""
        return [row.rating.rating for row in self.rows if row.rating is not None]

    @property
    def spread(self) -> int:
        """How far the highest rating is from the lowest."""
        return max(self.given) - min(self.given) if self.given else 0

    @property
    def conflict(self) -> bool:
        """Whether the units are so far apart that the sponsor has to say what holds, and has not."""
        return self.spread >= CONFLICT and self.settlement is None

    def rate(
        self, unit_id: int, rating: int, *, by: Person, now: datetime, words: str = ""
    ) -> None:
        """Rate it for a unit, as its head or the head's deputy; a settled conflict is open again then.

        Raises `Refused` for anybody else, managers too; `NotNow` outside 1 to 5, for a unit that
        takes no part, and once the initiative has ended.
        """
        self._going_on()
        row = next((one for one in self.rows if one.unit_id == unit_id), None)
        if row is None:
            raise NotNow(_("This unit does not take part any more."))
        head = speaks_for(unit_id, row.unit, row.head_id, by)
        if not LOWEST <= rating <= HIGHEST:
            raise NotNow(_("A rating goes from 1 to 5."))
        kept, words = row.rating, words.strip()
        was = kept.rating if kept else None
        if kept is not None and (was, kept.words) == (rating, words):
            return
        conflict = self.conflict
        if kept is None:
            kept = Rating(initiative_id=self.initiative.id, unit_id=unit_id)
            db.session.add(kept)
        kept.rating, kept.words = rating, words
        kept.by_id, kept.on_behalf_of_id, kept.at = by.id, head.id if head else None, now
        flush_or(_("%(unit)s was rated just now. Look at it again.", unit=row.unit))
        if self.settlement is not None and was != rating:
            self.settlement.reopened_at = now
            db.session.flush()
        kept.record(
            Kind.priority_rated,
            by=by,
            now=now,
            before={"unit_id": unit_id, "rating": was} if was is not None else None,
            after={"unit_id": unit_id, "rating": rating},
            private={"words": words} if words else None,
            on_behalf_of=head,
        )
        self._look_again(conflict, now)

    def settle(
        self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> Settlement:
        """Say, as sponsor, what holds although the units are far apart; `for_sponsor` names the sponsor for a deputy.

        Raises `NotNow` without words and when there is no conflict to settle.
        """
        self._going_on()
        if not self.conflict:
            raise NotNow(_("There is no priority conflict to settle here any more."))
        if not words.strip():
            raise NotNow(_("Say in words what holds."))
        settlement = Settlement(
            initiative_id=self.initiative.id, words=words.strip(), spread=self.spread, at=now,
            by_id=by.id, on_behalf_of_id=for_sponsor.id if for_sponsor else None,
        )  # fmt: skip
        db.session.add(settlement)
        flush_or(_("It was settled just now. Look at it again."))
        settlement.record(
            Kind.priority_settled, by=by, now=now, on_behalf_of=for_sponsor,
            after={"spread": settlement.spread}, private={"words": settlement.words},
        )  # fmt: skip
        self._look_again(True, now)
        return settlement

    def _look_again(self, conflict: bool, now: datetime) -> None:
        """Know the ratings as they are now; the initiative looks different once a conflict begins or ends."""
        self._load()
        if self.conflict != conflict:
            self.initiative.touch(now)

    def _going_on(self) -> None:
        self.initiative.refuse_if_stopped()
        if self.initiative.ended:
            raise NotNow(_("%(ref)s has ended; its priority is history.", ref=self.initiative.ref))


def priorities_on() -> bool:
    """Tell whether the organisation has switched the module on."""
    return MODULE in Organisation.current().modules


def _rows(initiative: Any) -> list[Rated]:
    """The units that take part, the lead unit first, each with its rating."""
    ratings = (
        select(Rating)
        .where(Rating.initiative_id == initiative.id)
        .options(joinedload(Rating.by), joinedload(Rating.on_behalf_of))
        .execution_options(populate_existing=True)
    )
    given = {rating.unit_id: rating for rating in db.session.scalars(ratings)}
    return [_rated(unit, given.get(unit.id)) for unit in participants(initiative)]


def _rated(unit: Any, rating: Rating | Given | None) -> Rated:
    return Rated(unit.id, unit.name, unit.slug, unit.acting_head_id, unit.head, rating)
