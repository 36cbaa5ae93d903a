"""What the host does with an action: accept, return, answer a date, set another, give it to somebody else, cancel."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.actions import forms
from tracker.actions.act_pages import act_page
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.queries import assignee_choices
from tracker.actions.reviews import Review
from tracker.actions.states import Verb
from tracker.clock import now
from tracker.errors import NotNow
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.policy import May
from tracker.verb_pages import Act
from tracker.wording import day, today


def handed_in(action: Action) -> list[Any]:
    """Return which submission is decided on, as the form showed it, and by which criteria; 0 for none."""
    review = Review.waiting(action.id)
    return [review.id if review else 0, action.criteria]


def doer(action: Action) -> str:
    """Return who does it, as the form showed it."""
    return Assignee.of(action).key


def given(action: Action) -> list[Any]:
    """Return who does it and by when, as the form showed it."""
    return [doer(action), str(action.due_on)]


def proposal(action: Action) -> list[Any]:
    """Return which date is answered, as the form showed it."""
    return [str(action.proposed_on or ""), str(action.due_on)]


@pages.route("/actions/<ref>/acceptance", methods=["GET", "POST"])
@allow(May.accept_action, on=Action)
def acceptance(action: Action) -> Any:
    """Take what was handed in."""
    form = forms.RemarkForm()
    act = Act(
        Verb.accept,
        _("Accept what was handed in"),
        _("The action is over then. Nobody accepts their own work."),
        _("Accept"),
        _("The action is accepted."),
        seen=handed_in,
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.accept(by=me(), now=now(), words=form.words.data or ""),
    )  # fmt: skip


@pages.route("/actions/<ref>/return", methods=["GET", "POST"])
@allow(May.accept_action, on=Action)
def returning(action: Action) -> Any:
    """Give it back, and say what is missing."""
    form = forms.MissingForm()
    act = Act(
        Verb.return_,
        _("Return what was handed in"),
        _("It is in progress again, and the return is counted. The days it was with us are not held against the assignee."),
        _("Return it"),
        _("The action is returned."),
        seen=handed_in,
    )  # fmt: skip
    return act_page(
        action, form, act, lambda fresh: fresh.return_(form.words.data or "", by=me(), now=now())
    )


@pages.route("/actions/<ref>/taking-back", methods=["GET", "POST"])
@allow(May.accept_action, on=Action)
def taking_back(action: Action) -> Any:
    """Undo an acceptance."""
    act = Act(
        Verb.take_back,
        _("Take the acceptance back"),
        _("It is handed in again as it was, and waits for an answer. Whoever did it is told."),
        _("Take it back"),
        _("It is handed in again, and waits for an answer."),
    )
    return act_page(action, Form(), act, lambda fresh: fresh.take_back(by=me(), now=now()))


@pages.route("/actions/<ref>/date-acceptance", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def date_acceptance(action: Action) -> Any:
    """Agree to the date that was proposed."""
    if request.method == "GET" and action.proposed_on is None:
        raise NotNow(_("No other date is proposed."))
    act = Act(
        Verb.accept_date,
        _("Accept the proposed date"),
        _("Due %(day)s from now on. The earlier date stays on the record.", day=day(action.proposed_on)),
        _("Accept the date"),
        _("The date is agreed."),
        seen=proposal,
    )  # fmt: skip
    return act_page(action, Form(), act, lambda fresh: fresh.accept_date(by=me(), now=now()))


@pages.route("/actions/<ref>/date-refusal", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def date_refusal(action: Action) -> Any:
    """Keep the present date."""
    if request.method == "GET" and action.proposed_on is None:
        raise NotNow(_("No other date is proposed."))
    form = forms.ReasonForm()
    act = Act(
        Verb.decline_date,
        _("Keep the present date"),
        _("It stays due %(day)s, and whoever proposed another date reads why.", day=day(action.due_on)),
        _("Keep the present date"),
        _("The present date stands."),
        seen=proposal,
    )  # fmt: skip
    return act_page(
        action, form, act,
        lambda fresh: fresh.decline_date(form.words.data or "", by=me(), now=now()),
    )  # fmt: skip


@pages.route("/actions/<ref>/due-date", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def due_date(action: Action) -> Any:
    """Set another due date."""
    form = forms.DueForm()
    if request.method == "GET":
        form.due_on.data = action.due_on
    act = Act(
        Verb.reschedule,
        _("Set another due date"),
        _("Every date that was agreed stays on the record, and the change is counted."),
        _("Set this date"),
        _("Due %(day)s.", day=day(form.due_on.data)),
        replaces={"due_on": action.due_on},
    )
    return act_page(
        action, form, act,
        lambda fresh: fresh.reschedule(form.due_on.data or today(), form.words.data or "", by=me(), now=now()),
    )  # fmt: skip


@pages.route("/actions/<ref>/assignment", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def assignment(action: Action) -> Any:
    """Give it to somebody else."""
    present = Assignee.of(action)
    passed = action.due_on < today()
    form = forms.AssignForm().instead_of(present, passed=passed)
    form.offer_assignees(assignee_choices(present))
    if request.method == "GET":
        form.assignee.data = present.key
    act = Act(
        Verb.assign,
        _("Give it to somebody else"),
        _(
            "It was due %(day)s. With that date whoever gets it would be late at once, so say by when it is due from now on. "
            "Whoever did it so far does not see it any more if they are a partner.",
            day=day(action.due_on),
        )
        if passed
        else _("Whoever did it so far does not see it any more if they are a partner. It has to be acknowledged anew."),
        _("Give it to them"),
        _("The action is given on."),
        seen=given,
    )  # fmt: skip
    return act_page(
        action, form, act,
        lambda fresh: fresh.give(
            form.chosen, by=me(), now=now(), words=form.words.data or "", until=form.until.data if passed else None
        ),
    )  # fmt: skip


@pages.route("/actions/<ref>/cancellation", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def cancellation(action: Action) -> Any:
    """Give it up."""
    form = forms.ReasonForm()
    act = Act(
        Verb.cancel,
        _("Cancel this action"),
        _("Nobody has to do it any more. It stays on the record with your reason."),
        _("Cancel the action"),
        _("The action is cancelled."),
        danger=True,
        seen=doer,  # the reason is read by whoever does it
    )
    return act_page(
        action, form, act, lambda fresh: fresh.cancel(form.words.data or "", by=me(), now=now())
    )
