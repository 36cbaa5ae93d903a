"""The tree of KPIs, and a KPI that is added or changed."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.gate import allow, me
from tracker.kpis import views_readings, views_show, views_targets, views_then, views_units
from tracker.kpis.forms import KpiForm, as_it_stands
from tracker.kpis.framing import filled, laid, tree_sections
from tracker.kpis.library import LIBRARY, ready
from tracker.kpis.listing import lines
from tracker.kpis.measures import layer_name
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.restanding import restand
from tracker.kpis.tree import in_order
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today

__all__ = ["pages", "views_readings", "views_show", "views_targets", "views_then", "views_units"]
PER_PAGE = 300


@pages.get("/goals")
@allow(May.read_internal)
def tree() -> Any:
    """Show every KPI below the one it drives, with how it stands."""
    found = in_order(lines(me(), today()))
    first = offset(asked_page(), PER_PAGE)
    page = Page(found[first : first + PER_PAGE], asked_page(), PER_PAGE, len(found))
    return render(
        "kpis/tree.html", page=page, layer_name=layer_name, columns=filled([line.id for _depth, line in page.items], me()),
        parts=laid(tree_sections, None, me()),
    )  # fmt: skip


@pages.route("/kpis/new", methods=["GET", "POST"])
@allow(May.add_kpi)
def new() -> Any:
    """Add a KPI: from the library, or from nothing."""
    chosen = ready(request.args.get("measure"))
    form = KpiForm(data=chosen.fields if chosen else {"by_parts": False, "factor": 1.0, "places": 1})  # fmt: skip
    if request.method != "POST" or not form.validate():
        return render(
            "kpis/edit.html", form=form, kpi=None, chosen=chosen, library=() if chosen else LIBRARY,
            status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        kpi = Kpi.add(by=me(), now=now(), **form.fields)
        restand([kpi])
        post.answer(url_for(".show", code=kpi.code), _("%(kpi)s was added.", kpi=kpi.name))
    return done(post)


@pages.route("/kpis/<code>/edit", methods=["GET", "POST"])
@allow(May.edit_kpi, on=Kpi)
def edit(kpi: Kpi) -> Any:
    """Change what a KPI is."""
    form = KpiForm(obj=kpi, kpi=kpi)
    if request.method != "POST" or not form.validate():
        return render(
            "kpis/edit.html", form=form, kpi=kpi, chosen=None, library=(), status=422 if form.errors else 200
        )  # fmt: skip
    with posting() as post:
        kpi = post.again(kpi)
        post.same_version(kpi, form, as_it_stands(kpi))
        kpi.change(by=me(), now=now(), **form.fields)
        restand([kpi])
        post.answer(url_for(".show", code=kpi.code), _("%(kpi)s was saved.", kpi=kpi.name))
    return done(post)
