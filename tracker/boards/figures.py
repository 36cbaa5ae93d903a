"""What stands above a board: how many initiatives, by column and colour, silent and blocked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func

from tracker.boards.cards import ENDED, column_of
from tracker.boards.filters import Filters
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.stages import Stage


@dataclass(frozen=True)
class Figures:
    """What stands above the board, from one statement."""

    total: int
    by_column: dict[str, int]
    by_colour: dict[str, int]
    silent: int
    blocked: int


def figures(scope: Select[Any], filters: Filters, day: date) -> Figures:
    """Count the board: by column, by colour, without a report, blocked."""
    running = and_(Initiative.stopped_at.is_(None), Initiative.stage != Stage.realised)
    rows = db.session.execute(
        scope.with_only_columns(
            column_of().label("place"),
            Initiative.colour,
            func.count().label("n"),
            func.sum(case((and_(running, silent_condition(Initiative, day)), 1), else_=0)).label(
                "silent"
            ),
            func.sum(case((and_(running, Initiative.open_blockers > 0), 1), else_=0)).label(
                "blocked"
            ),
        )
        .where(*filters.conditions())
        .group_by("place", Initiative.colour)
    ).all()
    by_column: dict[str, int] = defaultdict(int)
    by_colour: dict[str, int] = defaultdict(int)
    for row in rows:
        by_column[str(row.place)] += row.n
        if row.place != ENDED:
            by_colour[row.colour.value if row.colour else "none"] += row.n
    return Figures(
        total=sum(n for place, n in by_column.items() if place != ENDED),
        by_column=dict(by_column),
        by_colour=dict(by_colour),
        silent=sum(row.silent or 0 for row in rows),
        blocked=sum(row.blocked or 0 for row in rows),
    )
