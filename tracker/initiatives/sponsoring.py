"""Sponsorship: proposed, then accepted, declined, withdrawn or lapsed; exactly one sponsor at a time (rule 2)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.pauses import pauses_of
from tracker.initiatives.sponsorships import (
    LAPSES_AFTER,
    Answer,
    Sponsorship,
    active_sponsored,
    calendars_of,
    has_lapsed,
    lapses_on,
    objection_to,
    when_sponsored,
)
from tracker.initiatives.stages import ADOPTABLE, Stage, in_use
from tracker.organisation.people import Person, Standing

__all__ = [
    "LAPSES_AFTER",
    "LOAD",
    "Answer",
    "Sponsored",
    "Sponsorship",
    "active_sponsored",
    "lapses_on",
]

LOAD = 3  # more initiatives that go on than this show a badge (rule 2)


class Sponsored:
    """What can be done about an initiative's sponsor."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        lead_id: Any
        stage: Any
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
        nothing_in_the_way: Any
        entered: Any

    def propose_sponsor(
        self,
        person: Person,
        *,
        by: Person | None,
        now: datetime,
        words: str = "",
        adopt_at: Stage | None = None,
    ) -> Sponsorship:
        """Ask an executive to sponsor this. The old sponsor stays accountable until the answer.

        `adopt_at` says at which stage work already under way is to be accepted as it stands; without it, the stage
        that an import gave. Raises `NotNow` when it has ended, a proposal is open, the person cannot sponsor it, or
        nothing can be adopted at that stage.
        """
        if self.ended:
            raise NotNow(_("%(ref)s has ended; it needs no sponsor any more.", ref=self.ref))
        if self.proposed_sponsor_id is not None:
            raise NotNow(
                _(
                    "A proposal for %(ref)s is still open. "
                    "Withdraw it first, or wait for the answer.",
                    ref=self.ref,
                )
            )
        self._could_sponsor(person)
        stage = self._adoption_at(adopt_at)
        proposal = Sponsorship(
            initiative_id=self.id,
            person_id=person.id,
            answer=Answer.proposed,
            adopts=stage,
            words=words,
            proposed_by_id=by.id if by else None,
            proposed_at=now,
            interim=False,
            answer_words="",
        )
        db.session.add(proposal)
        db.session.flush()  # the database refuses a second open proposal here
        self.proposed_sponsor_id, self.proposed_at = person.id, now
        self.proposed_by_id = proposal.proposed_by_id
        self._resettled(now)
        self.record(
            Kind.sponsor_proposed,
            by=by,
            now=now,
            after={
                "person_id": person.id,
                "proposal_id": proposal.id,
                "adoption": stage is not None,
                "stage": stage.value if stage else None,
            },
            private={"words": words} if words else None,
        )
        return proposal

    def accept_sponsorship(self, *, by: Person, now: datetime) -> None:
        """Become the one sponsor. In `idea` this is the decision on the framed gate, or the adoption as it stands (rule 1).

        Raises `NotNow` when nothing is proposed to `by`, the proposal has lapsed, or `by` leads it.
        """
        proposal = self._open_proposal(by)
        days, pauses = calendars_of({by.id})[by.id], pauses_of([self.id])[self.id]
        if has_lapsed(proposal.proposed_at, days, pauses, now):
            raise NotNow(
                _("The proposal of %(ref)s lapsed after %(days)s working days. Ask to be proposed again.", ref=self.ref, days=LAPSES_AFTER)
            )  # fmt: skip
        self._could_sponsor(by)
        if (began := self.stage == Stage.idea) and proposal.adopts is None:
            self.nothing_in_the_way(Stage.framed, now)
        before = {"sponsor_id": self.sponsor_id, "stage": self.stage.value}
        after = {"sponsor_id": by.id, "proposal_id": proposal.id}
        self._end_present(now)
        proposal.answer, proposal.answered_at = Answer.accepted, now
        self._take(by, interim=False)
        kind = Kind.sponsor_accepted
        if began:
            self.enter(proposal.adopts or Stage.framed, now)
            self.adopted = proposal.adopts is not None
            kind = Kind.stage_adopted if self.adopted else kind
        self.adopt_stage = None
        self._no_proposal()
        self._resettled(now)
        self.record(kind, by=by, now=now, before=before, after={**after, "stage": self.stage.value})
        if began:
            self.entered(by, now)
        for act in when_sponsored:
            act(self, by, now)

    def decline_sponsorship(self, *, by: Person, now: datetime, words: str) -> None:
        """Say no, with the reason. Raises `NotNow` when nothing is proposed to `by`."""
        proposal = self._open_proposal(by)
        self._close(proposal, Answer.declined, now, words)
        self.record(
            Kind.sponsor_declined,
            by=by,
            now=now,
            after={"person_id": proposal.person_id, "proposal_id": proposal.id},
            private={"words": words},
        )

    def withdraw_proposal(self, *, by: Person, now: datetime) -> None:
        """Take the open proposal back. Raises `NotNow` when there is none."""
        self._let_go(Answer.withdrawn, Kind.sponsor_withdrawn, by, now)

    def lapse_proposal(self, *, now: datetime) -> None:
        """Let the open proposal lapse: nobody answered in time. Raises `NotNow` when there is none."""
        self._let_go(Answer.lapsed, Kind.sponsor_lapsed, None, now)

    def pass_to_interim(self, heir: Person, *, by: Person | None, now: datetime) -> None:
        """Make `heir` the interim sponsor because the sponsor's access ends; somebody else may accept later (rule 2)."""
        was = self.sponsor_id
        self._end_present(now)
        db.session.add(
            Sponsorship(
                initiative_id=self.id, person_id=heir.id, answer=Answer.accepted, interim=True, proposed_at=now,
                answered_at=now, words="", answer_words="",
            )
        )  # fmt: skip
        self._take(heir, interim=True)
        self._resettled(now)
        self.record(
            Kind.sponsor_interim,
            by=by,
            now=now,
            before={"sponsor_id": was},
            after={"sponsor_id": heir.id, "interim": True},
        )
        for act in when_sponsored:
            act(self, by, now)

    def _adoption_at(self, asked: Stage | None) -> Stage | None:
        """Return the stage that accepting would enter as it stands, or None where it opens `framed` or moves nothing."""
        stage = asked or self.adopt_stage
        if stage is None or self.stage != Stage.idea:
            return None
        if stage not in ADOPTABLE or stage not in in_use():
            raise NotNow(_("Work cannot be adopted at that stage. Choose another one."))
        return stage

    def _could_sponsor(self, person: Person) -> None:
        words = objection_to(person, self)
        if words:
            raise NotNow(words)

    def _open_proposal(self, person: Person | None) -> Sponsorship:
        proposal = Sponsorship.standing(self.id, Answer.proposed)
        if proposal is None or (person is not None and proposal.person_id != person.id):
            raise NotNow(
                _("No sponsorship of %(ref)s is waiting for this answer any more.", ref=self.ref)
            )
        return proposal

    def _let_go(self, answer: Answer, kind: Kind, by: Person | None, now: datetime) -> None:
        proposal = self._open_proposal(None)
        self._close(proposal, answer, now)
        after = {"person_id": proposal.person_id, "proposal_id": proposal.id}
        self.record(kind, by=by, now=now, after=after)

    def _close(self, proposal: Sponsorship, answer: Answer, now: datetime, words: str = "") -> None:
        proposal.answer, proposal.answered_at, proposal.answer_words = answer, now, words
        self._no_proposal()
        self._resettled(now)

    def _no_proposal(self) -> None:
        self.proposed_sponsor_id = self.proposed_by_id = self.proposed_at = None

    def _end_present(self, now: datetime) -> None:
        present = Sponsorship.standing(self.id, Answer.accepted)
        if present is not None:
            present.answer, present.ended_at = Answer.ended, now
            db.session.flush()

    def _take(self, person: Person, *, interim: bool) -> None:
        self.sponsor_id, self.sponsor_standing = person.id, Standing.executive
        self.sponsor_interim = interim

    def _resettled(self, now: datetime) -> None:
        self.version += 1
        self.touch(now)
