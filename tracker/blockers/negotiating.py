"""How the two sides agree on a day, and what happens when they do not agree on who owes it (rule 23)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.blockers.heirs import speaker_of
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.settling import settler_now
from tracker.blockers.states import Verb
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


class Negotiated:
    """How a day is bargained for, and a dispute settled."""

    if TYPE_CHECKING:
        id: Any
        holder: Any
        waits: Any
        needed_by: Any
        state: Any
        clock_since: Any
        hand_overs: Any
        escalated_to: Any
        escalated_to_id: Any
        escalated_on: Any
        proposed_on: Any
        promised_on: Any
        promised_since: Any
        asked_since: Any
        reason: Any
        record: Any
        check: Any
        _answers: Any
        _hand_to: Any
        _held_by: Any
        _not_oneself: Any
        _stand: Any
        _stood: Any

    def counter_propose(self, proposed_on: date, *, by: Person, now: datetime, words: str) -> None:
        """Propose another day than the one it is needed by, and say why; the raiser's side has the next word.

        A later proposal replaces it. Raises `NotNow` for a day gone by, for one that is in time, and where no day is needed.
        """
        state = self.check(Verb.counter_propose)
        _not_gone_by(proposed_on, now)
        if self.needed_by is None:
            raise NotNow(_("No day is named by which it is needed. Promise yours instead."))
        if proposed_on <= self.needed_by:
            raise NotNow(_("That is in time for the day it is needed by. Promise it instead."))
        before = {**self._stood(), "proposed_on": _iso(self.proposed_on)}
        today, calendars = day_of(now), Calendars()
        self._answers(by)
        self.proposed_on, self.asked_since, self.reason = proposed_on, today, words
        self._stand(state, now, calendars)
        self.record(
            Kind.blocker_counter_proposed, by=by, now=now, before=before,
            after={**self._stood(), "proposed_on": _iso(proposed_on)}, private={"words": words},
        )  # fmt: skip

    def accept_proposal(self, *, by: Person, now: datetime) -> None:
        """Agree to the day that was proposed: it is promised now. Raises `NotNow` once that day has gone by."""
        state = self.check(Verb.accept)
        agreed = self.proposed_on
        if agreed < day_of(now):
            raise NotNow(_("The proposed day has passed. Decline it, and say what you need."))
        before = {"state": self.state.value}
        today, calendars = day_of(now), Calendars()
        self.promised_on, self.promised_since = agreed, today
        self._stand(state, now, calendars)
        after = {"state": self.state.value, "promised_on": _iso(agreed)}
        self.record(Kind.blocker_counter_accepted, by=by, now=now, before=before, after=after)

    def decline_proposal(self, *, by: Person, now: datetime, words: str) -> None:
        """Say that the proposed day will not do, and why: the holder promises another one, within clocks that begin anew."""
        state = self.check(Verb.decline)
        before = {"state": self.state.value, "proposed_on": _iso(self.proposed_on)}
        today, calendars = day_of(now), Calendars()
        self.clock_since = today
        self._stand(state, now, calendars)
        self.record(
            Kind.blocker_counter_declined, by=by, now=now, before=before,
            after={"state": self.state.value, "proposed_on": None}, private={"words": words},
        )  # fmt: skip

    def dispute(self, *, by: Person, now: datetime, words: str) -> None:
        """Say that the holder does not owe it, and why: the sponsor settles that. What was promised or proposed is off.

        Raises `NotNow` where nobody can settle it.
        """
        state = self.check(Verb.dispute)
        if settler_now(type(self), self.id) is None:
            raise NotNow(
                _("Nobody can settle this: there is no sponsor, and no programme owner is named.")
            )
        before, today, calendars = self._stood(), day_of(now), Calendars()
        self._answers(by)
        self.promised_on = self.promised_since = None
        self.asked_since, self.reason = today, words
        self._stand(state, now, calendars)
        self.record(
            Kind.blocker_disputed, by=by, now=now, before=before, after=self._stood(), private={"words": words},
        )  # fmt: skip

    def settle(
        self, holder: Holder, promised_on: date, *, by: Person, now: datetime, words: str
    ) -> None:
        """Say who owes it, and by when; that day is promised. Another holder gets it as if it had been passed on, and
        whoever heads that unit answers.

        Raises `NotNow` for two holders or none, one that has ended, the side that waits, and a day gone by.
        """
        state = self.check(Verb.settle)
        _not_gone_by(promised_on, now)
        holder = holder.checked()
        self._not_oneself(holder, self.waits)
        before, today, calendars = self._held_by(), day_of(now), Calendars()
        if holder == self.holder:
            self.escalated_to = self.escalated_to_id = self.escalated_on = None
            self.promised_on, self.promised_since = promised_on, today
            self._stand(state, now, calendars)
        else:
            speaker = speaker_of(holder, self)
            self._hand_to(
                holder,
                state,
                now=now,
                calendars=calendars,
                answerer=speaker,
                promised_on=promised_on,
            )
        self.record(
            Kind.blocker_settled, by=by, now=now, before=before,
            after={**self._held_by(), "promised_on": _iso(promised_on), "hand_overs": self.hand_overs},
            private={"words": words, "outside": holder.outside},
        )  # fmt: skip


def _not_gone_by(day: date, now: datetime) -> None:
    if day < day_of(now):
        raise NotNow(_("A promise is for today or a later day."))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
