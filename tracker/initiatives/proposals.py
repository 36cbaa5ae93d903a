"""Open proposals as rows: who was asked, since when, until when, and how much they sponsor already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased

from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import LOAD
from tracker.initiatives.sponsorships import (
    Answer,
    Sponsorship,
    active_sponsored,
    calendars_of,
    lapses_on,
)
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

MOST = 200  # open proposals on one page, the oldest first


@dataclass(frozen=True)
class Proposal:
    """One open proposal. `days` are the working days since; `late` says that its last day is near or past."""

    id: int
    ref: str
    title: str
    friction: str
    unit: str
    lead: str | None
    person_id: int
    name: str
    proposed_by_id: int | None
    proposed_by: str | None
    proposed_sponsor_id: int
    proposed_at: datetime
    words: str
    adopts: str | None
    stage: str
    sponsor: str | None
    until: date
    days: int
    late: bool


@dataclass(frozen=True)
class Proposals:
    """A page of them: the rows, how many there are in all, and by person how many initiatives they sponsor."""

    rows: list[Proposal]
    total: int
    loads: dict[int, int]

    def overloaded(self, person_id: int) -> bool:
        """Tell whether somebody sponsors more than `LOAD` initiatives that go on."""
        return self.loads.get(person_id, 0) > LOAD


def open_proposals(
    person: Person, today: date, *, to: int | None = None, others: bool = False
) -> Proposals:
    """Return the open proposals that `person` sees: those to the person with the id `to`, or with `others` all but those."""
    asked, proposer, lead, sponsor = (aliased(Person) for _ in range(4))
    scope = (
        Initiative.visible_to(person)
        .join(Sponsorship, Sponsorship.initiative_id == Initiative.id)
        .where(Sponsorship.answer == Answer.proposed)
    )
    if to is not None:
        mine = Sponsorship.person_id == to
        scope = scope.where(~mine if others else mine)
    total = db.session.scalar(scope.with_only_columns(func.count())) or 0
    rows = db.session.execute(
        scope.join(Unit, Unit.id == Initiative.lead_unit_id)
        .join(asked, asked.id == Sponsorship.person_id)
        .outerjoin(proposer, proposer.id == Sponsorship.proposed_by_id)
        .outerjoin(lead, lead.id == Initiative.lead_id)
        .outerjoin(sponsor, sponsor.id == Initiative.sponsor_id)
        .outerjoin(Friction, Friction.initiative_id == Initiative.id)
        .with_only_columns(
            Initiative.id,
            Initiative.ref,
            Initiative.title,
            func.coalesce(Friction.words, "").label("friction"),
            Unit.name.label("unit"),
            lead.name.label("lead"),
            Sponsorship.person_id,
            asked.name.label("name"),
            Sponsorship.proposed_by_id,
            proposer.name.label("proposed_by"),
            Initiative.proposed_sponsor_id,
            Sponsorship.proposed_at,
            Sponsorship.words,
            Sponsorship.adopts,
            Initiative.stage,
            sponsor.name.label("sponsor"),
        )
        .order_by(Sponsorship.proposed_at, Sponsorship.id)
        .limit(MOST)
    ).all()
    people = {row.person_id for row in rows} | ({to} if to is not None and not others else set())
    calendars = calendars_of(people)
    return Proposals(
        [_proposal(row, calendars[row.person_id], today) for row in rows],
        total,
        active_sponsored(Initiative, people),
    )


def _proposal(row: Any, calendar: Any, today: date) -> Proposal:
    until = lapses_on(row.proposed_at, calendar)
    since = local_day(row.proposed_at, Organisation.current().time_zone)
    return Proposal(
        **row._mapping,
        until=until,
        days=calendar.between(since, today),
        late=calendar.between(today, until) <= 2,
    )
