"""Whoever decided may take it back for ten minutes, unless somebody has acted on it: that is a second decision (rule 13).

What was decided stays as it was decided, and says that it was taken back. The request waits for the decision once more, with
what it said and since when it was asked. A stop cannot be taken back: what hung on the initiative has ended with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.declaring import digest_of
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.approvals.asking import SAYS
from tracker.approvals.conditions import conditions_of
from tracker.approvals.freezing import content_of
from tracker.approvals.states import OPENING, Decision, State
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.people import Person

WITHIN = timedelta(minutes=10)


class Undoing:
    """The verb of those who think better of it."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        initiative_id: Any
        milestone: Any
        milestone_id: Any
        opens: Any
        state: Any
        decision: Any
        subject_type: Any
        closed_at: Any
        decided_by_id: Any
        for_sponsor: Any
        returned_at: Any
        returned_by_id: Any
        returned_words: Any
        undone_at: Any
        undone_by_id: Any
        drafted_at: Any
        drafted_by_id: Any
        asked_at: Any
        asked_by_id: Any
        waits_since: Any
        reminded_at: Any
        escalated_at: Any
        agreed_at: Any
        by_link: Any
        digest: Any
        finance_by_id: Any
        forget_agreement: Any
        version: Any
        record: Any

    @property
    def answered_at(self) -> datetime | None:
        """When it was decided or sent back last, as long as that stands."""
        if self.state == State.agreed:
            return self.agreed_at
        return self.returned_at if self.state == State.draft else self.closed_at

    @property
    def undone_until(self) -> datetime | None:
        """Until when the decision can be taken back, as far as the request itself knows; None where it cannot."""
        stands = self.state in (State.agreed, State.decided) or self._sent_back
        for_good = self.undone_at is not None or self.decision == Decision.stopped
        if for_good or not stands or self.finance_by_id is not None:
            return None
        return self.answered_at + WITHIN if self.answered_at else None

    @property
    def answerer_id(self) -> int | None:
        """Who made the decision that stands."""
        return self.returned_by_id if self._sent_back else self.decided_by_id

    def undo(self, *, by: Person, now: datetime) -> Self:
        """Take the decision back, and return the request that waits again: this one, or another where this one was closed.

        Raises `NotNow` where nothing was decided, for a stop, once it was taken back, for anybody but whoever decided, after
        ten minutes, and once somebody has acted since.
        """
        self.refuse_undoing(by, now)
        at, decision = self.answered_at, self.decision or Decision.sent_back
        behalf = self.for_sponsor
        before = {"state": self.state.value, "decision": decision.value}
        if self.state != State.decided:
            again = self._wait_again(at, now)
        else:
            self.undone_at, self.undone_by_id = now, by.id
            self.version += 1
            db.session.flush()
            self._reverse(decision, by, now)
            again = self._once_more(at, now)
        self.record(
            Kind.approval_undone, by=by, now=now, before=before,
            after={"state": State.submitted.value, "stage": self.opens.value, "again_id": again.id},
            on_behalf_of=behalf,
        )  # fmt: skip
        if again is not self:  # its own history begins with that
            after = {
                "state": State.submitted.value,
                "stage": self.opens.value,
                "sha256": again.digest,
            }
            again.record(Kind.approval_waits_again, by=by, now=now, after=after)
        return again

    def refuse_undoing(self, by: Person, now: datetime) -> None:
        """Raise `NotNow` where `by` cannot take the decision back at `now`."""
        if self.undone_at is not None:
            raise NotNow(_("This decision was taken back already. The request waits again."))
        if self.decision == Decision.stopped:
            raise NotNow(_("Stopping cannot be taken back: what hung on %(ref)s has ended with it.", ref=self.initiative.ref))  # fmt: skip
        if self.finance_by_id is not None:
            raise NotNow(_("Two people approved this, so it stands."))
        until = self.undone_until
        if until is None:
            raise NotNow(_("Nothing stands decided here, so there is nothing to take back."))
        if self.answerer_id != by.id:
            raise NotNow(_("Only whoever decided can take it back."))
        if now > until:
            raise NotNow(_("A decision can be taken back for ten minutes. What follows now needs another request."))  # fmt: skip
        if self._acted_on():
            raise NotNow(_("Somebody has acted on it since, so it stands. What follows needs another request."))  # fmt: skip

    def can_undo(self, person: Any, now: datetime) -> bool:
        """Tell whether `person` can take the decision back at `now`; one statement, and only for whoever decided."""
        until = self.undone_until
        return (
            until is not None
            and now <= until
            and self.answerer_id == person.id
            and not self._acted_on()
        )

    @property
    def _sent_back(self) -> bool:
        """Tell whether the sponsor sent it back, and not finance."""
        return self.state == State.draft and self.returned_at is not None and self.agreed_at is None

    def _acted_on(self) -> bool:
        """Tell whether finance or anybody else did anything to the initiative after the decision."""
        decided = select(Event.id).where(
            Event.subject_type == self.subject_type, Event.subject_id == self.id, Event.kind.in_(DECIDED)
        )  # fmt: skip
        last = decided.order_by(Event.id.desc()).limit(1).scalar_subquery()
        since = select(Event.id).where(
            Event.initiative_id == self.initiative_id, Event.id > last, Event.actor_id.is_not(None)
        )
        return db.session.scalar(since.limit(1)) is not None

    def _reverse(self, decision: Decision, by: Person, now: datetime) -> None:
        """Let the initiative stand as before."""
        if decision == Decision.held:
            self.initiative.resume(by=by, now=now, for_sponsor=self.for_sponsor)
        elif decision in OPENING:
            for one in conditions_of(self.id):
                one.action.cancel(_("The decision was taken back."), by=by, now=now)
                one.let_go(by=by, now=now)
            self.initiative.take_back_opening(by=by, now=now, for_sponsor=self.for_sponsor)

    def _wait_again(self, at: datetime | None, now: datetime) -> Self:
        """Wait for the sponsor again as what it is: it was sent back, or finance has not decided yet."""
        if self.state == State.agreed:
            self.forget_agreement()
            self.state = State.submitted  # before anything is asked: one UPDATE holds it all
            self.initiative.agree_ask(now=now, agreed=False)
        else:
            self.state, self.for_sponsor_id = State.submitted, None
            self.returned_at, self.returned_by_id, self.returned_words = None, None, ""
            self.by_link = False
            self.initiative.ask_again(self.opens, at, now=now)
        self.version += 1
        db.session.flush()
        return self

    def _once_more(self, at: datetime | None, now: datetime) -> Self:
        """Put the same request to the sponsor once more: it waits since when it did, and says what it said."""
        content = content_of(self, now)
        model: Any = type(self)
        again = model(
            initiative=self.initiative, milestone=self.milestone, initiative_id=self.initiative_id, milestone_id=self.milestone_id,
            opens=self.opens, state=State.submitted, words="", returned_words="", frozen=content, digest=digest_of(content), version=1,
            **{key: getattr(self, key) for key in (*SAYS, *CARRIED)},
        )  # fmt: skip
        db.session.add(again)
        db.session.flush()
        self.initiative.ask_again(self.opens, at, now=now)
        return again


CARRIED = (
    *("drafted_at", "drafted_by_id", "asked_at", "asked_by_id"),
    *("waits_since", "reminded_at", "escalated_at"),
    *("finance_wanted", "fresh_wanted", "link_hours"),
)
DECIDED = (Kind.approval_decided, Kind.approval_agreed)
