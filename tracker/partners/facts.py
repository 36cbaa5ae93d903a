"""What an event makes of an action that a partner does: the row that counts on its scorecard (rule 22).

The same sums serve the moment in which it happens and the trail, from which they are done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.pauses import Pause, holds_of, pause_of, waited
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.partners import Partner
from tracker.organisation.settings import Organisation
from tracker.partners.quarters import Quarter
from tracker.partners.scores import Measure

ACKNOWLEDGING = frozenset(
    {Kind.action_acknowledged, Kind.action_started, Kind.action_progressed, Kind.action_submitted}
)
ANSWERING = {Kind.action_accepted: Measure.accepted, Kind.action_returned: Measure.returned}
DATING = frozenset({Kind.action_date_accepted, Kind.action_rescheduled})
UNDONE = Kind.action_taken_back  # an acceptance: it never counted
WATCHED = ACKNOWLEDGING | ANSWERING.keys() | DATING | {UNDONE}


@dataclass(frozen=True)
class Fact:
    """A row of a scorecard, before it is kept: as `scores.ScoreRow` has it."""

    partner_id: int
    measure: Measure
    day: date
    action_id: int | None = None
    holding_id: int | None = None
    days: int = 0
    in_time: bool | None = None
    first_time: bool | None = None
    by_us: bool | None = None

    @property
    def quarter(self) -> int:
        """The number of the quarter that it counts in."""
        return Quarter.of(self.day).number

    @property
    def columns(self) -> dict[str, Any]:
        """Everything that the row holds, by column."""
        return {**vars(self), "quarter": self.quarter}


class Days:
    """Whose days count, and which: read once, and remembered for as long as this is held."""

    def __init__(self) -> None:
        self.zone = Organisation.current().time_zone
        self._calendars: EveryCalendar | None = None
        self._partners: dict[int, WorkingDays] = {}
        self._holds: dict[int, Sequence[Any]] = {}

    def on(self, moment: datetime) -> date:
        """Return the organisation's day of a moment."""
        return local_day(moment, self.zone)

    def waited(self, action: Any, partner_id: int, since: datetime, until: datetime) -> int:
        """Return the working days of the partner's calendar, else of ours, between two moments, without those on hold."""
        pauses = self._pauses_by(until, action.initiative_id)
        return waited(self.on(since), self.on(until), pauses, self._of(partner_id))

    def on_hold(self, action: Any, day: date, by: datetime) -> bool:
        """Tell whether the initiative of an action was on hold on `day`, or put on hold then, as it stood at the moment `by`."""
        return any(
            pause.starts <= day and (pause.ends is None or day < pause.ends)
            for pause in self._pauses_by(by, action.initiative_id)
        )

    def _of(self, partner_id: int) -> WorkingDays:
        if partner_id not in self._partners:
            self._calendars = self._calendars or EveryCalendar()
            its = select(Partner.calendar_id).where(Partner.id == partner_id)
            self._partners[partner_id] = self._calendars.of(db.session.scalar(its))
        return self._partners[partner_id]

    def _pauses_by(self, moment: datetime, initiative_id: int) -> list[Pause]:
        """Return the times on hold as they stood at a moment: what began or ended later on the same day was not known then."""
        if initiative_id not in self._holds:
            self._holds[initiative_id] = holds_of(initiative_id)
        return [
            pause_of(hold.begun_at, hold.ended_at if hold.ended_at and hold.ended_at <= moment else None)
            for hold in self._holds[initiative_id]
            if hold.begun_at <= moment
        ]  # fmt: skip


def acknowledged(action: Any, at: datetime, days: Days) -> Fact | None:
    """Return the row of an acknowledgement; None for work of our own. Each time it is given anew it is acknowledged anew."""
    if action.partner_id is None:
        return None
    took = days.waited(action, action.partner_id, action.assigned_at, at)
    return Fact(action.partner_id, Measure.acknowledged, days.on(at), action.id, days=took)


def answered(
    measure: Measure, action: Any, review: Any, at: datetime, days: Days, *, first_time: bool
) -> Fact | None:
    """Return the row of a submission that was accepted or returned; None where none of a partner's was.

    `first_time` says that the same partner had nothing of this action returned before.
    """
    if review.partner_id is None:
        return None
    ours = days.waited(action, review.partner_id, review.submitted_at, at)
    if measure is Measure.returned:
        return Fact(review.partner_id, measure, days.on(at), action.id, days=ours)
    return Fact(
        review.partner_id,
        measure,
        days.on(at),
        action.id,
        days=ours,
        in_time=_in_time(action, review, at, days),
        first_time=first_time,
    )


def dated(kind: Kind, action: Any, at: datetime, days: Days) -> Fact | None:
    """Return the row of another due date; None for work of our own."""
    if action.partner_id is None:
        return None
    by_us = kind is Kind.action_rescheduled
    return Fact(action.partner_id, Measure.dated, days.on(at), action.id, by_us=by_us)


def _in_time(action: Any, review: Any, at: datetime, days: Days) -> bool:
    """Tell whether a submission came by the date agreed last, once our days are taken out of the partner's.

    The review keeps the last day in time as it stood then: what was on hold, with us to be looked at, or waited for us
    is out of it already. What comes while work is on hold is not late, however late it was before (rule 6).
    """
    handed_in = days.on(review.submitted_at)
    last_on = last_day_of(action, review, handed_in)
    return last_on is None or handed_in <= last_on or days.on_hold(action, handed_in, at)


def last_day_of(action: Any, review: Any, handed_in: date) -> date | None:
    """Return the last day on which a submission was in time; None while its days did not count.

    It is the one kept as it stood then, or a later one that was agreed to only after it was handed in.
    """
    if review.last_on is not None and action.due_since >= handed_in:
        return max(review.last_on, action.due_on)
    return review.last_on
