"""What the holder's side does: name who answers, acknowledge, promise a date, resolve, pass it on (rule 23)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.blockers import holding, silos
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.states import State, Verb, refusal
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.roles import NO_DUTIES
from tracker.organisation.settings import day_of


class Answered:
    """How a holder answers a blocker."""

    if TYPE_CHECKING:
        id: Any
        state: Any
        holder: Any
        holder_unit_id: Any
        holder_partner_id: Any
        holder_outside: Any
        answerer_id: Any
        waits: Any
        clock_since: Any
        promised_on: Any
        promised_since: Any
        resolved_at: Any
        resolution: Any
        hand_overs: Any
        escalated_to: Any
        escalated_to_id: Any
        escalated_on: Any
        record: Any
        check: Any
        is_open: Any
        _stand: Any
        _held_by: Any
        _not_oneself: Any

    def name_answerer(self, person: Person | None, *, by: Person | None, now: datetime) -> None:
        """Say who answers for the holder; None leaves it open. Raises `NotNow` for somebody who cannot."""
        self.check(Verb.name_answerer)
        if person is not None:
            self._could_answer(person)
        was = self.answerer_id
        if was == (person.id if person else None):
            return
        self.answerer_id = person.id if person else None
        self._stand(self.state, now, Calendars())
        kind = Kind.blocker_answerer_named if person else Kind.blocker_changed
        self.record(
            kind,
            by=by,
            now=now,
            before={"answerer_id": was},
            after={"answerer_id": self.answerer_id},
        )

    def acknowledge(self, *, by: Person, now: datetime) -> None:
        """Say that it was seen and is being looked at. Whoever says so answers for it, unless somebody was named."""
        state = self.check(Verb.acknowledge)
        before = self._stood()
        self._answers(by)
        self._stand(state, now, Calendars())
        self.record(Kind.blocker_acknowledged, by=by, now=now, before=before, after=self._stood())

    def commit(self, promised_on: date, *, by: Person, now: datetime) -> None:
        """Promise a day; a later promise replaces it, and both stay on the record. Raises `NotNow` for a day gone by."""
        state = self.check(Verb.commit)
        if promised_on < day_of(now):
            raise NotNow(_("A promise is for today or a later day."))
        before = {**self._stood(), "promised_on": _iso(self.promised_on)}
        self._answers(by)
        self.promised_on, self.promised_since = promised_on, day_of(now)
        self._stand(state, now, Calendars())
        after = {**self._stood(), "promised_on": _iso(promised_on)}
        self.record(Kind.blocker_committed, by=by, now=now, before=before, after=after)

    def resolve(self, words: str, *, by: Person, now: datetime) -> None:
        """Say that it is out of the way, and how. It waits for the raiser's word then."""
        state = self.check(Verb.resolve)
        before = {"state": self.state.value}
        calendars = Calendars()
        holding.end(self.id, day_of(now), calendars)
        self.resolved_at, self.resolution = now, words
        self._stand(state, now, calendars)
        self.record(
            Kind.blocker_resolved, by=by, now=now, before=before,
            after={"state": self.state.value, "resolved_on": _iso(day_of(now))}, private={"words": words} if words else None,
        )  # fmt: skip

    def pass_on(
        self,
        *,
        by: Person | None,
        now: datetime,
        words: str,
        holder_unit_id: int | None = None,
        holder_partner_id: int | None = None,
        holder_outside: str | None = None,
    ) -> None:
        """Hand it to another holder, with the reason: its clocks begin anew, its age does not.

        Raises `NotNow` for two holders or none, the present one, the unit that waits, and while a partner holds it.
        """
        self.check(Verb.pass_on)
        if self.holder_partner_id is not None:
            raise NotNow(
                _(
                    "A partner cannot pass a blocker on. Withdraw it, and raise it with the right holder."
                )
            )
        holder = Holder(holder_unit_id, holder_partner_id, holder_outside).checked()
        if holder == self.holder:
            raise NotNow(_("They hold it already. Choose another holder."))
        self._not_oneself(holder, self.waits)
        self.change_hands(holder, by=by, now=now, words=words)

    def change_hands(
        self,
        holder: Holder,
        *,
        by: Person | None,
        now: datetime,
        words: str = "",
        answerer: Person | None = None,
    ) -> None:
        """Give it to `holder` without asking who may: for passing on, and for when a partner ends."""
        if not self.is_open:
            raise NotNow(refusal(Verb.pass_on, self.state))
        before = self._held_by()
        self._hand_to(holder, State.raised, now=now, calendars=Calendars(), answerer=answerer)
        self.record(
            Kind.blocker_passed_on, by=by, now=now, before=before, after={**self._held_by(), "hand_overs": self.hand_overs},
            private={"words": words, "outside": holder.outside},
        )  # fmt: skip

    def _hand_to(
        self,
        holder: Holder,
        state: State,
        *,
        now: datetime,
        calendars: Calendars,
        answerer: Person | None = None,
        promised_on: date | None = None,
    ) -> None:
        """Begin the turn of `holder` in `state`: its clocks begin anew, and the hand-over is counted."""
        on = day_of(now)
        pairs = [(one.key, self.waits.key) for one in (self.holder, holder)]
        for column, value in holder.columns.items():
            setattr(self, column, value)
        self.answerer_id = answerer.id if answerer else None
        self.promised_on, self.promised_since = promised_on, on if promised_on else None
        self.escalated_to = self.escalated_to_id = self.escalated_on = None
        self.clock_since = on
        self.hand_overs += 1
        self._stand(state, now, calendars)
        silos.lock(pairs)
        holding.end(self.id, on, calendars)
        holding.begin(self.id, holder, self.waits, on, calendars)

    def _stood(self) -> dict[str, Any]:
        return {"state": self.state.value, "answerer_id": self.answerer_id}

    def _answers(self, by: Person) -> None:
        """Let whoever speaks for the holder be its answerer when nobody is."""
        if self.answerer_id is None:
            self.answerer_id = by.id

    def _could_answer(self, person: Person) -> None:
        if not person.is_active:
            raise NotNow(
                _("%(name)s has no access any more. Choose somebody else.", name=person.name)
            )
        if self.holder_partner_id is not None:
            if person.partner_id != self.holder_partner_id:
                raise NotNow(
                    _("%(name)s does not work for the partner that holds this.", name=person.name)
                )
        elif person.role in NO_DUTIES:
            raise NotNow(
                _(
                    "%(name)s cannot answer: only our own people who are not auditors can.",
                    name=person.name,
                )
            )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
