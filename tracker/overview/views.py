"""Home, search and the whole trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for

from tracker.activity.groups import chips
from tracker.activity.queries import found, since
from tracker.audit.filters import asked_for
from tracker.audit.reading import alarm
from tracker.blockers.holders import Calendars
from tracker.blockers.matrix import Measure, read
from tracker.clock import now
from tracker.gate import allow, me
from tracker.initiatives.reporting import colour_name
from tracker.overview.measures import tiles
from tracker.overview.need import Kind
from tracker.overview.needs import needs
from tracker.overview.searching import search as find
from tracker.overview.standing import counts
from tracker.paging import asked_number, here
from tracker.policy import May, may
from tracker.web import render
from tracker.wording import today

pages = Blueprint("overview", __name__)


@pages.get("/")
@allow(May.read)
def home() -> Any:
    """Show the company's KPIs, what needs this person today, how the portfolio stands, and what happened since the last visit.

    `?all=` shows all there is of one kind.
    """
    person = me()
    if not person.is_internal:
        return redirect(url_for("partners.home"), 303)
    stands = counts(person, today())
    before, calendars = person.seen_before or now() - timedelta(days=7), Calendars()
    return render(
        "overview/home.html", needs=needs(person, today(), calendars, asked_kind()),
        counts=stands, colour_word=colour_name, tiles=tiles(stands["kpis"], stands["targets"], today()),
        matrix=read(Measure.days, today(), calendars=calendars), feed=since(person, before, limit=10), before=before,
        alarm=alarm() if may(person, May.audit) else None,
    )  # fmt: skip


def asked_kind() -> Kind | None:
    """Return the kind of which `?all=` asks to see everything; None for nonsense."""
    asked = request.args.get("all", "")
    return Kind(asked) if asked in Kind.__members__ else None


@pages.get("/search")
@allow(May.read_internal)
def search() -> Any:
    """Search over everything one may see."""
    words = request.args.get("q", "")[:100]
    return render("overview/search.html", words=words, found=find(me(), words))


@pages.get("/activity")
@allow(May.read_internal)
def trail() -> Any:
    """Show everything that happened, the newest first; by one person, between two days, of one group of kinds."""
    filters, before = asked_for(me()), asked_number("before")
    return render(
        "overview/trail.html",
        filters=filters,
        feed=found(me(), filters.asked, before_id=before) if filters.fits else None,
        chips=chips(filters.typed["group"], lambda key: here(group=key, before=None)),
    )
