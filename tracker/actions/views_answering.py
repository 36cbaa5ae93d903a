"""The page that a mail's button opens: what it is about on one screen of a phone, and a button for each answer. It changes nothing."""

from __future__ import annotations

from typing import Any

from flask import request

from tracker.actions.answering import asked_for, shown
from tracker.actions.forms import criteria_of
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.views_hosting import handed_in, proposal
from tracker.activity.kinds import Kind
from tracker.activity.queries import timeline
from tracker.activity.telling import Line
from tracker.files.models import evidence_on
from tracker.gate import allow, me
from tracker.policy import May
from tracker.web import render


@pages.get("/actions/<ref>/answer")
@allow(May.read_internal, on=Action)
def answer(action: Action) -> Any:
    """Ask one of our own for the answer; what was meant and cannot be any more is said in plain words."""
    return render(
        "actions/answer.html",
        action=action,
        criteria=criteria_of(action.criteria),
        evidence=evidence_on(action, me()),
        handed_in=handed_in(action),
        proposal=proposal(action),
        returned=_last_return(action),
        **shown(action, me(), asked_for(request.args.get("to"))),
    )


def _last_return(action: Action) -> Line | None:
    """Return how what is handed in again was returned the last time; None the first time, and where nothing was said."""
    if not action.returned:
        return None
    subject = ("action", action.id)
    told = timeline(me(), subject=subject, kinds=[Kind.action_returned], limit=1)
    return told[0] if told and told[0].words else None
