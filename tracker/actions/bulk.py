"""Several actions at once: given to somebody, or moved to other days; each by the rules of its own (`tracker/bulk.py` says how)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import bulk
from tracker.actions.assignees import Assignee
from tracker.actions.forms_bulk import BulkAssignForm, BulkDueForm
from tracker.actions.models import Action
from tracker.actions.standing import calendar_of
from tracker.actions.states import MOVES, Verb
from tracker.bulk import BulkAct, Many
from tracker.clock import now as clock
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.people import Person
from tracker.policy import May, may
from tracker.wording import lazy as _l
from tracker.wording import ngettext


@dataclass(frozen=True)
class Shift:
    """Where due dates go: to one day, or so many working days away by the calendar of whoever does it."""

    day: date | None
    days: int
    calendars: EveryCalendar

    def of(self, action: Action) -> date:
        """Return the day on which `action` is due then."""
        if self.day is not None:
            return self.day
        return self.calendars.of(calendar_of(action)).shift(action.due_on, self.days)


MANY = Many(
    "actions",
    _l("Actions"),
    _l("No action is chosen. Tick some in the list first."),
    lambda count: ngettext(
        "%(num)s action is chosen. Each is changed by its own rules; one that refuses says why.",
        "%(num)s actions are chosen. Each is changed by its own rules; those that refuse say why.",
        count,
    ),
    lambda count: ngettext("%(num)s action is changed.", "%(num)s actions are changed.", count),
)


def choosable(person: Person, rows: Sequence[Any]) -> set[int]:
    """Return the ids of those of `rows`, lines or actions, that `person` may change together with others."""
    return {row.id for row in rows if any(could(person, name, row) for name in ACTS)}


def could(person: Person, name: str, row: Any) -> bool:
    """Tell whether the policy and its state let `person` do the act `name` on `row`."""
    return row.state in MOVES[VERBS[name]][0] and may(person, ACTS[name].may, row)


def locked(person: Person, ids: Sequence[int]) -> list[Action]:
    """Return those of `ids` that `person` sees, as they stand now. Raises `Missing` for none.

    Their initiatives are locked first, and each table in ascending order, as every verb of one action does.
    """
    mine = Action.visible_to(person).where(Action.id.in_(ids))
    above = mine.with_only_columns(Action.initiative_id)
    owners = select(Initiative.id).where(Initiative.id.in_(above)).order_by(Initiative.id)
    db.session.execute(owners.with_for_update(of=Initiative))
    return bulk.locked(Action, person, ids)


def _assign(action: Action, assignee: Assignee, form: Any, by: Person, now: datetime) -> None:
    if assignee == Assignee.of(action):
        raise NotNow(_("They have it already. Choose somebody else."))
    action.give(assignee, by=by, now=now, words=form.words.data or "", until=form.until.data)


def _reschedule(action: Action, shift: Shift, form: Any, by: Person, now: datetime) -> None:
    day = shift.of(action)
    if day == action.due_on:
        raise NotNow(_("That is the date agreed already."))
    action.reschedule(day, form.words.data or "", by=by, now=now)


ACTS: dict[str, BulkAct] = {
    "assignee": BulkAct(
        _l("Give to somebody"),
        _l("Give several actions to somebody"),
        "person",
        May.host_action,
        BulkAssignForm,
        lambda form: form.chosen.checked(clock()),
        _assign,
        lambda row: [Assignee.of(row).key, str(row.state), str(row.due_on)],
    ),
    "due-date": BulkAct(
        _l("Move the due date"),
        _l("Move the due dates of several"),
        "calendar",
        May.host_action,
        BulkDueForm,
        lambda form: Shift(form.due_on.data, form.days.data or 0, EveryCalendar()),
        _reschedule,
        lambda row: [str(row.due_on), str(row.proposed_on or "")],
    ),
}
VERBS = {"assignee": Verb.assign, "due-date": Verb.reschedule}
