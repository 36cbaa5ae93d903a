"""Pages of the module priorities: the ratings of the units, a head's own, and the sponsor's word on a conflict (rule 5)."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.initiatives.act_pages import told_by
from tracker.initiatives.forms import WordsForm
from tracker.initiatives.forms_charter import RatingForm
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import pages
from tracker.initiatives.rating import MODULE, Priority, Rated
from tracker.initiatives.showing_priorities import priority_panel
from tracker.initiatives.views_modules import of_module
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today


@pages.get("/initiatives/<ref>/priorities")
@of_module(MODULE)
@allow(May.read_internal, on=Initiative)
def priorities(initiative: Initiative) -> Any:
    """Show how urgent it is for each unit that takes part."""
    framed = frame(initiative, me(), "initiatives.priorities", today())
    return render(
        "initiatives/priorities/show.html",
        **framed,
        panel=priority_panel(Priority(initiative), me()),
    )


@pages.route("/initiatives/<ref>/priorities/rating", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.rate, on=Initiative)
def rate(initiative: Initiative) -> Any:
    """Rate it for a unit. `?unit=` names the unit; else it is the first that one heads."""
    row = _unit(Priority(initiative))
    form = RatingForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            priority = Priority(initiative)
            row = _unit(priority)
            priority.rate(
                row.unit_id,
                int(form.rating.data),
                by=post.person,
                now=now(),
                words=form.words.data or "",
            )
            post.answer(_home(initiative), _("Rated for %(unit)s.", unit=row.unit))
        return done(post)
    if request.method == "GET" and row.rating is not None:
        form.rating.data, form.words.data = row.rating.rating, row.rating.words
    return render(
        "initiatives/priorities/rate.html",
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        row=row,
        form=form,
        action=request.full_path.rstrip("?"),
        back=_home(initiative),
    )


@pages.route("/initiatives/<ref>/priorities/settlement", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.settle_priority, on=Initiative)
def settle_priority(initiative: Initiative) -> Any:
    """Say, as sponsor and in words, what holds although the units are far apart."""
    form = WordsForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            Priority(initiative).settle(**told_by(initiative, post.person, form))
            post.answer(_home(initiative), _("The priority conflict is settled."))
        return done(post)
    return render(
        "initiatives/priorities/settle.html",
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        priority=Priority(initiative),
        form=form,
        back=_home(initiative),
    )


def _unit(priority: Priority) -> Rated:
    """Return the unit that the address names, else the first that one heads. Raises `Missing` for one that takes no part."""
    slug = request.args.get("unit")
    heads = me().duties.heads
    for row in priority.rows:
        if row.slug == slug or (slug is None and row.unit_id in heads):
            return row
    raise Missing


def _home(initiative: Initiative) -> str:
    return url_for("initiatives.priorities", ref=initiative.ref)
