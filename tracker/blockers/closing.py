"""What the raiser's side does: confirm, reopen, withdraw; and what ends a blocker by itself (rules 6 and 23)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.actions.models import Action
from tracker.activity.kinds import Kind
from tracker.blockers import holding
from tracker.blockers.clocks import REOPEN_WITHIN
from tracker.blockers.heirs import heir_of, next_answerer
from tracker.blockers.holders import Calendars
from tracker.blockers.raising import still_blockable
from tracker.blockers.states import State, Verb
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


class Closing:
    """How a blocker ends, and comes back."""

    if TYPE_CHECKING:
        id: Any
        initiative_id: Any
        action_id: Any
        holder: Any
        waits: Any
        blocked_partner_id: Any
        state: Any
        due_on: Any
        clock_since: Any
        promised_on: Any
        promised_since: Any
        resolved_at: Any
        resolution: Any
        closed_at: Any
        holder_partner_id: Any
        answerer_id: Any
        change_hands: Any
        name_answerer: Any
        record: Any
        check: Any
        _stand: Any

    def confirm(self, *, by: Person, now: datetime, words: str = "") -> None:
        """Say that it is really out of the way. Raises `NotNow` unless the holder has said so first."""
        self._end(Verb.confirm, Kind.blocker_confirmed, by, now, words)

    def confirm_by_silence(self, *, now: datetime) -> None:
        """Count 5 working days of silence as a yes, marked as such. Raises `NotNow` before they are over."""
        self.check(Verb.confirm)
        if self.due_on is None or self.due_on >= day_of(now):
            raise NotNow(_("There is still time to confirm this or to reopen it."))
        self._end(Verb.confirm, Kind.blocker_confirmed_by_silence, None, now, "")

    def reopen(self, *, by: Person, now: datetime, words: str) -> None:
        """Say that it still stands in the way, and why. Its age goes on as if it had never been called resolved.

        Days of ours that a partner waits begin anew: in between nothing stopped it (rule 22).
        Raises `NotNow` later than 30 days after it was over, and where nothing waits for it any more.
        """
        state = self.check(Verb.reopen)
        if self.closed_at is not None and now - self.closed_at > timedelta(days=REOPEN_WITHIN):
            raise NotNow(
                _(
                    "More than %(days)s days have passed. Raise it as a new blocker.",
                    days=REOPEN_WITHIN,
                )
            )
        self._still_stops_something()
        before = {"state": self.state.value}
        calendars = Calendars()
        if self.blocked_partner_id is None:
            holding.resume(self.id, calendars)
        else:
            holding.begin(self.id, self.holder, self.waits, day_of(now), calendars)
        self.resolved_at = self.closed_at = self.promised_on = self.promised_since = None
        self.resolution = ""
        self.clock_since = day_of(now)
        self._stand(state, now, calendars)
        self._recorded(Kind.blocker_reopened, by, now, before, words)
        self._find_somebody_who_is_there(by, now)

    def withdraw(self, *, by: Person, now: datetime, words: str = "") -> None:
        """Take it back: it does not stand in the way after all. The days it stood still count."""
        self._end(Verb.withdraw, Kind.blocker_withdrawn, by, now, words)

    def withdraw_with_partner(self, *, by: Person | None, now: datetime) -> None:
        """Take it back because the partner that waits ends: nobody there waits any more (rule 21)."""
        self._end(Verb.withdraw, Kind.blocker_withdrawn_with_partner, by, now, "")

    def close_with_initiative(self, *, by: Person | None, now: datetime) -> None:
        """Close it because its initiative was stopped. The days it stood still count."""
        self._end(Verb.close, Kind.blocker_closed_with_initiative, by, now, "")

    def _still_stops_something(self) -> None:
        """Raises `NotNow` where what it stopped is over, or the partner that waited has ended."""
        action = db.session.get(Action, self.action_id) if self.action_id else None
        still_blockable(db.session.get_one(Initiative, self.initiative_id), action)
        partner_id = self.blocked_partner_id
        waited = db.session.get_one(Partner, partner_id) if partner_id else None
        if waited is not None and waited.ended_at is not None:
            raise NotNow(
                _("%(partner)s has ended; nothing waits for it any more.", partner=waited.name)
            )

    def _find_somebody_who_is_there(self, by: Person, now: datetime) -> None:
        """Pass on what comes back to a partner that has ended, or to an answerer without access."""
        partner = (
            db.session.get(Partner, self.holder_partner_id) if self.holder_partner_id else None
        )
        answerer = db.session.get(Person, self.answerer_id) if self.answerer_id else None
        if partner is not None and partner.ended_at is not None:
            holder, keeper = heir_of(partner, self)
            self.change_hands(holder, by=by, now=now, answerer=keeper)
        elif answerer is not None and not answerer.is_active:
            self.name_answerer(next_answerer(self, answerer), by=by, now=now)

    def _end(self, verb: Verb, kind: Kind, by: Person | None, now: datetime, words: str) -> None:
        state = self.check(verb)
        before = {"state": self.state.value}
        calendars = Calendars()
        holding.end(self.id, day_of(now), calendars)
        self.closed_at = now
        self._stand(state, now, calendars)
        self._recorded(kind, by, now, before, words)

    def _recorded(
        self, kind: Kind, by: Person | None, now: datetime, before: dict[str, Any], words: str
    ) -> None:
        after = {"state": State(self.state).value}
        self.record(
            kind,
            by=by,
            now=now,
            before=before,
            after=after,
            private={"words": words} if words else None,
        )
