"""All partners side by side, for our own people."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.clock import now
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.organisation.settings import day_of
from tracker.paging import asked_page
from tracker.partners.figure_kinds import KINDS, FigureKind, Form
from tracker.partners.figures import Figure
from tracker.partners.listing import MOST_IN_A_FILE, Filters, lines, partners_page
from tracker.partners.pages import pages
from tracker.partners.quarters import Quarter
from tracker.policy import May
from tracker.web import render
from tracker.wording import tag


@pages.get("/partners")
@allow(May.read_internal)
def index() -> Any:
    """Show every partner with the same measures, for one quarter."""
    today = day_of(now())
    filters = Filters.asked(request.args, me(), today)
    return render(
        "partners/index.html",
        page=partners_page(me(), filters, today, asked_page()),
        filters=filters,
        present=Quarter.of(today),
    )


@pages.get("/partners.csv")
@allow(May.read_internal)
def as_csv_file() -> Any:
    """The list as it is narrowed, as CSV."""
    return as_csv(*_sheet(), "partners")


@pages.get("/partners.xlsx")
@allow(May.read_internal)
def as_xlsx_file() -> Any:
    """The list as it is narrowed, as a workbook."""
    return as_xlsx(*_sheet(), "partners", right_to_left=tag() == "fa")


def _sheet() -> tuple[list[str], Any]:
    """Return headings and rows: each figure as numbers to reckon with, a share with what it is a share of."""
    today = day_of(now())
    filters = Filters.asked(request.args, me(), today)
    headings = [_("Partner"), _("What it serves"), _("Relationship owner"), _("Agreed terms"), _("Quarter")]  # fmt: skip
    for kind in KINDS.values():
        headings += _headings(kind)
    found = lines(filters.query(me(), today), filters, today, MOST_IN_A_FILE)
    rows = (
        [
            *(line.name, line.serves, line.owner, line.terms, filters.quarter.key),
            *(cell for figure in line.figures.values() for cell in _numbers(figure)),
        ]
        for line in found
    )  # fmt: skip
    return headings, rows


def _headings(kind: FigureKind) -> list[str]:
    name = str(kind.name)
    if kind.form is Form.share:
        return [
            _("%(figure)s, per cent", figure=name),
            _("%(figure)s: how many", figure=name),
            _("%(figure)s: of how many", figure=name),
        ]
    if kind.form is Form.days:
        return [_("%(figure)s, working days", figure=name), _("%(figure)s: rows", figure=name)]
    return [name, _("%(figure)s: rows", figure=name)] if kind.form is Form.median else [name]


def _numbers(figure: Figure) -> list[Any]:
    """Return the cells under the headings of a figure; a share or a median of too few is empty."""
    form = figure.kind.form
    if form is Form.share:
        share = None if figure.amount is None else round(figure.amount * 100, 1)
        return [share, figure.met, figure.count]
    if form is Form.median:
        return [figure.amount, figure.count]
    return [int(figure.amount or 0), figure.count] if form is Form.days else [figure.count]
