"""Whose a decision is on a day: the sponsor's, and of those who stand in for the sponsor then."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.organisation.deputies import Capacity, Deputyship


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
