"""How the portfolio stands: under way, by colour, silent, blocked; and what the company is measured by.

It takes a walk over all that is under way, so it is counted again only after the trail has grown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from tracker.activity.walking import since_the_trail_grew
from tracker.boards.asjson import apart, together
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.overview.measures import measures

Counts = Mapping[str, Any]
COUNTED = "overview.standing"  # what was counted last


def counts(person: Person, today: date) -> Counts:
    """Return how many initiatives are under way for `person`, by colour, and how many of them are blocked, silent, without a
    sponsor; and the `kpis` and `targets` of home, for `tiles`."""
    key = person.is_internal, today
    return since_the_trail_grew(COUNTED, key, lambda: _counted(person, today))


def _counted(person: Person, today: date) -> Counts:
    running = (Initiative.stopped_at.is_(None), Initiative.stage != Stage.realised)
    by_colour: Any = (
        Initiative.visible_to(person)
        .with_only_columns(
            Initiative.colour, func.count().label("n"), func.sum(case((Initiative.open_blockers > 0, 1), else_=0)).label("blocked"),
            func.sum(case((silent_condition(Initiative, today), 1), else_=0)).label("silent"),
            func.sum(case((Initiative.sponsor_id.is_(None), 1), else_=0)).label("orphans"),
        )
        .where(*running)
        .group_by(Initiative.colour)
    )  # fmt: skip
    parts = (
        together(part).label(f"part_{n}") for n, part in enumerate((by_colour, *measures(person)))
    )
    rows, kpis, targets = (apart(part) for part in db.session.execute(select(*parts)).one())
    _colours, totals, blocked, silent, orphans = zip(*rows, strict=True) if rows else ([],) * 5
    return {
        "total": sum(totals),
        "colours": {colour or "none": n for colour, n, *_rest in rows},
        "blocked": sum(blocked),
        "silent": sum(silent),
        "orphans": sum(orphans),
        "kpis": kpis,
        "targets": targets,
    }
