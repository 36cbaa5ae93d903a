"""Adding an action to an initiative, and correcting what it says."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.forms import EditForm, NewForm
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.actions.queries import assignee_choices
from tracker.actions.views_hosting import doer
from tracker.clock import now
from tracker.gate import allow, me
from tracker.initiatives.models import Initiative
from tracker.organisation.choices import people_choices
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today


@pages.route("/initiatives/<ref>/actions/new", methods=["GET", "POST"])
@allow(May.add_action, on=Initiative)
def new(initiative: Initiative) -> Any:
    """Add an action: what, who does it, by when; who accepts it is whoever adds it, unless somebody else is chosen."""
    form, person = NewForm(), me()
    form.offer_assignees(assignee_choices())
    form.offer_hosts(people_choices(and_also=person.id))
    if request.method == "GET":
        form.host_id.data = person.id
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            action = Action.add(
                initiative, due_on=form.due_on.data or today(), assignee=form.chosen, by=me(), now=now(), **form.about
            )  # fmt: skip
            post.answer(
                url_for("actions.show", ref=action.ref),
                _("The action is added."),
            )
        return done(post)
    return render(
        "actions/edit.html",
        status=422 if form.errors else 200,
        form=form,
        initiative=initiative,
        action=None,
        back=url_for("actions.of_initiative", ref=initiative.ref),
    )


@pages.route("/actions/<ref>/edit", methods=["GET", "POST"])
@allow(May.host_action, on=Action)
def edit(action: Action) -> Any:
    """Correct what it says, its criteria, or who hosts it."""
    form = EditForm()
    form.offer_hosts(people_choices(and_also=action.host_id))
    if request.method == "GET":
        form.fill(action)
    elif form.validate():
        with posting() as post:
            action = post.again(action)
            words = _(
                "Somebody else does this action by now, and would read this. Look at it first."
            )
            post.still(doer(action), words, beside=True)
            post.same_version(action, form)
            action.edit(by=me(), now=now(), **form.about)
            post.answer(url_for("actions.show", ref=action.ref), _("Your changes are saved."))
        return done(post)
    return render(
        "actions/edit.html",
        status=422 if form.errors else 200,
        form=form,
        initiative=action.initiative,
        seen=doer(action),
        action=action,
        back=url_for("actions.show", ref=action.ref),
    )
