"""Who blocks whom: the matrix, its finding, the selected pair, and what has stood in the way longest."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.blockers import matrix as silos
from tracker.blockers.choosing import held_by, waiting
from tracker.blockers.finding import finding
from tracker.blockers.holders import Holder
from tracker.blockers.lines import lines, oldest_first, selected
from tracker.blockers.matrix import Measure
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.clock import now
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.following import followed
from tracker.gate import allow, me
from tracker.organisation.settings import day_of
from tracker.policy import May
from tracker.wording import tag

OLDEST = 10
OF_A_PAIR = 8


@pages.get("/blockers/matrix")
@allow(May.read_internal)
def matrix() -> Any:
    """Show the silo matrix by days, open blockers or the oldest; `?row=&column=` selects a pair."""
    today = day_of(now())
    return followed(
        "blockers/matrix.html", "blockers/matrix/_live.html", today, lambda: _read(today)
    )


def _read(today: date) -> tuple[dict[str, Any], Any]:
    """Return what the page shows, and what of it others change."""
    measure, past = _asked_measure(), _asked_past()
    found = silos.read(measure, today, past=past)
    waits = Holder.from_waiting(request.args.get("column"))
    pair = found.cell(request.args.get("row"), waits.key if waits else None)
    open_ones = Blocker.visible_to(me()).where(Blocker.open_since.is_not(None))
    within = []
    if pair is not None and pair[2].open:
        mine = open_ones.where(held_by(pair[0].key), waiting(pair[1].key))
        within = lines(oldest_first(selected(mine)).limit(OF_A_PAIR), today)
    context = {
        "matrix": found,
        "finding": finding(found),
        "measure": measure,
        "past": past,
        "pair": pair,
        "within": within,
        "oldest": lines(oldest_first(selected(open_ones)).limit(OLDEST), today),
    }
    return context, context


@pages.get("/blockers/matrix.<any(csv, xlsx):form>")
@allow(May.read_internal)
def matrix_file(form: str) -> Any:
    """Download the pairs as the page orders them: who blocks whom, days, open blockers, the oldest.

    With `?past=0` the days of what is over are left out, as on the page.
    """
    past = _asked_past()
    found = silos.read(_asked_measure(), day_of(now()), past=past)
    columns = [_("Blocking"), _("Waiting"), _("Working days"), _("Open"), _("Oldest, working days")]
    cells = [
        (row.name, column.name, cell.days + (cell.over_days if past else 0), cell.open, cell.oldest)
        for row, column, cell in found.ranked
    ]
    if form == "csv":
        return as_csv(columns, cells, "who-blocks-whom")
    return as_xlsx(columns, cells, "who-blocks-whom", right_to_left=tag() == "fa")


def _asked_measure() -> Measure:
    asked = request.args.get("measure", "")
    return Measure(asked) if asked in Measure.__members__ else Measure.days


def _asked_past() -> bool:
    return request.args.get("past") != "0"
