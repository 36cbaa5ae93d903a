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
from tracker.partners.figures import CODES
from tracker.partners.listing import MOST_IN_A_FILE, Filters, lines, partners_page
from tracker.partners.naming import name_of
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
    filters = Filters.asked(request.args, today)
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
    """Return headings and rows: each figure, and beside it how many rows stand behind it."""
    today = day_of(now())
    filters = Filters.asked(request.args, today)
    headings = [_("Partner"), _("What it serves"), _("Relationship owner"), _("Agreed terms"), _("Quarter")]  # fmt: skip
    for code in CODES:
        headings += [name_of(code), _("%(figure)s: rows", figure=name_of(code))]
    found = lines(filters.query(me(), today), filters, today, MOST_IN_A_FILE)
    rows = (
        [
            *(line.name, line.serves, line.owner, line.terms, filters.quarter.key),
            *(cell for code in CODES for cell in (line.figures[code].value, line.figures[code].count)),
        ]
        for line in found
    )  # fmt: skip
    return headings, rows
