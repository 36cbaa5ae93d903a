"""Raising a blocker from a card or a page, and correcting it."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.actions.models import Action
from tracker.blockers.choosing import holder_choices
from tracker.blockers.forms import EditForm, RaiseForm
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.queries import blockable
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me, safe_next
from tracker.initiatives.models import Initiative
from tracker.organisation.settings import Organisation
from tracker.policy import May
from tracker.web import done, posting, render


@pages.get("/blockers/new")
@allow(May.read_internal)
def choose() -> Any:
    """Ask which initiative is blocked; with `?initiative=` go straight to the form."""
    wanted = request.args.get("initiative", "").strip()[:40]
    if wanted:
        initiative = Initiative.find(me(), wanted)
        return redirect(url_for("blockers.new", ref=initiative.ref), 303)
    query = request.args.get("q", "").strip()[:200]
    return render("blockers/choose.html", initiatives=blockable(me(), query), q=query)


@pages.route("/initiatives/<ref>/blockers/new", methods=["GET", "POST"])
@allow(May.raise_blocker, on=Initiative)
def new(initiative: Initiative) -> Any:
    """Raise a blocker: what stops work, who owes it, who waits, and by when it is needed; with `?action=` on one action of it.

    It leads back to the page that it was opened from, such as a board, else to the blocker.
    """
    form, back, action = RaiseForm(), safe_next(request.args.get("back")), _asked_action(initiative)
    _offer(form, initiative)
    if request.method == "GET":
        form.blocked_unit_id.data = initiative.lead_unit_id
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            blocker = Blocker.raise_(
                initiative,
                action=db.session.get_one(Action, action.id) if action else None,
                by=me(),
                now=now(),
                needed_by=form.needed_by.data,
                **form.about,
                **form.held_by,
            )
            there = url_for("blockers.show", ref=blocker.ref)
            if back:
                post.answer(back, _raised(blocker.title, there, initiative))
            else:
                post.answer(there, _("The blocker is raised."))
        return done(post)
    return render(
        "blockers/new.html",
        status=422 if form.errors else 200,
        form=form,
        initiative=initiative,
        action=action,
        back=back or url_for("initiatives.show", ref=initiative.ref),
    )


@pages.route("/blockers/<ref>/edit", methods=["GET", "POST"])
@allow(May.edit_blocker, on=Blocker)
def edit(blocker: Blocker) -> Any:
    """Correct what it says, who waits, by when it is needed, and what it costs."""
    form = EditForm()
    initiative = db.session.get_one(Initiative, blocker.initiative_id)
    _offer(form, initiative)
    if blocker.blocked_partner_id is not None:
        del form.blocked_unit_id  # a partner waits, and none of our units in its place
    if request.method == "GET":
        blocker.refuse_if_over()
        form.fill(blocker)
        form.backstage.data = _stage(blocker)
    elif form.validate():
        with posting() as post:
            blocker = post.again(blocker)
            post.same_version(
                blocker, form, {**_standing(blocker, form), "backstage": _stage(blocker)}
            )
            blocker.edit(by=me(), now=now(), needed_by=form.needed_by.data, **form.about)
            blocker.enter_cost(form.cost.data, by=me(), now=now())
            post.answer(url_for("blockers.show", ref=blocker.ref), _("Your changes are saved."))
        return done(post)
    return render(
        "blockers/edit.html",
        status=422 if form.errors else 200,
        form=form,
        blocker=blocker,
        currency=Organisation.current().currency,
    )


def _asked_action(initiative: Initiative) -> Action | None:
    """Return the action that the address names, if it names one. Raises `Missing` for one of another initiative."""
    ref = request.args.get("action", "")[:40]
    action = Action.find(me(), ref) if ref else None
    if action is not None and action.initiative_id != initiative.id:
        raise Missing
    return action


def _raised(title: str, address: str, initiative: Initiative) -> Markup:
    """Return what a page says that shows no blocker: which one was raised, as a link, and on what."""
    link = Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, title)
    words = escape(_("The blocker “%(blocker)s” is raised on %(ref)s."))
    return words % {"blocker": link, "ref": Markup("<bdi>{}</bdi>").format(initiative.ref)}


def _offer(form: Any, initiative: Initiative) -> None:
    """Give the form the units and partners that can be chosen: those of the initiative first."""
    units, partners = holder_choices()
    taking_part = initiative.participating_unit_ids
    choices = [(int(key[1:]), name) for key, name in units]
    form.offer(
        [unit for unit in choices if unit[0] in taking_part],
        [unit for unit in choices if unit[0] not in taking_part],
    )
    if isinstance(form, RaiseForm):
        form.offer_holders(units, partners)


def _stage(blocker: Blocker) -> str:
    return (
        {True: "back", False: "front"}.get(blocker.backstage, "")
        if blocker.backstage is not None
        else ""
    )


def _standing(blocker: Blocker, form: Any) -> dict[str, Any]:
    return {
        field.name: getattr(blocker, field.name) for field in form if hasattr(blocker, field.name)
    }
