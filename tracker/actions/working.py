"""What the assignee does: acknowledge, start, tell how far it is, hand in, decline, propose another date (rule 19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee
from tracker.actions.reviews import Review
from tracker.actions.states import State, Verb
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


class Working:
    """The assignee's verbs."""

    if TYPE_CHECKING:
        id: Any
        initiative_id: Any
        state: Any
        assignee_id: Any
        partner_id: Any
        host_id: Any
        looked_at: Any
        progress: Any
        due_on: Any
        last_on: Any
        submission: Any
        reply: Any
        proposed_on: Any
        proposed_by_id: Any
        proposed_words: Any
        version: Any
        record: Any
        check: Any
        _stand: Any
        _give_to: Any

    def acknowledge(self, *, by: Person, now: datetime) -> None:
        """Say that it was seen and will be done. Raises `NotNow` where that was said before."""
        state = self.check(Verb.acknowledge)
        self._move(Kind.action_acknowledged, state, by, now)

    def start(self, *, by: Person, now: datetime) -> None:
        """Begin; it counts as acknowledged as well. Raises `NotNow` once it has begun."""
        state = self.check(Verb.start)
        self._move(Kind.action_started, state, by, now)

    def report(self, progress: int, words: str = "", *, by: Person, now: datetime) -> None:
        """Say how far it is, in per cent from 0 to 100, and what changed. Raises ValueError outside of these."""
        if not 0 <= progress <= 100:
            raise ValueError(progress)
        state = self.check(Verb.report)
        was, self.progress = self.progress, progress
        before = {"progress": was, "state": self.state.value}
        self._stand(state, now)
        self.record(
            Kind.action_progressed, by=by, now=now, before=before,
            after={"progress": progress, "state": state.value}, private={"words": words} if words else None,
        )  # fmt: skip

    def submit(self, words: str = "", *, by: Person, now: datetime) -> None:
        """Hand it in: the host accepts or returns it. Raises `NotNow` unless it is open."""
        state = self.check(Verb.submit)
        review = Review(
            action_id=self.id, partner_id=self.partner_id, submitted_at=now, last_on=self.last_on
        )
        db.session.add(review)
        self.submission, self.reply = words, ""
        self._move(Kind.action_submitted, state, by, now, words)

    def finish(self, *, by: Person, now: datetime, words: str = "") -> None:
        """Close an action of our own that nobody else has to look at. Raises `NotNow` for any other: that is handed in."""
        state = self.check(Verb.finish)
        if self.looked_at:
            raise NotNow(_("Somebody else accepts this action. Hand it in."))
        self.progress = 100
        self._move(Kind.action_done, state, by, now, words)

    def decline(self, words: str, *, by: Person, now: datetime) -> None:
        """Hand it back to the host, and say why: it is the host's own until it is given to somebody else."""
        state = self.check(Verb.decline)
        if self.assignee_id == self.host_id:
            raise NotNow(
                _("You host this action yourself. Give it to somebody else, or cancel it.")
            )
        before = {**Assignee.of(self).columns, "state": self.state.value}
        self._give_to(Assignee(person_id=self.host_id), words)
        self._stand(state, now)
        self.record(
            Kind.action_declined, by=by, now=now, before=before, after={"state": state.value},
            private={"words": words},
        )  # fmt: skip

    def propose_date(self, day: date, words: str = "", *, by: Person, now: datetime) -> None:
        """Ask for another date; until the host answers, the present one stands. Raises `NotNow` for the same one, and a past one."""
        self.check(Verb.propose_date)
        if day < day_of(now):
            raise NotNow(_("Choose today or a later day."))
        if day == self.due_on:
            raise NotNow(_("That is the date agreed already."))
        self.proposed_on, self.proposed_by_id, self.proposed_words = day, by.id, words
        self.version += 1
        self.record(
            Kind.action_date_proposed, by=by, now=now, before={"due_on": self.due_on.isoformat()},
            after={"proposed_on": day.isoformat()}, private={"words": words} if words else None,
        )  # fmt: skip

    def _move(
        self, kind: Kind, state: State, by: Person | None, now: datetime, words: str = ""
    ) -> None:
        before = {"state": self.state.value}
        self._stand(state, now)
        self.record(
            kind, by=by, now=now, before=before, after={"state": state.value},
            private={"words": words} if words else None,
        )  # fmt: skip
