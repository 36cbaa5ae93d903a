"""Who blocks whom: the matrix, its finding, the selected pair, and what has stood in the way longest."""

from __future__ import annotations

from typing import Any

from flask import request

from tracker.blockers import matrix as silos
from tracker.blockers.finding import finding
from tracker.blockers.lines import lines, oldest_first, selected
from tracker.blockers.matrix import Measure
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.queries import held_by
from tracker.blockers.standing import day_of
from tracker.clock import now
from tracker.gate import allow, me
from tracker.policy import May
from tracker.web import render

OLDEST = 10
OF_A_PAIR = 8


@pages.get("/blockers/matrix")
@allow(May.read_internal)
def matrix() -> Any:
    """Show the silo matrix by days, open blockers or the oldest; `?row=&column=` selects a pair."""
    asked = request.args.get("measure", "")
    measure = Measure(asked) if asked in Measure.__members__ else Measure.days
    past = request.args.get("past") != "0"
    today = day_of(now())
    found = silos.read(measure, today, past=past)
    pair = found.cell(request.args.get("row"), request.args.get("column", type=int))
    open_ones = Blocker.visible_to(me()).where(Blocker.open_since.is_not(None))
    within = []
    if pair is not None and pair[2].open:
        mine = open_ones.where(held_by(pair[0].key), Blocker.blocked_unit_id == pair[1].unit_id)
        within = lines(oldest_first(selected(mine)).limit(OF_A_PAIR), today)
    return render(
        "blockers/matrix.html",
        matrix=found,
        finding=finding(found),
        measure=measure,
        past=past,
        pair=pair,
        within=within,
        oldest=lines(oldest_first(selected(open_ones)).limit(OLDEST), today),
    )
