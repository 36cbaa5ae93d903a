"""The pages of this room: the list, one action, and those of an initiative. Importing it hangs all pages on the blueprint."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.actions import views_doing, views_hosting, views_making
from tracker.actions.filters import Filters
from tracker.actions.forms import criteria_of
from tracker.actions.lines import lines, one, selected
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.standing import day_of
from tracker.actions.states import Verb
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
from tracker.paging import Page, asked_number, asked_page, offset
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
    query = selected(filters.ordered(filters.query(person, today())), person)
    found = lines(query.limit(PER_PAGE).offset(offset(page, PER_PAGE)), today())
    return render(
        "actions/index.html",
        page=Page(found, page, PER_PAGE, filters.count(person, today())),
        filters=filters,
        units=unit_choices(and_also=filters.unit),
        partners=partner_choices(),
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
        handed_in=handed_in(action),
        proposal=proposal(action),
        evidence=evidence_on(action, me()),
        **talk_on(action, me()),
        feed=timeline(me(), subject=("action", action.id), before_id=asked_number("before")),
        Verb=Verb,
    )


@pages.get("/initiatives/<ref>/actions")
@allow(May.read_internal, on=Initiative)
def of_initiative(initiative: Initiative) -> Any:
    """Show the actions of an initiative: what is due next on top, then what is over."""
    mine = select(Action).where(Action.initiative_id == initiative.id)
    going = selected(mine.where(Action.closed_at.is_(None)), me()).order_by(
        Action.due_on, Action.id
    )
    over = selected(mine.where(Action.closed_at.is_not(None)), me())
    over = over.order_by(Action.closed_at.desc(), Action.id.desc())
    return render(
        "actions/of_initiative.html",
        **frame(initiative, me(), "actions.of_initiative", today()),
        going=lines(going.limit(MOST_OF_AN_INITIATIVE), today()),
        over=lines(over.limit(PER_PAGE), today()),
    )


def _sheet() -> tuple[list[str], Any]:
    """Return the headings and the rows of the list as it is narrowed."""
    person, filters = me(), Filters.asked(request.args)
    query = filters.ordered(filters.query(person, today())).limit(MOST_IN_A_FILE)
    headings = [
        *(_("Action"), _("Initiative"), _("Title of the initiative"), _("Who does it"), _("Contact"), _("Host")),
        *(_("State"), _("Due date"), _("Due at first"), _("Late"), _("Blocked"), _("Progress in per cent"), _("Returned"), _("Reference")),
    ]  # fmt: skip
    rows = (
        [
            *(line.title, line.initiative_ref, line.initiative_title, line.who, line.contact_name, line.host_name),
            *(line.state_words, line.due_on, line.first_due_on, line.late, line.blocked, line.progress, line.returned, line.ref),
        ]
        for line in lines(selected(query, person), today())
    )  # fmt: skip
    return headings, rows


__all__ = ["pages", "views_doing", "views_hosting", "views_making"]
