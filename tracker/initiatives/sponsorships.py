"""One executive's turn as sponsor, from the proposal on, and how long a proposal waits (rule 2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.initiatives.pauses import Pause, last_day, within
from tracker.initiatives.stages import Stage
from tracker.organisation.calendars import WorkingDays, working_days
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation, day_of
from tracker.organisation.units import Unit

LAPSES_AFTER = 10  # working days of the one who was asked (rule 2)


when_sponsored: list[Callable[[Any, Person | None, datetime], None]] = []
"""Rooms above let what waits for a sponsor wait for another one: (initiative, by, now), called after the event."""


class Answer(StrEnum):
    """What became of a proposal."""

    proposed = "proposed"
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"
    lapsed = "lapsed"
    ended = "ended"  # accepted once, then passed to another


def _only(name: str, answer: Answer) -> Index:
    """At most one row of this answer for each initiative: two at once are decided by the database."""
    return partial_index(name, "initiative_id", where=f"answer = '{answer.value}'", unique=True)


class Sponsorship(Recorded, Model):
    """A proposal, and the time as sponsor that came of it."""

    __tablename__ = "sponsorship"
    __table_args__ = (
        _only("uq_sponsorship_proposed", Answer.proposed),
        _only("uq_sponsorship_accepted", Answer.accepted),
        Index("ix_sponsorship_person_id", "person_id", "answer"),
        Index("ix_sponsorship_initiative_id", "initiative_id"),
        Index("ix_sponsorship_answer_proposed_at", "answer", "proposed_at"),
    )
    subject_type: ClassVar[str] = "sponsorship"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id person_id answer interim adopts proposed_by_id proposed_at answered_at "
        "ended_at",
        "words answer_words",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[Answer] = mapped_column(enum_text(Answer))
    interim: Mapped[bool] = mapped_column(default=False)
    adopts: Mapped[Stage | None] = mapped_column(enum_text(Stage))
    words: Mapped[str] = mapped_column(Text, default="")
    answer_words: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    proposed_by: Mapped[Person | None] = relationship(
        foreign_keys=[proposed_by_id], lazy="raise_on_sql"
    )

    @classmethod
    def standing(cls, initiative_id: int, answer: Answer) -> Sponsorship | None:
        """Return the one row of an initiative with this answer, as it stands now."""
        return db.session.scalars(
            select(cls)
            .where(cls.initiative_id == initiative_id, cls.answer == answer)
            .execution_options(populate_existing=True)
        ).one_or_none()


def lapses_on(
    proposed_at: datetime, days: WorkingDays, pauses: Sequence[Pause], today: date
) -> date:
    """Return the last day on which a proposal can be answered: `LAPSES_AFTER` days that are working days in `days`.

    Those on hold (`pauses`) do not count (rule 6); while it is on hold, the day is as if work went on `today`.
    """
    since = day_of(proposed_at)
    return last_day(within(LAPSES_AFTER, since, days), pauses, days, today)


def has_lapsed(
    proposed_at: datetime, days: WorkingDays, pauses: Sequence[Pause], now: datetime
) -> bool:
    """Tell whether a proposal went unanswered for too long; while it is on hold, it never does."""
    today = day_of(now)
    return lapses_on(proposed_at, days, pauses, today) < today


def calendars_of(person_ids: Collection[int]) -> dict[int, WorkingDays]:
    """Return the working days of people: those of their unit, else of the organisation. Three queries for any number."""
    fallback = Organisation.current().calendar_id
    own = {
        row.id: row.calendar_id or fallback
        for row in db.session.execute(
            select(Person.id, Unit.acting_calendar_id.label("calendar_id"))
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .where(Person.id.in_(set(person_ids)))
        )
    }
    known = working_days({id_ for id_ in own.values() if id_ is not None})
    return {id_: known.get(calendar or 0, WorkingDays()) for id_, calendar in own.items()}


def objection_to(person: Person, initiative: Any) -> str:
    """Return why `person` cannot sponsor `initiative`, in words; nothing if they can.

    A sponsor is an active executive of our own, and neither the lead nor the sponsor already; who is interim sponsor
    may become the sponsor.
    """
    if person.role == Role.partner:
        words = _("%(name)s belongs to a partner. Only our own executives can sponsor.")
    elif not person.is_active:
        words = _("%(name)s has no access any more. Choose an active executive.")
    elif person.role != Role.executive:
        words = _("%(name)s is not an executive. Only executives can sponsor.")
    elif person.id == initiative.lead_id:
        words = _("%(name)s leads %(ref)s, and the sponsor never leads. Change the lead first.")
    elif person.id == initiative.sponsor_id and not initiative.sponsor_interim:
        words = _("%(name)s sponsors %(ref)s already.")
    else:
        words = ""
    return words % {"name": person.name, "ref": initiative.ref}


def active_sponsored(model: Any, person_ids: Collection[int]) -> dict[int, int]:
    """Return how many initiatives that go on each executive sponsors, for the load badge (rule 2)."""
    rows = db.session.execute(
        select(model.sponsor_id, func.count())
        .where(
            model.sponsor_id.in_(set(person_ids)),
            model.stopped_at.is_(None),
            model.stage != Stage.realised,
        )
        .group_by(model.sponsor_id)
    )
    return dict(rows.all())
