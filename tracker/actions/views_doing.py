"""What the assignee does with an action: each verb has its own address, whose form stands on the action's page as well."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.actions import forms
from tracker.actions.act_pages import act_page
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.states import Verb
from tracker.activity.telling import company
from tracker.clock import now
from tracker.errors import NotNow
from tracker.files.models import evidence_on
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.policy import May
from tracker.verb_pages import Act
from tracker.wording import day, today


@pages.route("/actions/<ref>/acknowledgement", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def acknowledgement(action: Action) -> Any:
    """Say that it was seen."""
    act = Act(
        Verb.acknowledge,
        _("Acknowledge this action"),
        _("You say that you have seen it and will do it by the day agreed."),
        _("Acknowledge"),
        _("The action is acknowledged."),
    )
    return act_page(action, Form(), act, lambda fresh: fresh.acknowledge(by=me(), now=now()))


@pages.route("/actions/<ref>/start", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def start(action: Action) -> Any:
    """Begin."""
    act = Act(
        Verb.start,
        _("Start this action"),
        _("You say that work on it has begun."),
        _("Start"),
        _("The action is in progress."),
    )
    return act_page(action, Form(), act, lambda fresh: fresh.start(by=me(), now=now()))


@pages.route("/actions/<ref>/progress", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def progress(action: Action) -> Any:
    """Say how far it is."""
    form = forms.ReportForm()
    if request.method == "GET":
        form.progress.data = action.progress
    act = Act(
        Verb.report,
        _("How far is it?"),
        _("The host reads it on the action. To hand it in, use the button that says so."),
        _("Save the update"),
        _("The update is saved."),
        replaces={"progress": action.progress},
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.report(form.progress.data or 0, form.words.data or "", by=me(), now=now()),
    )  # fmt: skip


@pages.route("/actions/<ref>/submission", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def submission(action: Action) -> Any:
    """Hand it in."""
    form = forms.SubmissionForm().ask(action.criteria)
    if not form.met.choices:
        del form.met
    act = Act(
        Verb.submit,
        _("Hand this action in"),
        _what_follows(),
        _("Hand it in"),
        _("The action is handed in."),
        seen=lambda stands: stands.criteria,
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.submit(form.words.data or "", by=me(), now=now()),
        more=lambda: {"evidence": evidence_on(action, me())},
    )  # fmt: skip


def _what_follows() -> str:
    """Return what comes after a submission: to a partner's contact our side is the company."""
    if me().is_internal:
        return _("The host accepts it, or returns it and says what is missing. Until then the days count as ours.")  # fmt: skip
    return _(
        "The host accepts it, or returns it and says what is missing. Until then the days count for %(company)s, not for you.",
        company=company(),
    )


@pages.route("/actions/<ref>/completion", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def completion(action: Action) -> Any:
    """Close an action of our own that nobody else has to look at."""
    if request.method == "GET" and action.looked_at:
        raise NotNow(_("Somebody else accepts this action. Hand it in."))
    form = forms.RemarkForm()
    act = Act(
        Verb.finish,
        _("This action is done"),
        _("It has no criteria, so nobody has to accept it. It is over then."),
        _("Done"),
        _("The action is done."),
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.finish(by=me(), now=now(), words=form.words.data or ""),
    )  # fmt: skip


@pages.route("/actions/<ref>/decline", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def decline(action: Action) -> Any:
    """Hand it back to the host."""
    form = forms.ReasonForm()
    act = Act(
        Verb.decline,
        _("Decline this action"),
        _("It goes back to the host, with your reason. You do not see it any more."),
        _("Decline it"),
        _("The action went back to the host."),
        danger=True,
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.decline(form.words.data or "", by=me(), now=now()), leaves=True,
    )  # fmt: skip


@pages.route("/actions/<ref>/date", methods=["GET", "POST"])
@allow(May.do_action, on=Action)
def date(action: Action) -> Any:
    """Propose another date."""
    form = forms.ProposalForm().instead_of(action.due_on)
    if request.method == "GET":
        form.proposed_on.data = action.proposed_on
    act = Act(
        Verb.propose_date,
        _("Propose another date"),
        _("Due %(day)s as agreed. The host accepts your date or keeps this one; until then this one stands.", day=day(action.due_on)),
        _("Propose this date"),
        _("The date is proposed. The host answers."),
        replaces={"proposed_on": action.proposed_on},
    )  # fmt: skip
    return act_page(
        action, form, act,
        lambda fresh: fresh.propose_date(form.proposed_on.data or today(), form.words.data or "", by=me(), now=now()),
    )  # fmt: skip
