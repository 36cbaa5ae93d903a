"""Sponsorship: proposed, then accepted, declined, withdrawn or lapsed; exactly one sponsor at a time (rule 2)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.initiatives.stages import ADOPTABLE, Stage
from tracker.organisation.calendars import WorkingDays, working_days
from tracker.organisation.handing_over import Handed, successor
from tracker.organisation.people import Person, Role, Standing
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

LAPSES_AFTER = 10  # working days (rule 2)
LOAD = 3  # more active initiatives than this shows a badge


class Answer(StrEnum):
    """What became of a proposal."""

    proposed = "proposed"
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"
    lapsed = "lapsed"
    ended = "ended"  # accepted once, then passed to another


class Sponsorship(Recorded, Model):
    """One executive's turn as sponsor of an initiative, from the proposal on."""

    __tablename__ = "sponsorship"
    __table_args__ = (
        Index("uq_sponsorship_proposed", "initiative_id", unique=True, sqlite_where=text("answer = 'proposed'"), postgresql_where=text("answer = 'proposed'")),
        Index("uq_sponsorship_accepted", "initiative_id", unique=True, sqlite_where=text("answer = 'accepted'"), postgresql_where=text("answer = 'accepted'")),
        Index("ix_sponsorship_person_id", "person_id", "answer"),
        Index("ix_sponsorship_initiative_id", "initiative_id"),
    )  # fmt: skip
    subject_type: ClassVar[str] = "sponsorship"

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
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id], lazy="raise_on_sql")


class Sponsored:
    """What can be done about an initiative's sponsor."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        lead_id: Any
        stage: Any
        stage_since: Any
        adopted: Any
        adopt_stage: Any
        sponsor_id: Any
        sponsor_standing: Any
        sponsor_interim: Any
        proposed_sponsor_id: Any
        proposed_by_id: Any
        proposed_at: Any
        version: Any
        record: Any
        touch: Any
        enter: Any
        ended: Any

    def propose_sponsor(
        self, person: Person, *, by: Person | None, now: datetime, words: str = "", adopt_at: Stage | None = None
    ) -> Sponsorship:
        """Ask an executive to sponsor this. The old sponsor stays accountable until the answer.

        `adopt_at` says at which stage work already under way is to be accepted as it stands. Raises `NotNow` when it has
        ended, a proposal is open, or the person cannot sponsor it.
        """
        if self.ended:
            raise NotNow(_("%(ref)s has ended; it needs no sponsor any more.", ref=self.ref))
        if self.proposed_sponsor_id is not None:
            raise NotNow(_("A proposal for %(ref)s is still open. Withdraw it first, or wait for the answer.", ref=self.ref))
        self._could_sponsor(person)
        stage = adopt_at or self.adopt_stage
        if stage is not None and self.stage != Stage.idea:
            stage = None
        if stage is not None and stage not in ADOPTABLE:
            raise NotNow(_("Work can be adopted at the stages from Framed to Proving benefit."))
        proposal = Sponsorship(
            initiative_id=self.id, person_id=person.id, answer=Answer.proposed, adopts=stage, words=words,
            proposed_by_id=by.id if by else None, proposed_at=now, interim=False, answer_words="",
        )  # fmt: skip
        db.session.add(proposal)
        db.session.flush()  # the database refuses a second open proposal here
        self.proposed_sponsor_id, self.proposed_by_id, self.proposed_at = person.id, proposal.proposed_by_id, now
        self.version += 1
        self.touch(now)
        self.record(
            Kind.sponsor_proposed, by=by, now=now,
            after={"person_id": person.id, "proposal_id": proposal.id, "adoption": stage is not None, "stage": stage.value if stage else None},
            private={"words": words} if words else None,
        )  # fmt: skip
        return proposal

    def accept_sponsorship(self, *, by: Person, now: datetime) -> None:
        """Become the one sponsor. From `idea` this is the decision on the framed gate, or the adoption at the proposed stage (rule 1).

        Raises `NotNow` when nothing is proposed to `by`, the proposal has lapsed, or `by` leads it.
        """
        proposal = self._open_proposal(by)
        if lapses_on(proposal, calendar_of(by)) < now.date():
            raise NotNow(_("The proposal lapsed after %(days)s working days. Ask to be proposed again.", days=LAPSES_AFTER))
        self._could_sponsor(by)
        was = {"sponsor_id": self.sponsor_id, "stage": self.stage.value}
        self._end_present(now)
        proposal.answer, proposal.answered_at = Answer.accepted, now
        self._take(by, interim=False)
        if self.stage == Stage.idea:
            self.enter(proposal.adopts or Stage.framed, now)
            self.adopted = proposal.adopts is not None
        self.adopt_stage = None
        self._no_proposal()
        self.version += 1
        self.touch(now)
        self.record(
            Kind.sponsor_accepted, by=by, now=now, before=was,
            after={"sponsor_id": by.id, "proposal_id": proposal.id, "stage": self.stage.value, "adoption": self.adopted and was["stage"] == "idea"},
        )  # fmt: skip

    def decline_sponsorship(self, *, by: Person, now: datetime, words: str) -> None:
        """Say no, with the reason. Raises `NotNow` when nothing is proposed to `by`."""
        proposal = self._open_proposal(by)
        self._close(proposal, Answer.declined, now, words)
        self.record(
            Kind.sponsor_declined, by=by, now=now, after={"person_id": proposal.person_id, "proposal_id": proposal.id},
            private={"words": words},
        )  # fmt: skip

    def withdraw_proposal(self, *, by: Person, now: datetime) -> None:
        """Take the open proposal back. Raises `NotNow` when there is none."""
        proposal = self._open_proposal(None)
        self._close(proposal, Answer.withdrawn, now)
        self.record(
            Kind.sponsor_withdrawn, by=by, now=now, after={"person_id": proposal.person_id, "proposal_id": proposal.id}
        )

    def lapse_proposal(self, *, now: datetime) -> None:
        """Let the open proposal lapse: nobody answered in time. Raises `NotNow` when there is none."""
        proposal = self._open_proposal(None)
        self._close(proposal, Answer.lapsed, now)
        self.record(
            Kind.sponsor_lapsed, by=None, now=now, after={"person_id": proposal.person_id, "proposal_id": proposal.id}
        )

    def pass_to_interim(self, heir: Person, *, by: Person | None, now: datetime) -> None:
        """Make `heir` the interim sponsor because the sponsor's access ends; somebody else may accept later (rule 2)."""
        was = self.sponsor_id
        self._end_present(now)
        db.session.add(
            Sponsorship(
                initiative_id=self.id, person_id=heir.id, answer=Answer.accepted, interim=True, proposed_at=now, answered_at=now,
                words="", answer_words="",
            )
        )  # fmt: skip
        self._take(heir, interim=True)
        self.version += 1
        self.touch(now)
        self.record(
            Kind.sponsor_interim, by=by, now=now, before={"sponsor_id": was}, after={"sponsor_id": heir.id, "interim": True}
        )

    def _could_sponsor(self, person: Person) -> None:
        """Raise `NotNow` unless `person` is an active internal executive, neither the lead nor the sponsor already."""
        if person.role == Role.partner:
            raise NotNow(_("%(name)s belongs to a partner. Only our own executives can sponsor.", name=person.name))
        if not person.is_active:
            raise NotNow(_("%(name)s has no access any more. Choose an active executive.", name=person.name))
        if person.role != Role.executive:
            raise NotNow(_("%(name)s is not an executive. Only executives can sponsor.", name=person.name))
        if person.id == self.lead_id:
            raise NotNow(_("%(name)s leads %(ref)s, and the sponsor never leads. Change the lead first.", name=person.name, ref=self.ref))
        if person.id == self.sponsor_id and not self.sponsor_interim:
            raise NotNow(_("%(name)s sponsors %(ref)s already.", name=person.name, ref=self.ref))

    def _open_proposal(self, person: Person | None) -> Sponsorship:
        proposal = db.session.scalars(
            select(Sponsorship).where(Sponsorship.initiative_id == self.id, Sponsorship.answer == Answer.proposed)
        ).one_or_none()
        if proposal is None or (person is not None and proposal.person_id != person.id):
            raise NotNow(_("No sponsorship of %(ref)s is waiting for this answer any more.", ref=self.ref))
        return proposal

    def _close(self, proposal: Sponsorship, answer: Answer, now: datetime, words: str = "") -> None:
        proposal.answer, proposal.answered_at, proposal.answer_words = answer, now, words
        self._no_proposal()
        self.version += 1
        self.touch(now)

    def _no_proposal(self) -> None:
        self.proposed_sponsor_id = self.proposed_by_id = self.proposed_at = None

    def _end_present(self, now: datetime) -> None:
        present = db.session.scalars(
            select(Sponsorship).where(Sponsorship.initiative_id == self.id, Sponsorship.answer == Answer.accepted)
        ).one_or_none()
        if present is not None:
            present.answer, present.ended_at = Answer.ended, now
            db.session.flush()

    def _take(self, person: Person, *, interim: bool) -> None:
        self.sponsor_id, self.sponsor_standing, self.sponsor_interim = person.id, Standing.executive, interim


def lapses_on(proposal: Sponsorship, days: WorkingDays) -> Any:
    """Return the last day on which a proposal can be answered: 10 working days of the one who was asked."""
    return days.add(proposal.proposed_at.date(), LAPSES_AFTER)


def calendar_of(person: Person) -> WorkingDays:
    """Return the working days of a person: those of their unit, else of the organisation."""
    unit_calendar = select(Unit.acting_calendar_id).where(Unit.id == person.unit_id)
    calendar_id = db.session.scalar(unit_calendar) or Organisation.current().calendar_id
    return working_days([calendar_id]).get(calendar_id, WorkingDays()) if calendar_id else WorkingDays()


def active_sponsored(model: Any, person_ids: list[int]) -> dict[int, int]:
    """Return how many active initiatives each executive sponsors, for the load badge."""
    rows = db.session.execute(
        select(model.sponsor_id, func.count())
        .where(model.sponsor_id.in_(person_ids), model.stopped_at.is_(None), model.stage != Stage.realised)
        .group_by(model.sponsor_id)
    )
    return dict(rows.tuples())


def hand_over_sponsorships(model: Any, person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass what a leaving person sponsored to the programme owner as interim sponsor, and close proposals to them."""
    handed: list[Handed] = []
    for initiative in db.session.scalars(select(model).where(model.proposed_sponsor_id == person.id).order_by(model.id)):
        initiative.lapse_proposal(now=now)
    sponsored = list(db.session.scalars(select(model).where(model.sponsor_id == person.id).order_by(model.id)))
    if not sponsored:
        return handed
    heir = successor(person)
    for initiative in sponsored:
        if initiative.lead_id == heir.id:
            initiative.set_lead(None, by=by, now=now)
        initiative.pass_to_interim(heir, by=by, now=now)
        handed.append(Handed("sponsor", initiative.ref, heir.id))
    return handed
