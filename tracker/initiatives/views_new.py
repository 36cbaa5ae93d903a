"""A new initiative in four fields, and one begun as a copy of another."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.gate import allow, me
from tracker.initiatives.copying import copy as begin_like
from tracker.initiatives.forms import CopyForm, NewForm
from tracker.initiatives.friction import Friction
from tracker.initiatives.keeping import title_key
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import address, pages
from tracker.initiatives.queries import similar
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render


@pages.route("/initiatives/new", methods=["GET", "POST"])
@allow(May.create_initiative)
def new() -> Any:
    """Begin an initiative."""
    return _begin(url_for("initiatives.index"))


@pages.route("/boards/<slug>/new", methods=["GET", "POST"])
@allow(May.create_initiative)
def new_on_board(slug: str) -> Any:
    """Begin an initiative from a board, whose theme and unit it takes over (`?theme=&unit=`)."""
    return _begin(address("boards.show", slug=slug) or url_for("initiatives.index"))


def _begin(cancel: str) -> Any:
    form = NewForm(by=me())
    alike: list[Any] = []
    if request.method == "GET":
        form.lead_unit.data = asked_number("unit") or me().unit_id
    elif form.validate():
        title = str(form.title.data)
        alike = [] if form.known_title.data == title_key(title) else similar(me(), title)
        if not alike:
            return _create(form)
        form.known_title.data = title_key(title)
    return render(
        "initiatives/new.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        alike=alike,
        cancel=cancel,
        theme=_theme(),
    )


def _create(form: NewForm) -> Any:
    with posting() as post:
        moment, person = now(), post.person
        initiative = Initiative.create(
            title=str(form.title.data),
            lead_unit_id=form.lead_unit.data,
            lead=person,
            theme=_theme(),
            by=person,
            now=moment,
        )
        Friction.of(initiative).describe(initiative, words=form.words.data, by=person, now=moment)
        words = _("%(ref)s is begun. You lead it.", ref=initiative.ref)
        sponsor = form.sponsor.again()
        if sponsor is not None:
            initiative.propose_sponsor(sponsor, by=person, now=moment)
            words = _(
                "%(ref)s is begun, and %(name)s was asked to sponsor it.",
                ref=initiative.ref,
                name=sponsor.name,
            )
        post.answer(url_for("initiatives.show", ref=initiative.ref), words)
    return done(post)


def _theme() -> str:
    return " ".join(request.args.get("theme", "").split())[:80]


@pages.route("/initiatives/<ref>/copy", methods=["GET", "POST"])
@allow(May.copy_initiative, on=Initiative)
def copy(initiative: Initiative) -> Any:
    """Begin a new idea like this one, with its units, partners and friction, without its sponsor, stage and history."""
    form = CopyForm()
    back = url_for("initiatives.show", ref=initiative.ref)
    if request.method == "GET":
        form.title.data, form.with_team.data = initiative.title, True
    elif form.validate():
        with posting() as post:
            source = post.again(initiative)
            made = begin_like(
                source,
                title=str(form.title.data),
                with_team=bool(form.with_team.data),
                lead=post.person,
                by=post.person,
                now=now(),
            )
            post.answer(
                url_for("initiatives.show", ref=made.ref),
                _("%(ref)s is begun as a copy of %(source)s.", ref=made.ref, source=source.ref),
            )
        return done(post)
    return render(
        "initiatives/copy.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        back=back,
    )
