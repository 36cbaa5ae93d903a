"""Proposals that nobody answered within ten working days lapse by themselves (rule 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tracker.clock import local_day
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import pauses_of
from tracker.initiatives.sponsorships import (
    Answer,
    Sponsorship,
    calendars_of,
    has_lapsed,
    lapses_on,
)
from tracker.organisation.settings import Organisation

PORTION = 500  # proposals looked at in one sweep; the next one takes the rest


def lapsing(now: datetime) -> list[int]:
    """Return the ids of initiatives whose open proposal has waited for too long, the oldest first."""
    waiting = db.session.execute(
        select(Sponsorship.initiative_id, Sponsorship.person_id, Sponsorship.proposed_at)
        .where(Sponsorship.answer == Answer.proposed)
        .order_by(Sponsorship.proposed_at, Sponsorship.id)
        .limit(PORTION)
    ).all()
    calendars = calendars_of({row.person_id for row in waiting})
    pauses = pauses_of({row.initiative_id for row in waiting})
    organisation = Organisation.current()  # held on to, so that no row asks for it again
    today = local_day(now, organisation.time_zone)
    return [
        row.initiative_id
        for row in waiting
        if lapses_on(row.proposed_at, calendars[row.person_id], pauses[row.initiative_id], today)
        < today
    ]


def lapse_due(now: datetime) -> int:
    """Let every overdue proposal lapse, each in its own write transaction; return how many did.

    One that was answered meanwhile is left alone.
    """
    lapsed = 0
    for initiative_id in lapsing(now):
        with writing():
            initiative = db.session.scalars(
                select(Initiative)
                .where(Initiative.id == initiative_id)
                .with_for_update(of=Initiative)
                .execution_options(populate_existing=True)
            ).one_or_none()
            proposal = Sponsorship.standing(initiative_id, Answer.proposed)
            if initiative is None or proposal is None:
                continue
            days = calendars_of({proposal.person_id})[proposal.person_id]
            pauses = pauses_of([initiative_id])[initiative_id]
            if has_lapsed(proposal.proposed_at, days, pauses, now):
                initiative.lapse_proposal(now=now)
                lapsed += 1
    return lapsed
