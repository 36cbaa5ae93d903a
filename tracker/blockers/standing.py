"""What every verb of a blocker keeps right: its state, whom it waits on, until when, and its initiative's card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import select, update

from tracker.actions.models import Action
from tracker.blockers.clocks import (
    ACKNOWLEDGE_WITHIN,
    ANSWER_WITHIN,
    COMMIT_WITHIN,
    CONFIRM_WITHIN,
    SETTLE_WITHIN,
    due,
)
from tracker.blockers.holders import Calendars
from tracker.blockers.rungs import climbs_after
from tracker.blockers.states import LIFE, OPEN, WAITS_ON, State, Verb, WaitingOn, refusal
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import Limit, Pause, pauses_of, within
from tracker.life import Life, Living
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.settings import day_of


def due_of(blocker: Any, pauses: Sequence[Pause], days: WorkingDays) -> date | None:
    """Return until when whoever `blocker` (or a row with its columns) waits for is in time, by their `days`; None while paused."""
    return due(_limits(blocker, days), pauses, days)


def _limits(blocker: Any, days: WorkingDays) -> list[Limit]:
    """Return every last day that counts in this state. Nobody outside acknowledges, so no clock runs for that."""
    if blocker.state == State.resolved:
        return [within(CONFIRM_WITHIN, day_of(blocker.resolved_at), days)]
    limits: list[Limit] = []
    if blocker.state not in OPEN:
        return limits
    if blocker.state == State.counter_proposed:
        limits.append(within(ANSWER_WITHIN, blocker.asked_since, days))
    elif blocker.state == State.disputed:
        limits.append(within(SETTLE_WITHIN, blocker.asked_since, days))
    elif blocker.state == State.raised and blocker.holder_outside is None:
        limits.append(within(ACKNOWLEDGE_WITHIN, blocker.clock_since, days))
    if blocker.state in (State.raised, State.acknowledged):
        limits.append(within(COMMIT_WITHIN, blocker.clock_since, days))
    elif blocker.state == State.committed and blocker.promised_on:
        limits.append(Limit(blocker.promised_on, blocker.promised_since or blocker.clock_since))
    if blocker.needed_by:
        limits.append(Limit(blocker.needed_by, blocker.needed_since or blocker.clock_since))
    return limits


class Standing(Living):
    """Where a blocker stands."""

    if TYPE_CHECKING:
        id: Any
        initiative_id: Any
        action_id: Any
        waiting_on: Any
        open_since: Any
        raised_at: Any
        resolved_at: Any
        clock_since: Any
        due_on: Any
        escalates_on: Any
        waits: Any
        answerer_id: Any
        asked_since: Any
        proposed_on: Any
        reason: Any
        holder: Any
        version: Any

    life: ClassVar[Life] = LIFE

    def late(self, today: date) -> bool:
        """Tell whether a clock, the promise or the day it is needed by has passed."""
        return self.is_open and self.due_on is not None and self.due_on < today

    def reckon(self, calendars: Calendars, pauses: Sequence[Pause] | None = None) -> None:
        """Keep `due_on` and `escalates_on` right: after a move, a hold, or a change of holidays."""
        days = self._days_of_whom_it_waits_on(calendars)
        if pauses is None:
            pauses = [] if self.is_over else pauses_of([self.initiative_id])[self.initiative_id]
        self.due_on = due_of(self, pauses, days)
        self.escalates_on = climbs_after(self, pauses, days)

    def _days_of_whom_it_waits_on(self, calendars: Calendars) -> WorkingDays:
        """Return the working days of whoever has the next word; of whoever settles, the organisation's."""
        if self.waiting_on == WaitingOn.settler:
            return calendars.of(None)
        return calendars.of_holder(
            self.waits if self.waiting_on == WaitingOn.raiser else self.holder
        )

    def refuse_if_over(self) -> None:
        """Raise `NotNow` once nothing is to be said of it any more."""
        if self.is_over:
            raise NotNow(refusal(Verb.withdraw, self.state))

    def _stand(
        self, state: State, now: datetime, calendars: Calendars, counts: int | None = None
    ) -> None:
        """Enter `state` and keep everything that hangs on it; `counts` is +1 for one that was just raised."""
        with db.session.no_autoflush:  # what the verb has changed so far fits only the new state
            was_open, since = self.is_open, day_of(self.raised_at) if state in OPEN else None
            self.state, self.waiting_on, self.open_since = state, WAITS_ON[state], since
            self._forget_what_was_answered()
        self.reckon(calendars)
        self.version += 1
        self._show(counts if counts is not None else self.is_open - was_open, now)
        self._move_action()

    def _forget_what_was_answered(self) -> None:
        """Keep what was proposed, and why, only as long as it waits for an answer."""
        if self.state not in (State.counter_proposed, State.disputed):
            self.asked_since, self.reason = None, ""
        if self.state != State.counter_proposed:
            self.proposed_on = None

    def _show(self, counts: int, now: datetime) -> None:
        """Touch the initiative's card, and keep how many blockers are open on it."""
        db.session.execute(
            update(Initiative)
            .where(Initiative.id == self.initiative_id)
            .values(
                open_blockers=Initiative.open_blockers + counts,
                touches=Initiative.touches + 1,
                changed=now,
            )
            .execution_options(synchronize_session="fetch")
        )

    def _move_action(self) -> None:
        """Keep the last day of the action right that it stands in the way of: days that a partner waits are ours (rule 22)."""
        if self.action_id is not None:
            its = select(Action).where(Action.id == self.action_id).with_for_update(of=Action)
            db.session.scalars(its.execution_options(populate_existing=True)).one().reckon()

    def _held_by(self) -> dict[str, Any]:
        """Return what events declare of the holder and of who answers."""
        holder = self.holder
        return {
            "holder_kind": holder.kind,
            "holder_unit_id": holder.unit_id,
            "holder_partner_id": holder.partner_id,
            "answerer_id": self.answerer_id,
            "state": self.state.value,
        }
