"""The pages of the lane: what is to be done, and one action. Importing it hangs all pages on the blueprint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request

from tracker.actions.answering import asked_for, shown
from tracker.actions.forms import criteria_of
from tracker.actions.lines import one
from tracker.actions.models import Action
from tracker.actions.states import Verb
from tracker.activity.queries import timeline
from tracker.activity.telling import company
from tracker.blockers.lane import MOST_AMONG, of_partner
from tracker.blockers.lines import for_partner
from tracker.blockers.queries import on_action
from tracker.blockers.short import unlisted
from tracker.clock import now
from tracker.discussion.showing import talk_on
from tracker.files.models import evidence_on
from tracker.gate import allow, me
from tracker.organisation.partners import partner_of
from tracker.organisation.settings import day_of
from tracker.paging import asked_number
from tracker.partners import views_partners, views_raising, views_scorecard
from tracker.partners.cards import first_figures
from tracker.partners.lane import for_contact, lane_of, news
from tracker.partners.pages import pages
from tracker.partners.taken_out import taken_out
from tracker.policy import May
from tracker.web import render
from tracker.wording import today

MOST_BLOCKERS = 20  # of each list: the rest is a click away, and the page stays calm
JUST_BEFORE = timedelta(microseconds=1)


@pages.get("/partner")
@allow(May.read_lane)
def home() -> Any:
    """Show a partner's contact what is to be done, what waits for our side, and whom to call."""
    person = me()
    blockers = of_partner(person, MOST_BLOCKERS, today())
    before = person.seen_before or now() - timedelta(days=7)
    quarter, scored = first_figures(person.partner_id or 0, day_of(now()))
    return render(
        "partners/home.html",
        lane=lane_of(person, today()),
        theirs=[for_partner(line, person) for line in blockers["theirs"]],
        handed=[for_partner(line, person) for line in blockers["handed"]],
        more={name: unlisted(found, MOST_AMONG) for name, found in blockers.items()},
        partner=partner_of(person),
        company=company(),
        news=news(person, before),
        before=before,
        quarter=quarter,
        scored=scored,
    )


@pages.get("/partner/actions/<ref>/answer")
@allow(May.read_lane, on=Action)
def answer(action: Action) -> Any:
    """Ask a partner's contact for the answer that a mail speaks of. It changes nothing."""
    return render(
        "actions/answer.html",
        action=action,
        criteria=criteria_of(action.criteria),
        evidence=[],
        **shown(action, me(), asked_for(request.args.get("to"))),
    )


@pages.get("/partner/actions/<ref>")
@allow(May.read_lane, on=Action)
def action(action: Action) -> Any:
    """Show a partner's contact one action: what, why, by when, what comes next, and what was said."""
    person = me()
    blockers = on_action(action, person, today())
    blocked = any(line.is_open for line in blockers)
    line = one(action, today(), blocked=blocked)
    why = taken_out([line], today()).get(line.id)
    return render(
        "partners/action.html",
        action=action,
        row=for_contact(line, person, why),
        blockers=[for_partner(line, person) for line in blockers],
        criteria=criteria_of(action.criteria),
        partner=partner_of(person),
        company=company(),
        evidence=evidence_on(action, person),
        **talk_on(action, person),
        feed=timeline(
            person,
            subject=("action", action.id),
            since=action.assigned_at - JUST_BEFORE,  # who had it earlier is nobody else's business
            before_id=asked_number("before"),
        ),
        Verb=Verb,
    )


__all__ = ["pages", "views_partners", "views_raising", "views_scorecard"]
