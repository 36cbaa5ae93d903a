"""Finding events among very many: each search walks one index, and only so far at a time.

The narrowest of what was asked chooses the index; the rest is looked at row by row, at most `WALK` rows for a page. Where
that finds too little, the page says how far back it looked, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from tracker.activity.models import EVENTS
from tracker.db import db

WALK = 10_000  # events looked at for one page
Condition = ColumnElement[bool]
Test = Callable[[Any], Condition]
E = EVENTS.c


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is None is not asked. `actor_id` 0 is the application itself.

    `since` belongs to the span of time, `until` does not.
    """

    actor_id: int | None = None
    kinds: Collection[str] | None = None
    initiative_id: int | None = None
    number: int | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """The rows of a page, newest first. `older` is the id to go on from, None at the end.

    `short` is the time of the row at which the walk ended, when it ended for its length.
    """

    rows: Sequence[Any]
    older: int | None
    short: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Road:
    """An index to walk: the conditions that it answers, and whether it goes by time or by id."""

    conditions: tuple[Condition, ...]
    by_time: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        return (E.at.desc(), E.id.desc()) if self.by_time else (E.id.desc(),)

    def older_than(self, at: datetime | None, id_: int) -> Condition:
        if not self.by_time:
            return E.id < id_
        return and_(E.at <= at, or_(E.at < at, E.id < id_))

    def not_older_than(self, at: datetime, id_: int) -> Condition:
        if not self.by_time:
            return E.id >= id_
        return and_(E.at >= at, or_(E.at > at, E.id >= id_))


def walk(
    columns: Sequence[Any],
    asked: Asked,
    *conditions: Condition,
    before: int | None = None,
    limit: int = 50,
) -> Walked:
    """Return the newest `limit` events that were asked for, and for which `conditions` hold.

    `before` is `older` of the page before. `columns` have `id` and `at` among them. At most five statements.
    """
    start = (before, _time_of(before)) if before else None
    road, end, rest = _road(asked, conditions, start)
    query = _from(select(*columns).where(*road.conditions, *rest), road, start)
    if end is not None:
        query = query.where(road.not_older_than(end.at, end.id))
    rows = db.session.execute(query.order_by(*road.order).limit(limit + 1)).all()
    if len(rows) > limit:
        return Walked(rows[:limit], rows[limit - 1].id)
    return Walked(rows, end.id if end else None, end.at if end else None)


def _road(
    asked: Asked, conditions: Sequence[Condition], start: Any
) -> tuple[_Road, Any, list[Condition]]:
    """Choose the index: return it, the row at which its walk ends for its length, and what is left to look at."""
    exact, span = _exact(asked), _span(asked)
    several = asked.kinds is not None and len(asked.kinds) != 1
    leads = exact[:-1] if several else exact  # several kinds are no one stretch of an index
    by_time = _Road(tuple(test(E.at) for test in span), by_time=True)
    end = _end(by_time, start) if span and (exact or conditions) else None
    if span and (end is None or not leads):
        return by_time, end, [*(test(_unled(column)) for column, test in exact), *conditions]
    road = _Road(tuple(test(column) for column, test in leads[:1]))
    rest = [test(_unled(column)) for column, test in exact[len(leads[:1]) :]]
    rest += [test(_unled(E.at)) for test in span] + list(conditions)
    return road, _end(road, start) if rest else None, rest


def _exact(asked: Asked) -> list[tuple[Any, Test]]:
    """Return each column that is asked for one value, or among several, the narrowest first; kinds stand last."""
    found: list[tuple[Any, Test]] = []
    for column, value in (
        (E.number, asked.number),
        (E.request_id, asked.request_id),
        (E.initiative_id, asked.initiative_id),
    ):
        if value is not None:
            found.append((column, _is(value)))
    if asked.actor_id is not None:
        found.append((E.actor_id, _is(asked.actor_id or None)))
    if asked.kinds is not None:
        kinds = sorted(asked.kinds)
        found.append(
            (E.kind, _is(kinds[0]) if len(kinds) == 1 else lambda column: column.in_(kinds))
        )
    return found


def _span(asked: Asked) -> list[Test]:
    since, until = asked.since, asked.until
    return [
        *([lambda column: column >= since] if since else []),
        *([lambda column: column < until] if until else []),
    ]


def _is(value: Any) -> Test:
    return lambda column: column == value


def _unled(column: Any) -> Any:
    """The column in a form that no index answers, so that the database walks the road that was chosen."""
    return func.coalesce(column, column)


def _end(road: _Road, start: Any) -> Any:
    """Return the last row that a page looks at, or None where the road is not that long."""
    query = _from(select(E.id, E.at).where(*road.conditions), road, start)
    return db.session.execute(query.order_by(*road.order).offset(WALK - 1).limit(1)).one_or_none()


def _from(query: Any, road: _Road, start: Any) -> Any:
    return query.where(road.older_than(start[1], start[0])) if start else query


def _time_of(id_: int) -> datetime | None:
    return db.session.scalar(select(E.at).where(E.id == id_))
