"""Readings of one KPI, pasted as a spreadsheet copies them."""

from __future__ import annotations

from typing import Any

from flask import request

from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me, permit
from tracker.importing import keeping
from tracker.importing.bringing import bring
from tracker.importing.fields import What
from tracker.importing.forms_pasting import PasteForm
from tracker.importing.models import ImportRun
from tracker.importing.pages import pages
from tracker.importing.pasting import PASTED, TAB, as_pasted, pasted
from tracker.importing.reading import UnreadableFile
from tracker.kpis.models import Kpi
from tracker.organisation.units import Unit
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import render


@pages.route("/kpis/<code>/readings/pasted", methods=["GET", "POST"])
@allow(May.add_reading, on=Kpi)
def paste(kpi: Kpi) -> Any:
    """Take a column of figures, or a table; what it would do is shown like that of any file."""
    permit(May.import_readings)
    form = PasteForm()
    if request.method == "GET" and (again := asked_number("again")) is not None:
        _show(form, again)
    if request.method == "POST" and form.validate():
        try:
            body, columns = pasted(
                form.figures.data or "", first=form.first.data, cadence=kpi.cadence, by_parts=kpi.by_parts
            )  # fmt: skip
            given = {"kpi": kpi.code, **_place(form)}
            return bring(
                What.readings, f"{kpi.code}{PASTED}", body, given=given, columns=columns, delimiter=TAB, instead=True
            )  # fmt: skip
        except UnreadableFile as error:
            form.figures.errors = [error.words]
    return render("importing/paste.html", kpi=kpi, form=form, status=422 if form.errors else 200)


def _show(form: PasteForm, key: int) -> None:
    """Show once more what was pasted, with the periods that it was read for."""
    mine = ImportRun.visible_to(me()).where(
        ImportRun.id == key, ImportRun.filename.endswith(PASTED)
    )
    run = db.session.scalars(mine).one_or_none()
    body = keeping.file_of(run.token) if run and run.expires_at >= now() else None
    if run is None or body is None:
        return
    form.figures.data = as_pasted(body)
    given = run.mapping.defaults
    form.segment.data = given.get("segment", "")
    if given.get("unit"):
        code = Unit.visible_to(me()).where(Unit.code == given["unit"])
        form.unit_id.data = db.session.scalar(code.with_only_columns(Unit.id))


def _place(form: PasteForm) -> dict[str, str]:
    """Return whose the figures are, as a file would say it."""
    place: dict[str, str] = {}
    if form.unit_id.data:
        query = Unit.visible_to(me()).where(Unit.id == form.unit_id.data)
        place["unit"] = db.session.scalars(query).one().code
    if form.segment.data:
        place["segment"] = form.segment.data
    return place
