"""Both sides of the silo matrix by name: units with their heads, partners, and all outside parties as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, cast, literal, null, select, union_all

from tracker.blockers.holders import OUTSIDE
from tracker.blockers.silos import SiloPair
from tracker.db import Instant, db
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@dataclass(frozen=True, slots=True)
class Side:
    """A holder by its key. `slug` leads to the page of a unit; `head` is who heads it, or acts as such.

    `short` is how a unit is called where there is little room: its short name, else its name.
    """

    key: str
    name: str
    slug: str | None = None
    head: str | None = None
    calendar_id: int | None = None
    ended: bool = False
    short: str = ""

    @property
    def kind(self) -> str:
        """u for a unit, p for a partner, o for outside parties."""
        return self.key[0]


def sides_and_pairs() -> tuple[dict[str, Side], list[Any]]:
    """Return every unit and partner by its key, with what stands for outside parties (without a name), and the kept pairs,
    all in one statement."""
    units = select(
        (literal("u") + cast(Unit.id, String)).label("key"),
        Unit.name,
        Unit.slug,
        Person.name.label("head"),
        Unit.acting_calendar_id.label("calendar_id"),
        Unit.ended_at,
        Unit.short_name.label("short"),
    ).outerjoin(Person, Person.id == Unit.acting_head_id)
    partners = select(
        (literal("p") + cast(Partner.id, String)).label("key"),
        Partner.name,
        cast(null(), String),
        cast(null(), String),
        Partner.calendar_id,
        Partner.ended_at,
        literal(""),
    )
    outside = select(
        literal(OUTSIDE),
        literal(""),
        *(cast(null(), String), cast(null(), String), cast(null(), Integer)),
        cast(null(), Instant),
        literal(""),
    )
    held = union_all(units, partners, outside).subquery()
    query = select(held, SiloPair.__table__).outerjoin(SiloPair, SiloPair.holder_key == held.c.key)
    rows = db.session.execute(query).all()
    sides = {
        row.key: Side(
            *(row.key, row.name, row.slug, row.head, row.calendar_id, row.ended_at is not None),
            short=row.short or row.name,
        )
        for row in rows
    }
    return sides, [row for row in rows if row.holder_key is not None]
