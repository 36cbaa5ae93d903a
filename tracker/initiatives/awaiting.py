"""What waits for an answer about an initiative: the rows that a home page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from tracker.db import Instant, db
from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.reaching import Participation
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: on which initiative, for or about which unit ("" where it is about all), and since when.

    `among` is how many of its kind wait in all.
    """

    ref: str
    title: str
    unit: str
    since: datetime
    among: int = 0


def going_on(person: Person) -> Select[Any]:
    """Return the select of initiatives that `person` sees, which have not ended and are not on hold."""
    return Initiative.visible_to(person).where(GOING_ON, Initiative.held_at.is_(None))


def takes_part() -> ColumnElement[bool]:
    """Return the condition that a unit takes part in an initiative, leading it or not."""
    beside = exists().where(
        Participation.initiative_id == Initiative.id, Participation.unit_id == Unit.id
    )
    return or_(Initiative.lead_unit_id == Unit.id, beside)


def sponsored_by(person: Person) -> ColumnElement[bool]:
    """Return the condition that `person` sponsors an initiative, or stands in for who does."""
    return Initiative.sponsor_id.in_([person.id, *person.duties.sponsors_for])


# What a row of a list may say of an initiative; it says None of what its list does not select.
SAID: Mapping[str, Any] = {
    "id": Integer(),
    "ref": String(),
    "title": String(),
    "since": Instant(),
    "who": String(),
    "unit_id": Integer(),
    "unit": String(),
    "calendar_id": Integer(),
    "stage": String(),
    "reported_on": Date(),
    "among": Integer(),
}


def first(query: Any, *order: Any, limit: int) -> Select[Any]:
    """Return a list for `together`: the first rows of `query`, which selects columns named in `SAID`, in this order.

    Each row knows how many there are `among` which it is: what the limit cuts off is counted.
    """
    place = func.row_number().over(order_by=order).label("place")
    return (
        query.add_columns(place, func.count().over().label("among")).order_by(*order).limit(limit)
    )


def together(lists: Mapping[str, Select[Any] | None]) -> dict[str, list[Any]]:
    """Return the rows of lists that `first` made, by the name of the list, all in one statement; None is an empty list."""
    parts = []
    for name, query in lists.items():
        if query is not None:
            part = query.subquery()
            columns = (
                type_coerce(part.c[said], kind) if said in part.c else cast(null(), kind)
                for said, kind in SAID.items()
            )
            labelled = (column.label(said) for said, column in zip(SAID, columns, strict=True))
            parts.append(select(literal(name).label("list"), part.c.place, *labelled))
    found: dict[str, list[Any]] = {name: [] for name in lists}
    rows = db.session.execute(union_all(*parts)).all() if parts else ()
    for row in sorted(rows, key=lambda row: row.place):
        found[row.list].append(row)
    return found
