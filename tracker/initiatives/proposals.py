"""Open proposals as rows: who was asked, since when, until when, and how much they sponsor already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import Pause, pauses_of
from tracker.initiatives.sponsoring import LOAD
from tracker.initiatives.sponsorships import (
    Answer,
    Sponsorship,
    active_sponsored,
    calendars_of,
    lapses_on,
)
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit

Asked, Proposer, Lead, Sponsor = (aliased(Person) for _ in range(4))

MOST = 200  # open proposals on one page, the oldest first

# What an idea waits for before anybody can accept to sponsor it, as rooms above know it: the condition on an initiative that
# it is there, and the words where it is not.
begins_with: list[tuple[Callable[[], ColumnElement[bool]], Any]] = []


@dataclass(frozen=True)
class Proposal:
    """One open proposal. `days` are the working days since; `late` says that its last day is near or past.

    While it is on hold, `until` is as if work went on today. `lacks` says what must be there before it can be accepted.
    """

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
    sponsor_id: int | None
    proposed_sponsor_id: int
    proposed_at: datetime
    words: str
    adopts: str | None
    stage: str
    held_at: datetime | None
    sponsor: str | None
    until: date
    days: int
    late: bool
    lacks: str


@dataclass(frozen=True)
class Proposals:
    """The open proposals: those to the person who looks, those to others, how many there are of each, and by person
    how many initiatives they sponsor already."""

    mine: list[Proposal]
    others: list[Proposal]
    mine_total: int
    others_total: int
    loads: dict[int, int]

    def overloaded(self, person_id: int) -> bool:
        """Tell whether somebody sponsors more than `LOAD` initiatives that go on."""
        return self.loads.get(person_id, 0) > LOAD


def open_proposals(person: Person, today: date) -> Proposals:
    """Return the open proposals that `person` sees, the oldest first, those to `person` before all others."""
    mine = Sponsorship.person_id == person.id
    scope = (
        Initiative.visible_to(person)
        .join(Sponsorship, Sponsorship.initiative_id == Initiative.id)
        .where(Sponsorship.answer == Answer.proposed)
    )
    totals = db.session.execute(
        scope.with_only_columns(func.coalesce(func.sum(case((mine, 1), else_=0)), 0), func.count())
    ).one()
    rows = db.session.execute(
        scope.join(Unit, Unit.id == Initiative.lead_unit_id)
        .join(Asked, Asked.id == Sponsorship.person_id)
        .outerjoin(Proposer, Proposer.id == Sponsorship.proposed_by_id)
        .outerjoin(Lead, Lead.id == Initiative.lead_id)
        .outerjoin(Sponsor, Sponsor.id == Initiative.sponsor_id)
        .outerjoin(Friction, Friction.initiative_id == Initiative.id)
        .with_only_columns(
            Initiative.id,
            Initiative.ref,
            Initiative.title,
            func.coalesce(Friction.words, "").label("friction"),
            Unit.name.label("unit"),
            Lead.name.label("lead"),
            Sponsorship.person_id,
            Asked.name.label("name"),
            Sponsorship.proposed_by_id,
            Proposer.name.label("proposed_by"),
            Initiative.sponsor_id,
            Initiative.proposed_sponsor_id,
            Sponsorship.proposed_at,
            Sponsorship.words,
            Sponsorship.adopts,
            Initiative.stage,
            Initiative.held_at,
            Sponsor.name.label("sponsor"),
            *(there().label(f"has_{n}") for n, (there, _words) in enumerate(begins_with)),
        )
        .order_by(case((mine, 0), else_=1), Sponsorship.proposed_at, Sponsorship.id)
        .limit(MOST)
    ).all()
    people = {row.person_id for row in rows}
    calendars = calendars_of(people)
    pauses = pauses_of({row.id for row in rows})
    told = [_proposal(row, calendars[row.person_id], pauses[row.id], today) for row in rows]
    return Proposals(
        mine=[row for row in told if row.person_id == person.id],
        others=[row for row in told if row.person_id != person.id],
        mine_total=totals[0],
        others_total=totals[1] - totals[0],
        loads=active_sponsored(Initiative, people),
    )


def _proposal(row: Any, calendar: Any, pauses: list[Pause], today: date) -> Proposal:
    until = lapses_on(row.proposed_at, calendar, pauses, today)
    since = day_of(row.proposed_at)
    fields = {name: value for name, value in row._mapping.items() if not name.startswith("has_")}
    lacks = ""
    if (
        row.stage == Stage.idea and row.adopts is None
    ):  # what is adopted as it stands waits for nothing
        there = (row._mapping[f"has_{n}"] for n in range(len(begins_with)))
        lacks = next((str(words) for has, (_, words) in zip(there, begins_with, strict=True) if not has), "")  # fmt: skip
    return Proposal(
        **fields,
        lacks=lacks,
        until=until,
        days=calendar.between(since, today),
        late=row.held_at is None and calendar.between(today, until) <= 2,
    )
