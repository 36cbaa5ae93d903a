"""Several initiatives at once: chosen on the list, changed by one form, each by its own rules."""

from __future__ import annotations

from typing import Any

from tracker.bulk_pages import page_of_bulk
from tracker.gate import allow, me
from tracker.initiatives.bulk import ACTS, MANY, could, locked
from tracker.initiatives.listing import named
from tracker.initiatives.pages import pages
from tracker.initiatives.stages import stage_name
from tracker.policy import May
from tracker.wording import today


@pages.route(
    '/initiatives/bulk/<any(sponsor, lead, "lead-unit", team, theme):what>', methods=["GET", "POST"]
)
@allow(May.edit_in_bulk)
def bulk(what: str) -> Any:
    """Show the form for the chosen initiatives, or do it."""
    act = ACTS[what]
    return page_of_bulk(
        "initiatives/bulk.html",
        MANY,
        act,
        rows=lambda ids: named(me(), ids, today()),
        could=lambda row: could(me(), act, row),
        locked=locked,
        stage_name=stage_name,
    )
