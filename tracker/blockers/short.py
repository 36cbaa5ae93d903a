"""Short lists of blockers: the first of each, all in one statement, and how many there are beyond them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, nulls_last, select, union_all

from tracker.blockers.holders import Calendars
from tracker.blockers.lines import Line, aged, selected
from tracker.blockers.models import Blocker
from tracker.db import db


def placed(scopes: Sequence[Any], by: Any, *, limit: int, most: int | None = None) -> Any:
    """Return a list for `several`: the first blockers of all scopes by the day `by`, those without one last.

    What the limit cuts off is counted, up to `most`: by itself, for a window would sort every row that is cut off. No
    blocker is in two of the scopes.
    """
    first = (
        scope.with_only_columns(Blocker.id, by.label("day")).order_by(nulls_last(by), Blocker.id).limit(limit)
        for scope in scopes
    )  # fmt: skip
    top = union_all(*(select(one.subquery()) for one in first)).subquery()
    order = nulls_last(top.c.day), top.c.id
    place = func.row_number().over(order_by=order)
    among = count_of(scopes, most).label("among")
    return select(top.c.id, place.label("place"), among).order_by(*order).limit(limit)


def count_of(scopes: Sequence[Any], most: int | None) -> ScalarSelect[int]:
    """Return the query for how many blockers are in these scopes, of which no two have one in common, counted up to `most`."""
    some = (scope.with_only_columns(Blocker.id).limit(most).subquery() for scope in scopes)
    found = union_all(*(select(one) for one in some)).limit(most).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def several(
    scope: Any,
    lists: Mapping[str, Select[Any]],
    today: date,
    calendars: Calendars | None = None,
) -> dict[str, list[Line]]:
    """Return lists of blockers in `scope`, by name, as `lines` does: all in one statement, and their ages."""
    parts = (
        select(literal(name).label("list"), part.c.id, part.c.place, part.c.among)
        for name, part in ((name, query.subquery()) for name, query in lists.items())
    )
    listed = union_all(*parts).subquery()
    query = selected(picked(scope, listed)).add_columns(
        listed.c.list, listed.c.place, listed.c.among
    )
    rows = list(db.session.execute(query))
    rows.sort(key=lambda row: row.place)
    told: dict[str, list[Line]] = {name: [] for name in lists}
    for row, line in zip(rows, aged(rows, today, calendars), strict=True):
        told[row.list].append(line)
    return told


def picked(scope: Any, some: Any) -> Any:
    """Return `scope` narrowed to the blockers of `some`, which has their ids: a join before those to the names.

    PostgreSQL takes so many joins in the order in which they are written, and begins with the few rows only if they stand first.
    """
    return scope.join(some, some.c.id == Blocker.id)


def unlisted(found: Sequence[Line], most: int) -> int | None:
    """Return how many more there are in all than are listed, where `found` is one of `several`; None where they are too many to count."""
    if not found:
        return 0
    return found[0].among - len(found) if found[0].among < most else None
