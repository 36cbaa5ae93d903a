"""Units: the tree, and one unit's names, place, head and calendar."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from tracker.clock import now
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.organisation.forms_units import UnitForm
from tracker.organisation.listing import unit_rows
from tracker.organisation.lookups import names_of_people
from tracker.organisation.pages import pages
from tracker.organisation.units import Unit
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import done, posting, render

PER_PAGE = 200


@pages.route("/admin/units")
@allow(May.manage_units)
def units() -> Any:
    """List units as the tree they form; a search shows the matching ones flat."""
    q = request.args.get("q", "").strip()[:200]
    ended = "ended" in request.args
    rows = unit_rows(me(), q, ended=ended)
    drawn = [(0, row) for row in rows] if q or ended else in_tree_order(rows)
    number = asked_page()
    first = offset(number, PER_PAGE)
    page = Page(drawn[first : first + PER_PAGE], number, PER_PAGE, len(drawn))
    return render("organisation/units.html", page=page, q=q, ended=ended)


def in_tree_order(rows: list[Any]) -> list[tuple[int, Any]]:
    """Return (depth, row) for units, each below the one it is part of, in the order given."""
    known = {row.id for row in rows}
    parts: dict[int | None, list[Any]] = {}
    for row in rows:
        parts.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    drawn: list[tuple[int, Any]] = []
    waiting = [(0, row) for row in reversed(parts.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        drawn.append((depth, row))
        waiting += [(depth + 1, part) for part in reversed(parts.get(row.id, []))]
    return drawn


@pages.route("/admin/units.<any(csv, xlsx):form>")
@allow(May.manage_units)
def units_export(form: str) -> Any:
    """Download the units that have not ended, in the order of the tree."""
    rows = [row for _depth, row in in_tree_order(unit_rows(me()))]
    names = {row.id: row.name for row in rows}
    columns = [
        *(_("Code"), _("Name"), _("Short name"), _("Part of"), _("Head")),
        *(_("Acting head"), _("People")),
    ]
    cells = [
        (
            *(row.code, row.name, row.short_name, names.get(row.parent_id), row.head),
            *(row.acting_head, row.people),
        )
        for row in rows
    ]
    if form == "csv":
        return as_csv(columns, cells, "units")
    return as_xlsx(columns, cells, "units", right_to_left=str(get_locale()) == "fa")


@pages.route("/admin/units/new", methods=["GET", "POST"])
@allow(May.manage_units)
def unit_new() -> Any:
    """Add a unit."""
    form = UnitForm()
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/unit_edit.html", status=status, form=form, unit=None)
    with posting() as post:
        unit = Unit.add(by=me(), now=now(), **form.fields)
        post.answer(url_for("organisation.units"), _("%(unit)s was added.", unit=unit.name))
    return done(post)


@pages.route("/admin/units/<key>/edit", methods=["GET", "POST"])
@allow(May.manage_units, on=Unit)
def unit_edit(unit: Unit) -> Any:
    """Change a unit's names, place, head or calendar."""
    form = UnitForm(unit=unit, data=_as_it_stands(unit))
    if not form.is_submitted() or not form.validate():
        return render(
            "organisation/unit_edit.html",
            status=422 if form.is_submitted() else 200,
            form=form,
            unit=unit,
            names=names_of_people({unit.head_id, unit.acting_head_id}),
        )
    with posting() as post:
        unit = post.again(unit)
        post.same_version(unit, form, _as_it_stands(unit))
        unit.change(by=me(), now=now(), **form.fields)
        post.answer(url_for("organisation.units"), _("%(unit)s was saved.", unit=unit.name))
    return done(post)


def _as_it_stands(unit: Unit) -> dict[str, Any]:
    """Return what the form would show now, field by field."""
    own = ("name", "code", "short_name", "parent_id", "head_id", "calendar_id")
    return {**{field: getattr(unit, field) for field in own}, "aliases": "\n".join(unit.aliases())}


@pages.route("/admin/units/<key>/ending", methods=["GET", "POST"])
@allow(May.manage_units, on=Unit)
def unit_ending(unit: Unit) -> Any:
    """Ask, and close a unit for new work."""
    if request.method != "POST":
        return render("organisation/unit_ending.html", unit=unit)
    with posting() as post:
        unit = post.again(unit)
        unit.end(by=me(), now=now())
        post.answer(url_for("organisation.units"), _("%(unit)s has ended.", unit=unit.name))
    return done(post)
