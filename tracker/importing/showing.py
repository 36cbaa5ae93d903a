"""The page of one import: what its file would do, or did."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request, url_for
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import me
from tracker.importing import keeping, supposing, working
from tracker.importing.brought import brought
from tracker.importing.checked import Checked, unused
from tracker.importing.columns import Confidence
from tracker.importing.fields import FIELDS, IMPORT_OF, What
from tracker.importing.forms import ColumnsForm, columns_form, fill
from tracker.importing.models import ImportMap, ImportRun
from tracker.importing.pasting import PASTED
from tracker.importing.report import OUTCOMES, Outcome
from tracker.importing.table import Table
from tracker.kpis.models import Kpi, as_code
from tracker.paging import Page, asked_page, offset
from tracker.web import render

PER_PAGE = 50
LISTS = {
    What.initiatives: "initiatives.index",
    What.people: "organisation.people",
    What.units: "organisation.units",
    What.partners: "organisation.partners",
    What.blockers: "blockers.index",
    What.readings: "kpis.tree",
    What.goals: "kpis.tree",
    What.actions: "actions.index",
    What.milestones: "initiatives.index",
}


def alive(run: ImportRun) -> ImportRun:
    """The import itself. Raises `Missing` once its time is over."""
    if run.expires_at < now():
        raise Missing
    return run


def shown(
    run: ImportRun, checked: Checked, form: ColumnsForm | None = None, status: int = 200
) -> Any:
    """The page with what the last dry run found; `form` where something is wrong with it."""
    maps = ImportMap.of(run.what)
    form = form or fill(columns_form(run, checked, maps), run)
    whole = checked.report
    asked = request.args.get("outcome")
    results = whole.of(Outcome(asked)) if asked in set(Outcome) else whole.results
    used = [f for f in FIELDS[run.what] if f.required or _told(form, f.name)]
    first, kpi = offset(asked_page(), PER_PAGE), _kpi_of_all(run)
    return render(
        "importing/show.html",
        run=run,
        checked=checked,
        form=form,
        maps=maps,
        used=used,
        more=[f for f in FIELDS[run.what] if f not in used],
        labels={field.name: field.label for field in FIELDS[run.what]},
        unused=unused(run.mapping, checked.headers),
        totals=whole.totals(),
        outcome=asked,
        page=Page(results[first : first + PER_PAGE], asked_page(), PER_PAGE, len(results)),
        target=url_for("kpis.show", code=kpi) if kpi else _list_of(run.what),
        kpi=kpi,
        pasted=run.filename.endswith(PASTED),
        brought=brought(me(), run),
        applies=checked.applies(skip_bad=run.skip_bad),
        heading=IMPORT_OF[run.what],
        OUTCOMES=OUTCOMES,
        Confidence=Confidence,
        status=status,
    )


def _kpi_of_all(run: ImportRun) -> str | None:
    """Return the code of the one KPI that all rows are about, where the file does not name several."""
    told = run.mapping.defaults.get("kpi") if run.what == What.readings else None
    if not told or "kpi" in run.mapping.columns:
        return None
    return db.session.scalar(select(Kpi.code).where(Kpi.code == as_code(told)))


def _list_of(what: What) -> str | None:
    """The address of the list of what was imported, where its room has one."""
    endpoint = LISTS[what]
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _told(form: ColumnsForm, name: str) -> bool:
    """Whether a field has a column, a default, or something wrong with either."""
    both = (form[f"column_{name}"], form[f"default_{name}"])
    return any(one.data or one.errors for one in both)


def check(run: ImportRun, table: Table | None = None) -> Any:
    """Make the dry run, in the background for a long file, and go to the page that shows it."""
    known = keeping.checked_of(run.token)
    rows = len(table.rows) if table else known.rows if known else 0
    if rows <= working.SHORT:
        supposing.check(run, table)
    elif not keeping.progress_of(run.token):
        working.in_background(run, supposing.check)
    return redirect(url_for("importing.show", key=run.id), 303)
