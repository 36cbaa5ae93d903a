"""The page of a unit: what it blocks, what it waits for, what it leads, and who works there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.blockers.lines import lines, oldest_first, selected
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.standing import day_of
from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.policy import May
from tracker.web import render

SHOWN = 10
MOST_PEOPLE = 60


@pages.get("/units/<slug>")
@allow(May.read_internal)
def unit(slug: str) -> Any:
    """Show a unit; whoever heads it reads "you"."""
    person, today = me(), day_of(now())
    found = Unit.find(person, slug)
    shown = db.session.scalars(
        select(Unit)
        .where(Unit.id == found.id)
        .options(joinedload(Unit.acting_head), joinedload(Unit.parent))
        .execution_options(populate_existing=True)
    ).one()
    open_ones = oldest_first(
        selected(Blocker.visible_to(person).where(Blocker.open_since.is_not(None)))
    )
    return render(
        "blockers/unit.html",
        unit=shown,
        yours=shown.id in person.duties.heads,
        blocks=lines(open_ones.where(Blocker.holder_unit_id == shown.id).limit(SHOWN + 1), today),
        waits=lines(open_ones.where(Blocker.blocked_unit_id == shown.id).limit(SHOWN + 1), today),
        leads=_led(person, shown),
        people=_people(person, shown),
        shown=SHOWN,
    )


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
