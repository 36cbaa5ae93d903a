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
from tracker.organisation.modules import of_module
from tracker.policy import May
from tracker.web import Post, done, posting, render
from tracker.wording import digits, today


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
            _rated_as_seen(post, row)
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
        rated=_rated(row),
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
            priority = Priority(initiative)
            words = _("The units rate %(ref)s otherwise by now.", ref=initiative.ref)
            post.still(_ratings(priority), words)
            priority.settle(**told_by(initiative, post.person, form))
            post.answer(_home(initiative), _("The priority conflict is settled."))
        return done(post)
    priority = Priority(initiative)
    return render(
        "initiatives/priorities/settle.html",
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        priority=priority,
        ratings=_ratings(priority),
        form=form,
        back=_home(initiative),
    )


def _rated(row: Rated) -> dict[str, Any]:
    """Return what the form of a rating shows now."""
    given = row.rating
    return {"rating": str(given.rating) if given else None, "words": given.words if given else ""}


def _rated_as_seen(post: Post, row: Rated) -> None:
    """Raise `NotNow` when somebody else rated for the unit since the form was opened."""
    words, given = "", row.rating
    if given is not None:
        words = _(
            "%(name)s rated it %(rating)s for %(unit)s meanwhile. %(words)s",
            name=given.by.name,
            rating=digits(str(given.rating)),
            unit=row.unit,
            words=given.words,
        )
    post.still(_rated(row), words)


def _ratings(priority: Priority) -> list[str]:
    """Return what the sponsor has seen of every unit before settling."""
    return [f"{row.unit_id} {_rated(row)}" for row in priority.rows if row.rating]


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
