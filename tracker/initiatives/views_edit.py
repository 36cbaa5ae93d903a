"""The texts of an initiative: what the lead keeps, and the friction. A stale save shows both texts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.clock import now
from tracker.gate import allow
from tracker.initiatives.forms import EditForm, FrictionForm
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward, pages
from tracker.policy import May
from tracker.web import done, posting, render

TEXTS = (Kind.initiative_changed, Kind.initiative_theme_set)


@pages.route("/initiatives/<ref>/edit", methods=["GET", "POST"])
@allow(May.edit_initiative, on=Initiative)
def edit(initiative: Initiative) -> Any:
    """Edit title, theme, budget, cadence, processes, systems, and how far it goes."""
    form = EditForm()
    version = request.form.get("version", initiative.text_version, type=int)
    if request.method == "GET":
        form.fill(initiative)
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            seen = SimpleNamespace(version=initiative.text_version)
            post.same_version(seen, form, initiative.texts, of=initiative, kinds=TEXTS)
            initiative.edit(by=post.person, now=now(), **form.told)
            post.answer(onward(initiative), _("%(ref)s is saved.", ref=initiative.ref))
        return done(post)
    return render(
        "initiatives/edit.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        version=version,
        back=onward(initiative),
    )


@pages.route("/initiatives/<ref>/friction", methods=["GET", "POST"])
@allow(May.edit_initiative, on=Initiative)
def friction(initiative: Initiative) -> Any:
    """Say what goes wrong for the customer, where, why, and how we know."""
    form = FrictionForm()
    told = Friction.of(initiative)
    version = request.form.get("version", told.version, type=int)
    if request.method == "GET":
        form.fill(told)
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            told = Friction.of(initiative)
            post.same_version(told, form)
            told.describe(initiative, by=post.person, now=now(), **form.told)
            post.answer(onward(initiative), _("The friction is saved."))
        return done(post)
    return render(
        "initiatives/friction.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        version=version,
        back=onward(initiative),
    )
