"""The page that compares the units of a KPI, each with its own limits."""

from __future__ import annotations

from typing import Any

from tracker.gate import allow
from tracker.kpis.around import units_of
from tracker.kpis.comparing import side_by_side
from tracker.kpis.listing import targets_of
from tracker.kpis.models import Kpi
from tracker.kpis.pages import pages
from tracker.kpis.targets import target_on
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import render
from tracker.wording import today

PER_PAGE = 24


@pages.get("/kpis/<code>/units")
@allow(May.read_internal, on=Kpi)
def units(kpi: Kpi) -> Any:
    """Show the units of a KPI side by side, in the order of their names."""
    every = units_of(kpi)
    number, first = asked_page(), offset(asked_page(), PER_PAGE)
    shown = every[first : first + PER_PAGE]
    target = target_on(targets_of([kpi.id]).get(kpi.id, []), today())
    return render(
        "kpis/units.html", kpi=kpi, page=Page(shown, number, PER_PAGE, len(every)), target=target,
        side=side_by_side(kpi, every, shown, target=target.value if target else None, today=today()),
    )  # fmt: skip
