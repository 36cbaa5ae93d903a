"""The pages of this room: the list, one action, and those of an initiative. Importing it hangs all pages on the blueprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.actions import (
    views_answering,
    views_bulk,
    views_doing,
    views_hosting,
    views_making,
)
from tracker.actions.bulk import ACTS, choosable
from tracker.actions.filters import Filters
from tracker.actions.forms import criteria_of
from tracker.actions.lines import Line, lines, one, selected
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.states import State, Verb
from tracker.actions.undoing import accepted
from tracker.actions.views_hosting import handed_in, proposal
from tracker.activity.queries import timeline
from tracker.blockers.queries import on_action
from tracker.clock import now
from tracker.discussion.showing import talk_on
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.files.models import evidence_on
from tracker.gate import allow, me
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.organisation.choices import partner_choices, unit_choices
from tracker.organisation.people import Role
from tracker.organisation.settings import day_of
from tracker.paging import Page, asked_number, asked_page, here, offset
from tracker.policy import May, may
from tracker.web import render
from tracker.wording import tag, today

PER_PAGE = 50
MOST_IN_A_FILE = 10_000
MOST_OF_AN_INITIATIVE = 500


@pages.get("/actions")
@allow(May.read_internal)
def index() -> Any:
    """Show my actions, what is due next on top; the address widens it to those of a partner, a unit, or everybody."""
    person, page = me(), asked_page()
    # Whoever only reads has none of their own.
    usual = {"whose": "all"} if person.role == Role.auditor else {}
    filters = Filters.asked({**usual, **request.args})
    query = selected(filters.ordered(filters.query(person, today()), person), person)
    found = lines(query.limit(PER_PAGE).offset(offset(page, PER_PAGE)), today())
    return render(
        "actions/index.html",
        page=Page(found, page, PER_PAGE, filters.count(person, today())),
        filters=filters,
        units=unit_choices(and_also=filters.unit),
        partners=partner_choices(),
        **_several(found),
    )


@pages.get("/actions.csv")
@allow(May.read_internal)
def as_csv_file() -> Any:
    """The list as it is narrowed, as CSV."""
    return as_csv(*_sheet(), "actions")


@pages.get("/actions.xlsx")
@allow(May.read_internal)
def as_xlsx_file() -> Any:
    """The list as it is narrowed, as a workbook."""
    return as_xlsx(*_sheet(), "actions", right_to_left=tag() == "fa")


@pages.get("/actions/<ref>")
@allow(May.read_internal, on=Action)
def show(action: Action) -> Any:
    """Show one action: what, who, by when, what comes next, what stands in its way, and what happened so far."""
    blockers = on_action(action, me(), day_of(now()))
    return render(
        "actions/show.html",
        action=action,
        line=one(action, day_of(now()), blocked=any(line.is_open for line in blockers)),
        blockers=blockers,
        raises=not action.is_over and may(me(), May.raise_blocker, action.initiative),
        criteria=criteria_of(action.criteria),
        looked_at=action.looked_at,
        handed_in=handed_in(action),
        proposal=proposal(action),
        undone=_can_be_undone(action),
        evidence=evidence_on(action, me()),
        **talk_on(action, me()),
        feed=timeline(me(), subject=("action", action.id), before_id=asked_number("before")),
        Verb=Verb,
    )


@pages.get("/initiatives/<ref>/actions")
@allow(May.read_internal, on=Initiative)
def of_initiative(initiative: Initiative) -> Any:
    """Show the actions of an initiative: as somebody arranged them, else what is due next on top; then what is over."""
    mine = select(Action).where(Action.initiative_id == initiative.id)
    going = selected(mine.where(Action.closed_at.is_(None)), me()).order_by(*Action.order())
    over = selected(mine.where(Action.closed_at.is_not(None)), me())
    over = over.order_by(Action.closed_at.desc(), Action.id.desc())
    shown = lines(going.limit(MOST_OF_AN_INITIATIVE), today())
    return render(
        "actions/of_initiative.html",
        **frame(initiative, me(), "actions.of_initiative", today()),
        going=shown,
        order=Action.order_shown(initiative.id)
        if may(me(), May.arrange_actions, initiative)
        else None,
        **_several(shown),
        over=lines(over.limit(PER_PAGE), today()),
    )


def _several(rows: Sequence[Line]) -> dict[str, Any]:
    """Return what a list needs so that several of its rows can be changed at once."""
    return {
        "choosable": choosable(me(), rows),
        "bulk_acts": ACTS,
        "chosen": set(request.args.getlist("ids")),
        "back": here(ids=None),
    }


def _can_be_undone(action: Action) -> bool:
    """Tell whether the acceptance of an action can be taken back still by whoever looks."""
    if action.state != State.accepted or not may(me(), May.accept_action, action):
        return False
    last = accepted(action, me())
    return last is not None and last.lasts(now())


def _sheet() -> tuple[list[str], Any]:
    """Return the headings and the rows of the list as it is narrowed."""
    person, filters = me(), Filters.asked(request.args)
    query = filters.ordered(filters.query(person, today()), person).limit(MOST_IN_A_FILE)
    headings = [
        *(_("Action"), _("Initiative"), _("Title of the initiative"), _("Who does it"), _("Contact"), _("Host")),
        *(_("State"), _("Due date"), _("Due at first"), _("Late"), _("Blocked"), _("Progress in per cent"), _("Returned")),
        *(_("Why it matters to the customer"), _("Acceptance criteria"), _("More about it"), _("Reference")),
    ]  # fmt: skip
    rows = (
        [
            *(line.title, line.initiative_ref, line.initiative_title, line.who, line.contact_name, line.host_name),
            *(line.state_words, line.due_on, line.first_due_on, line.late, line.blocked, line.progress, line.returned),
            *(line.why, line.criteria, line.description, line.ref),
        ]
        for line in lines(selected(query, person, Action.criteria, Action.description), today())
    )  # fmt: skip
    return headings, rows


__all__ = [
    "pages",
    "views_answering",
    "views_bulk",
    "views_doing",
    "views_hosting",
    "views_making",
]
