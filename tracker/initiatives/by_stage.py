"""The order of stages without ranking every row: each stage walks its own part of an index, and the firsts are joined."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal_column, select, union_all

from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import ORDER


def picked_by_stage(scope: Select[Any], part: tuple[int, int], *, down: bool) -> Select[Any]:
    """Return the ids of one part (limit, offset) of `scope`, in the order of stages, in each the earliest first.

    `down` is the same the other way round. No stage is read further than the part reaches; the index
    is of what goes on, so a list of what has ended is sorted as any other.
    """
    limit, offset = part
    firsts = []
    for place, stage in enumerate(ORDER):
        first = (
            scope.where(Initiative.stage == stage)
            .with_only_columns(
                Initiative.id, Initiative.stage_since, literal_column(str(place)).label("place")
            )
            .order_by(*_turned(down, Initiative.stage_since, Initiative.id))
            .limit(limit + offset)
            .subquery()
        )
        firsts.append(select(first.c.id, first.c.stage_since, first.c.place))
    found = union_all(*firsts).subquery()
    order = _turned(down, found.c.place, found.c.stage_since, found.c.id)
    return select(found.c.id).order_by(*order).limit(limit).offset(offset)


def _turned(down: bool, *columns: Any) -> list[Any]:
    return [column.desc() if down else column.asc() for column in columns]
