"""Who of ours owes an answer: to a partner that waits, and where somebody who owed one is gone (rules 2, 20 and 21)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.models import Action
from tracker.blockers.holders import Holder
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.heads_above import head_above, staying
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def heir_of(partner: Partner, blocker: Any) -> tuple[Holder, Person | None]:
    """Return who holds a blocker once `partner` has ended, and who answers: its relationship owner, with their unit.

    Without such a unit it is the unit that leads the blocked initiative.
    """
    keeper_id = partner.relationship_owner_id
    keeper = db.session.get(Person, keeper_id) if keeper_id else None
    lead_unit = select(Initiative.lead_unit_id).where(Initiative.id == blocker.initiative_id)
    unit_id = keeper.unit_id if keeper and keeper.unit_id else db.session.scalar(lead_unit)
    return Holder(unit_id=unit_id), keeper if keeper and keeper.is_active else None


def owed_by_the_host_of(action: Action, initiative: Initiative) -> tuple[int, Person | None]:
    """Return the unit that owes a partner what stops its work on `action`, and who answers: the host, with their unit.

    Without such a unit it is the one that leads the initiative.
    """
    host = db.session.get_one(Person, action.host_id)
    unit = db.session.get(Unit, host.unit_id) if host.unit_id else None
    there = unit is not None and unit.ended_at is None
    return (
        unit.id if unit and there else initiative.lead_unit_id
    ), host if host.works_here else None


def speaker_of(holder: Holder, blocker: Any) -> Person | None:
    """Return who answers for `holder` as long as it names nobody: the unit's head, for an outside party the lead.

    A partner's contacts answer all alike, so nobody of them is picked.
    """
    if holder.unit_id is not None:
        head = select(Unit.acting_head_id).where(Unit.id == holder.unit_id)
        speaker_id = db.session.scalar(head)
    else:
        speaker_id = blocker.initiative_lead_id if holder.outside is not None else None
    speaker = db.session.get(Person, speaker_id) if speaker_id else None
    return speaker if speaker is not None and speaker.works_here else None


def next_answerer(blocker: Any, leaving: Person) -> Person | None:
    """Return who answers when `leaving` no longer does: the holding unit's head, the lead, or nobody yet."""
    if blocker.holder_unit_id is not None:
        return head_above(blocker.holder_unit_id, leaving)
    if blocker.holder_outside is not None:
        return staying(blocker.initiative_lead_id, leaving)
    return None
