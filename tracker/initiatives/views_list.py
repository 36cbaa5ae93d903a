"""The list of initiatives: narrowed by its address, sorted, paged, downloaded."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _

from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.initiatives.bulk import ACTS, could
from tracker.initiatives.listing import COUNTED, Listed, all_rows, filter_options, list_rows
from tracker.initiatives.narrowing import Narrowing
from tracker.initiatives.origins import origin_in
from tracker.initiatives.pages import pages
from tracker.initiatives.reporting import Colour, cadence_name, colour_mark, colour_name
from tracker.initiatives.stages import ORDER, in_use, stage_name
from tracker.languages import direction
from tracker.paging import asked_page, here
from tracker.policy import May
from tracker.web import render
from tracker.wording import today


@pages.get("/initiatives")
@allow(May.read_internal)
def index() -> Any:
    """List initiatives, the longest in their stage first unless the address asks for another order."""
    narrowing = Narrowing.from_mapping(request.args, origin_in(request.args, me()))
    page = list_rows(me(), narrowing, request.args.get("sort"), asked_page(), today())
    acts = {
        row.id: [name for name, act in ACTS.items() if could(me(), act, row)] for row in page.items
    }
    return render(
        "initiatives/index.html",
        page=page,
        narrowing=narrowing,
        options=filter_options(me()),
        stages=[(stage.value, stage_name(stage)) for stage in ORDER if stage in in_use()],
        colours=[*((c.value, colour_name(c)) for c in Colour), ("none", colour_name(None))],
        offered=[
            (name, act) for name, act in ACTS.items() if any(name in n for n in acts.values())
        ],
        choosable={id_ for id_, names in acts.items() if names},
        chosen=set(request.args.getlist("ids")),
        counted=COUNTED,
        back=here(ids=None),
        stage_name=stage_name,
        colour_mark=colour_mark,
        colour_name=colour_name,
    )


@pages.get("/initiatives.<any(csv, xlsx):form>")
@allow(May.read_internal)
def download(form: str) -> Any:
    """Download what the list shows, all pages of it."""
    narrowing = Narrowing.from_mapping(request.args, origin_in(request.args, me()))
    rows = all_rows(me(), narrowing, request.args.get("sort"), today())
    columns = [
        *(_("Number"), _("Title"), _("Theme"), _("Category"), _("Stage"), _("In the stage since")),
        *(_("Working days in the stage"), _("Mark"), _("Health"), _("Reason"), _("Last update")),
        *(_("How often it reports"), _("Sponsor"), _("Lead"), _("Lead unit"), _("Units")),
        *(_("Open blockers"), _("Budget"), _("Begun")),
    ]
    cells = [_cells(row) for row in rows]
    if form == "csv":
        return as_csv(columns, cells, "initiatives")
    rtl = direction(str(get_locale())) == "rtl"
    return as_xlsx(columns, cells, "initiatives", right_to_left=rtl)


def _cells(row: Listed) -> tuple[Any, ...]:
    return (
        *(row.ref, row.title, row.theme, row.category, stage_name(row.stage), row.stage_since),
        *(row.age, _mark(row), colour_name(row.colour), row.colour_reason, row.reported_on),
        *(cadence_name(row.cadence), row.sponsor, row.lead, row.unit, row.unit_count),
        *(row.open_blockers, row.budget, row.created_at),
    )


def _mark(row: Listed) -> str:
    if row.stopped_at is not None:
        return _("Stopped")
    return _("On hold") if row.held_at is not None else ""
