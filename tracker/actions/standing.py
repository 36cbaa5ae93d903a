"""What every verb of an action keeps right: its state, and until when it is in time (rules 6, 19 and 22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, select

from tracker.actions.obstacles import times_with_us
from tracker.actions.reviews import reviews_of
from tracker.actions.states import LIFE, OPEN, OVER, State
from tracker.db import db
from tracker.initiatives.pauses import Limit, Pause, extended, pauses_of, united
from tracker.life import Life, Living
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def whose_calendar(partner_id: Any, assignee_id: Any) -> Any:
    """Return, in SQL, the calendar by which an assignee works: the partner's own, or that of the person's unit; NULL is ours.

    Both are columns or values; one of the two is None (`assignees.one_assignee`).
    """
    partners = select(Partner.calendar_id).where(Partner.id == partner_id)
    units = select(Unit.acting_calendar_id).join(Person, Person.unit_id == Unit.id)
    units = units.where(Person.id == assignee_id)
    return func.coalesce(partners.scalar_subquery(), units.scalar_subquery())


def calendar_of(action: Any) -> int | None:
    """Return the calendar by which the assignee of `action` works; None is ours."""
    return db.session.scalar(select(whose_calendar(action.partner_id, action.assignee_id)))


def last_day(
    action: Any, held: Sequence[Pause], ours: Sequence[Pause], days: WorkingDays
) -> date | None:
    """Return the last day on which an action is in time, once the working days on hold and those of `ours` are taken out:
    with us to be looked at, or blocked by us. None while it is paused, blocked by us, handed in, or over."""
    if action.state not in OPEN or (held and held[-1].ends is None):
        return None  # on hold also where it was late before: nothing is asked of anybody until work goes on
    return extended(Limit(action.due_on, action.due_since), united([*held, *ours]), days)


class Standing(Living):
    """Where an action stands."""

    if TYPE_CHECKING:
        id: Any
        initiative_id: Any
        assignee_id: Any
        partner_id: Any
        due_on: Any
        due_since: Any
        last_on: Any
        assigned_at: Any
        closed_at: Any
        acknowledged_at: Any
        proposed_on: Any
        proposed_by_id: Any
        proposed_words: Any
        version: Any

    life: ClassVar[Life] = LIFE

    def late(self, today: date) -> bool:
        """Tell whether it is open, and its last day has passed."""
        return self.last_on is not None and self.last_on < today

    def reckon(self) -> None:
        """Keep `last_on` right: after a move, another date, a hold, or a change of holidays."""
        if not self.is_open:
            self.last_on = None
            return
        held = pauses_of([self.initiative_id])[self.initiative_id]
        reviews = reviews_of({self.id: self.assigned_at})[self.id]
        ours = [*reviews, *times_with_us([self.id])[self.id]]
        self.last_on = last_day(self, held, ours, EveryCalendar().of(calendar_of(self)))

    def _stand(self, state: State, now: datetime) -> None:
        """Enter `state` and keep everything that hangs on it."""
        with db.session.no_autoflush:  # what the verb has changed so far fits only the new state
            self.state = state
            self.closed_at = now if state in OVER else None
            if state in (State.acknowledged, State.in_progress, State.submitted, State.done):
                self.acknowledged_at = self.acknowledged_at or now
            if state in OVER:
                self._forget_proposal()
        self.version += 1
        db.session.flush()
        self.reckon()

    def _forget_proposal(self) -> None:
        self.proposed_on = self.proposed_by_id = None
        self.proposed_words = ""
