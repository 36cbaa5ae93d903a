"""The page of a unit: what it blocks, what it waits for, what it leads, what it is measured by, and who works there."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.orm import joinedload

from tracker.blockers.holders import Calendars
from tracker.blockers.lines import Line, lines, oldest_first, selected
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.promising import offers
from tracker.blockers.short import picked
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.following import followed
from tracker.gate import allow, me
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.own import own
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit
from tracker.policy import May

SHOWN = 10
MOST_PEOPLE = 60


@pages.get("/units/<slug>")
@allow(May.read_internal)
def unit(slug: str) -> Any:
    """Show a unit; whoever heads it reads "you"."""
    person, today = me(), day_of(now())
    whole = Unit.visible_to(person).where(Unit.slug == slug)
    whole = whole.options(joinedload(Unit.acting_head), joinedload(Unit.parent))
    found = db.session.scalars(whole).one_or_none()
    if found is None:
        raise Missing
    return followed(
        "blockers/unit.html", "blockers/unit/_live.html", today, lambda: _read(found, person, today)
    )


def _read(unit: Unit, person: Person, today: date) -> tuple[dict[str, Any], Any]:
    """Return what the page shows, and what of it others change."""
    calendars = Calendars()
    concerned = _concerned(person, unit, today, calendars)
    blocks = [line for line in concerned if line.holder_key == f"u{unit.id}"]
    measured, led, people = own(person, unit, today), _led(person, unit), _people(person, unit)
    offered = offers(blocks[:SHOWN], person, calendars.of(unit.acting_calendar_id), today)
    context = {
        "unit": unit,
        "yours": unit.acting_head_id == person.id,
        "blocks": blocks,
        "waits": [line for line in concerned if line.blocked_key == f"u{unit.id}"],
        "offers": offered,
        "leads": led,
        "people": people,
        "own": measured,
        "shown": SHOWN,
    }
    named = [(one.id, one.name, one.job_title) for one in people]
    stands = [(one.ref, one.title, one.stage, one.sponsor and one.sponsor.name) for one in led]
    return context, (context["yours"], concerned, offered, stands, named, measured)


def _concerned(person: Person, unit: Unit, today: date, calendars: Calendars) -> list[Line]:
    """Return what the unit blocks and what it waits for, the oldest of each, in one query."""
    still = Blocker.visible_to(person).where(Blocker.open_since.is_not(None))
    blocks = oldest_first(still.where(Blocker.holder_unit_id == unit.id))
    waits = oldest_first(still.where(Blocker.blocked_unit_id == unit.id))
    some = (
        query.with_only_columns(Blocker.id).limit(SHOWN + 1).subquery() for query in (blocks, waits)
    )
    ids = union_all(*(select(part.c.id) for part in some)).subquery()
    return lines(oldest_first(selected(picked(still, ids))), today, calendars)


def _led(person: Person, unit: Unit) -> Any:
    going_on = (Initiative.stopped_at.is_(None), Initiative.stage != Stage.realised)
    query = Initiative.visible_to(person).where(Initiative.lead_unit_id == unit.id, *going_on)
    return db.session.scalars(
        query.options(joinedload(Initiative.sponsor))
        .order_by(Initiative.changed.desc())
        .limit(SHOWN + 1)
    ).all()


def _people(person: Person, unit: Unit) -> Any:
    query = Person.visible_to(person).where(Person.unit_id == unit.id, Person.ended_at.is_(None))
    return db.session.scalars(query.order_by(Person.name).limit(MOST_PEOPLE)).all()
