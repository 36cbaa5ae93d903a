"""Whose a decision is: the sponsor's, and of those who stand in for the sponsor; finance's, where it decides second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.approvals.conditions import authors_of
from tracker.approvals.states import State
from tracker.db import db
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.people import Person
from tracker.organisation.roles import NO_DUTIES
from tracker.organisation.settings import day_of

MOST = 50  # people of finance who are told


def deciders_of(approval: Any, day: date) -> list[int]:
    """Return the ids of the sponsor and the sponsor's deputies on `day`, but for the lead and whoever asked (rule 14)."""
    sponsor_id = approval.initiative.sponsor_id
    deputies = select(Deputyship.deputy_id).where(
        Deputyship.person_id == sponsor_id,
        Deputyship.capacity == Capacity.sponsor,
        Deputyship.revoked_at.is_(None),
        Deputyship.starts <= day,
        Deputyship.ends >= day,
    )
    barred = {approval.initiative.lead_id, approval.drafted_by_id, approval.asked_by_id, None}
    people = [sponsor_id, *db.session.scalars(deputies.order_by(Deputyship.id))]
    return [one for one in dict.fromkeys(people) if one not in barred]


def finance_for(approval: Any) -> Mapping[int, str]:
    """Return who can decide second on this request: their names by id, in order."""
    first = (approval.decided_by_id, approval.sponsor_id)
    barred = [one for one in (approval.asked_by_id, approval.drafted_by_id, *first) if one]
    named = select(Person.id, Person.name).where(
        Person.is_finance, Person.ended_at.is_(None), Person.role.not_in(NO_DUTIES), Person.id.not_in(barred),
        Person.id.not_in(authors_of(approval)),
    )  # fmt: skip
    found = db.session.execute(named.order_by(Person.name, Person.id).limit(MOST))
    return {row.id: row.name for row in found}


def waited_for(approval: Any, now: datetime) -> list[int]:
    """Return who has it to decide at `now`: those of the sponsor's side, or finance once they have approved."""
    if approval.state == State.agreed:
        return [*finance_for(approval)]
    return deciders_of(approval, day_of(now))
