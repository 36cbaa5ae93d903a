"""The pages of this room: the list, one blocker, raising and editing. Importing it hangs all pages on the blueprint."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import case

from tracker.activity.kinds import Kind
from tracker.activity.queries import timeline
from tracker.activity.telling import Line as Told
from tracker.activity.telling import company
from tracker.blockers import (
    views_chains,
    views_matrix,
    views_negotiating,
    views_raising,
    views_unit,
    views_verbs,
)
from tracker.blockers.chains import chain_of
from tracker.blockers.choosing import holder_choices
from tracker.blockers.filters import Filters
from tracker.blockers.forms import PromiseForm
from tracker.blockers.holding import held_since
from tracker.blockers.lines import for_partner, lines, one, selected
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.pricing import price_of
from tracker.blockers.queries import answerers
from tracker.blockers.saying import next_step
from tracker.blockers.settling import settler_now
from tracker.blockers.states import CATEGORY_WORDS, CAUSE_WORDS, OPEN, STATE_WORDS, Verb
from tracker.clock import now
from tracker.db import db
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.organisation.partners import partner_of
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, day_of
from tracker.paging import Page, asked_number, asked_page, offset, pages_of
from tracker.policy import May, may
from tracker.web import render
from tracker.wording import tag

PER_PAGE = 50
MOST_IN_A_FILE = 10_000


@pages.get("/blockers")
@allow(May.read)
def index() -> Any:
    """Show what stands in the way, oldest first; a partner's contact sees what it holds or raised."""
    person, filters, today = me(), Filters.asked(request.args), day_of(now())
    if not person.is_internal:
        return _index_of_partner(filters)
    page = asked_page()
    query = selected(filters.ordered(filters.query(person, today)))
    found = lines(query.limit(PER_PAGE).offset(offset(page, PER_PAGE)), today)
    units, partners = holder_choices()
    return render(
        "blockers/index.html",
        page=Page(found, page, PER_PAGE, filters.count(person, today)),
        filters=filters,
        holders=[*units, *partners, ("o", _("Outside parties"))],
        units=[(key[1:], name) for key, name in units],
        waiting=[*units, *partners],
        categories=[(category.value, words) for category, words in CATEGORY_WORDS.items()],
        states=[(state.value, STATE_WORDS[state]) for state in OPEN],
    )


@pages.get("/blockers.csv")
@allow(May.read_internal)
def as_csv_file() -> Any:
    """The list as it is narrowed, as CSV."""
    return as_csv(*_sheet(), "blockers")


@pages.get("/blockers.xlsx")
@allow(May.read_internal)
def as_xlsx_file() -> Any:
    """The list as it is narrowed, as a workbook."""
    return as_xlsx(*_sheet(), "blockers", right_to_left=tag() == "fa")


@pages.get("/blockers/<ref>")
@allow(May.read, on=Blocker)
def show(blocker: Blocker) -> Any:
    """Show one blocker: what, who blocks, who waits, what comes next, and what happened so far."""
    person, today = me(), day_of(now())
    line, promise = one(blocker, today), PromiseForm().fill(blocker)
    if not person.is_internal:
        row = for_partner(line, person)
        reopened = _own_reopening(blocker)
        since = held_since(blocker.id) if row["holds"] and row["is_open"] else None
        return render(
            "blockers/partner.html",
            blocker=blocker,
            row=row,
            promise=promise,
            reopened=reopened,
            since=since,
            held_days=line.held_days,
            partner=partner_of(person),
            company=row["company"],
            Verb=Verb,
        )
    before = asked_number("before")
    settler = settler_now(Blocker, blocker.id) if blocker.can(Verb.settle) else None
    climbed = db.session.get(Person, blocker.escalated_to_id) if blocker.escalated_to_id else None
    return render(
        "blockers/show.html",
        blocker=blocker,
        line=line,
        step=next_step(line, today, settler.name if settler else ""),
        promise=promise,
        answerers=answerers(blocker) if blocker.can(Verb.name_answerer) else [],
        settles=settler is not None and may(person, May.settle_blocker, blocker),
        climbed_to=climbed.name if climbed else "",
        price=price_of(line, today),
        chain=chain_of(blocker),
        cause=CAUSE_WORDS.get(blocker.root_cause) if blocker.root_cause else None,
        feed=timeline(person, subject=("blocker", blocker.id), before_id=before),
        currency=Organisation.current().currency,
        Verb=Verb,
    )


def _own_reopening(blocker: Blocker) -> Told | None:
    """Return how a contact's own side reopened it the last time; None where it did not."""
    subject = ("blocker", blocker.id)
    told = timeline(me(), subject=subject, kinds=[Kind.blocker_reopened], limit=1)
    return told[0] if told and told[0].words else None


def _index_of_partner(filters: Filters) -> Any:
    person, today = me(), day_of(now())
    narrowed = Filters(state=filters.state)  # nothing else is asked of a partner's list
    total = narrowed.count(person, today)
    number = min(asked_page(), pages_of(total, PER_PAGE))  # behind the last one is nothing to read
    theirs_first = case((Blocker.holder_partner_id == person.partner_id, 0), else_=1)
    query = narrowed.ordered(narrowed.query(person, today).order_by(theirs_first))
    found = lines(selected(query).limit(PER_PAGE).offset(offset(number, PER_PAGE)), today)
    rows = [for_partner(line, person) for line in found]
    return render(
        "blockers/partner_index.html",
        page=Page(rows, number, PER_PAGE, total),
        company=company(),
        filters=filters,
    )


def _sheet() -> tuple[list[str], Any]:
    """Return the headings and the rows of the list as it is narrowed."""
    person, filters, today = me(), Filters.asked(request.args), day_of(now())
    found = lines(
        selected(filters.ordered(filters.query(person, today))).limit(MOST_IN_A_FILE), today
    )
    headings = [
        *(
            _("Blocker"),
            _("Initiative"),
            _("Title of the initiative"),
            _("Blocking"),
            _("Waiting"),
            _("State"),
        ),
        *(
            _("Age in working days"),
            _("Late"),
            _("Answerer"),
            _("Needed by"),
            _("Promised for"),
            _("Category"),
        ),
        *(_("If nothing changes"), _("Raised"), _("Raised by"), _("Passed on"), _("Reference")),
    ]
    rows = (
        [
            *(
                line.title,
                line.initiative_ref,
                line.initiative_title,
                line.holder_name,
                line.blocked_name,
                line.state_words,
            ),
            *(
                line.days,
                line.late,
                line.answerer_name,
                line.needed_by,
                line.promised_on,
                line.category_words,
            ),
            *(line.effect, line.raised_on, line.raiser_name, line.hand_overs, line.ref),
        ]
        for line in found
    )
    return headings, rows


__all__ = [
    "pages",
    "views_chains",
    "views_matrix",
    "views_negotiating",
    "views_raising",
    "views_unit",
    "views_verbs",
]
