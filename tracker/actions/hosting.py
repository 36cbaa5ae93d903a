"""What the host does: accept or return what is handed in, answer a date, set another, cancel (rule 19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee
from tracker.actions.reviews import Review
from tracker.actions.states import State, Verb
from tracker.actions.undoing import UNDONE_WITHIN, accepted
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


class Hosting:
    """The host's verbs; a lead or a manager does them as well."""

    if TYPE_CHECKING:
        id: Any
        host_id: Any
        assignee_id: Any
        partner_id: Any
        state: Any
        returned: Any
        progress: Any
        reply: Any
        due_on: Any
        due_since: Any
        due_changes: Any
        proposed_on: Any
        version: Any
        record: Any
        assign: Any
        reckon: Any
        check: Any
        _stand: Any
        _move: Any
        _forget_proposal: Any

    def accept(self, *, by: Person, now: datetime, words: str = "") -> None:
        """Take what was handed in: the action is over. Raises `NotNow` unless something is handed in."""
        state = self.check(Verb.accept)
        self._answer_submission(now, accepted=True)
        before = {"state": self.state.value, "progress": self.progress}
        self.reply, self.progress = words, 100
        self._stand(state, now)
        self.record(
            Kind.action_accepted, by=by, now=now, before=before,
            after={"state": state.value, "progress": 100}, private={"words": words} if words else None,
        )  # fmt: skip

    def take_back(self, *, by: Person, now: datetime) -> None:
        """Undo an acceptance: it is handed in as it was, and waits for an answer (as rule 13 has it for decisions).

        Raises `NotNow` later than UNDONE_WITHIN, and once somebody else acted on it, or its initiative has ended.
        """
        state = self.check(Verb.take_back)
        since, review = accepted(self, by), Review.last(self.id)
        if since is None or review is None or now - since.at > UNDONE_WITHIN:
            raise NotNow(
                _("It can be taken back for ten minutes only. Add a new action for what is still missing.")
            )  # fmt: skip
        if since.more:
            raise NotNow(
                _("Somebody has acted on it since. Add a new action for what is still missing.")
            )
        review.answered_at = review.accepted = None
        before = {"state": self.state.value}
        self.reply, self.progress = "", since.progress
        self._stand(state, now)
        after = {"state": state.value}
        self.record(Kind.action_taken_back, by=by, now=now, before=before, after=after)

    def return_(self, words: str, *, by: Person, now: datetime) -> None:
        """Give it back, and say what is missing; each time is counted. Our days with it move the last day in time."""
        state = self.check(Verb.return_)
        self._answer_submission(now, accepted=False)
        self.returned += 1
        self.reply = words
        before = {"state": self.state.value, "returned": self.returned - 1}
        self._stand(state, now)
        self.record(
            Kind.action_returned, by=by, now=now, before=before,
            after={"state": state.value, "returned": self.returned}, private={"words": words},
        )  # fmt: skip
        self._find_somebody_who_is_there(by, now)

    def accept_date(self, *, by: Person, now: datetime) -> None:
        """Agree to the date that was proposed. Raises `NotNow` where none is."""
        self.check(Verb.accept_date)
        proposed = self._proposed()
        before = {"due_on": self.due_on.isoformat()}
        self._due(proposed, now)
        after = {"due_on": proposed.isoformat()}
        self.record(Kind.action_date_accepted, by=by, now=now, before=before, after=after)

    def decline_date(self, words: str, *, by: Person, now: datetime) -> None:
        """Keep the present date, and say why. Raises `NotNow` where no other is proposed."""
        self.check(Verb.decline_date)
        before = {"proposed_on": self._proposed().isoformat()}
        self._forget_proposal()
        self._say(words)
        self.version += 1
        after = {"due_on": self.due_on.isoformat()}
        self.record(
            Kind.action_date_declined, by=by, now=now, before=before, after=after, private={"words": words}
        )  # fmt: skip

    def reschedule(self, day: date, words: str = "", *, by: Person, now: datetime) -> None:
        """Set another due date; every one that was agreed stays on the trail. Raises `NotNow` for a past one."""
        self.check(Verb.reschedule)
        if day == self.due_on:
            return
        if day < day_of(now):
            raise NotNow(_("Choose today or a later day."))
        before = {"due_on": self.due_on.isoformat()}
        self._say(words)
        self._due(day, now)
        after = {"due_on": day.isoformat()}
        self.record(
            Kind.action_rescheduled, by=by, now=now, before=before, after=after,
            private={"words": words} if words else None,
        )  # fmt: skip

    def cancel(self, words: str, *, by: Person, now: datetime) -> None:
        """Give it up, and say why. Raises `NotNow` once it is over."""
        state = self.check(Verb.cancel)
        self._withdraw_submission(now)
        self.reply = words
        self._move(Kind.action_cancelled, state, by, now, words)

    def cancel_with_initiative(self, *, by: Person | None, now: datetime) -> None:
        """Give it up because its initiative was stopped (rule 6)."""
        state = self.check(Verb.cancel)
        self._withdraw_submission(now)
        self._move(Kind.action_cancelled_with_initiative, state, by, now)

    def _find_somebody_who_is_there(self, by: Person, now: datetime) -> None:
        """Give what comes back to the host where whoever handed it in has no access any more."""
        partner = db.session.get(Partner, self.partner_id) if self.partner_id else None
        person = db.session.get(Person, self.assignee_id) if self.assignee_id else None
        gone = partner.ended_at is not None if partner else not (person and person.is_active)
        if gone:
            self.assign(Assignee(person_id=self.host_id), by=by, now=now)

    def _say(self, words: str) -> None:
        """Add to what the assignee reads; what is missing stays there until it is handed in again."""
        self.reply = "\n\n".join(part for part in (self.reply, words) if part)

    def _due(self, day: date, now: datetime) -> None:
        self.due_on, self.due_since = day, day_of(now)
        self.due_changes += 1
        self._forget_proposal()
        self.version += 1
        db.session.flush()
        self.reckon()

    def _proposed(self) -> date:
        if self.proposed_on is None:
            raise NotNow(_("No other date is proposed."))
        return self.proposed_on

    def _answer_submission(self, now: datetime, *, accepted: bool) -> None:
        review = Review.waiting(self.id)
        if review is None:
            raise RuntimeError("An action that is handed in has a submission.")
        review.answered_at, review.accepted = now, accepted

    def _withdraw_submission(self, now: datetime) -> None:
        if self.state == State.submitted:
            self._answer_submission(now, accepted=False)
