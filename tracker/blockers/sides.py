"""Both sides of the silo matrix by name: units with their heads, partners, and all outside parties as one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import String, cast, literal, null, select

from tracker.blockers.holders import OUTSIDE
from tracker.db import db
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

    @property
    def unit_id(self) -> int | None:
        return int(self.key[1:]) if self.kind == "u" else None


def all_sides() -> dict[str, Side]:
    """Return every unit and partner by its key, in one statement, and what stands for outside parties (without a name)."""
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
    sides = {
        row.key: Side(
            *(row.key, row.name, row.slug, row.head, row.calendar_id, row.ended_at is not None),
            short=row.short or row.name,
        )
        for row in db.session.execute(units.union_all(partners))
    }
    return {**sides, OUTSIDE: Side(OUTSIDE, "")}
