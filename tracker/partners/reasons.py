"""Why an action counts as in time or as late: the dates by which anybody can check it (rules 6 and 22)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.actions.models import Action
from tracker.actions.reviews import Review
from tracker.clock import local_day
from tracker.db import db
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.partners import Partner
from tracker.organisation.settings import Organisation
from tracker.partners.facts import last_day_of


@dataclass(frozen=True)
class Reason:
    """The day agreed, the working days taken out (by the partner's calendar), and the last day in time that they make.

    `last_on` and `taken_out` are None of what was handed in while work was on hold or waited for us; `handed_in` is None
    of what is still open.
    """

    due_on: date
    taken_out: int | None
    last_on: date | None
    handed_in: date | None = None

    @property
    def is_by_day(self) -> bool:
        """Tell whether it came by its last day; otherwise only work on hold makes it in time."""
        return bool(self.last_on and self.handed_in and self.handed_in <= self.last_on)


def reasons_accepted(ids: Collection[int], partner: Partner) -> dict[int, Reason]:
    """Return why each of these accepted actions of `partner` was in time or not, in one statement but for the calendar."""
    query = select(
        *(Review.action_id, Review.submitted_at, Review.last_on, Action.due_on, Action.due_since),
    ).join(Action, Action.id == Review.action_id)
    query = query.where(
        Review.action_id.in_(ids), Review.accepted.is_(True), Review.partner_id == partner.id
    )
    days, zone = EveryCalendar().of(partner.calendar_id), Organisation.current().time_zone
    found = {}
    for row in db.session.execute(query.order_by(Review.id)):  # of several the last one counts
        handed_in = local_day(row.submitted_at, zone)
        last_on = last_day_of(row, row, handed_in)
        found[row.action_id] = _reason(row.due_on, last_on, days, handed_in)
    return found


def reasons_late(ids: Collection[int], partner: Partner) -> dict[int, Reason]:
    """Return why each of these open actions of `partner` is late, in one statement but for the calendar."""
    days = EveryCalendar().of(partner.calendar_id)
    query = select(Action.id, Action.due_on, Action.last_on).where(Action.id.in_(ids))
    return {
        id_: _reason(due_on, last_on, days) for id_, due_on, last_on in db.session.execute(query)
    }


def _reason(
    due_on: date, last_on: date | None, days: WorkingDays, handed_in: date | None = None
) -> Reason:
    taken_out = None if last_on is None else days.between(due_on, last_on)
    return Reason(due_on, taken_out, last_on, handed_in)
