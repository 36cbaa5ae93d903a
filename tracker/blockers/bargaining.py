"""Whom this room tells of what is bargained for: a proposed day, its answer, a dispute, how it was settled, and who is next in line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from tracker.actions.models import Action
from tracker.actions.telling import doers_of
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.blockers.models import Blocker
from tracker.blockers.settling import settler_now
from tracker.db import db
from tracker.notices.kinds import Tell
from tracker.notices.telling import Told, tells
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

People = list[int | None]


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    tells(Kind.blocker_counter_proposed, of_proposal)
    tells(Kind.blocker_counter_accepted, of_acceptance)
    tells(Kind.blocker_counter_declined, of_refusal)
    tells(Kind.blocker_disputed, of_dispute)
    tells(Kind.blocker_settled, of_settlement)
    tells(Kind.blocker_escalated, of_escalation)


def of_proposal(blocker: Blocker, event: Event) -> Iterator[Told]:
    """The side that waits: it accepts the day or declines it."""
    yield _told(Tell.counter_proposed, waiting_side(blocker), blocker, event, blocker.proposed_on)


def of_acceptance(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever proposed the day."""
    people = answering_side(blocker)
    yield _told(Tell.counter_accepted, people, blocker, event, blocker.promised_on)


def of_refusal(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever proposed the day."""
    yield _told(Tell.counter_declined, answering_side(blocker), blocker, event)


def of_dispute(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever settles it, and the side that waits."""
    settler = settler_now(Blocker, blocker.id)
    if settler is not None:
        yield _told(Tell.dispute_waits, [settler.id], blocker, event)
    others: People = [one for one in waiting_side(blocker) if settler is None or one != settler.id]
    yield _told(Tell.dispute_raised, others, blocker, event)


def of_settlement(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever holds it now and held it before, and the side that waits."""
    before = (event.before or {}).get("answerer_id")
    people = [*speakers_of(blocker), blocker.answerer_id, before, *waiting_side(blocker)]
    yield _told(Tell.dispute_settled, people, blocker, event, blocker.promised_on)


def of_escalation(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever it climbed to; nobody where nobody is left."""
    yield _told(Tell.blocker_escalated, [blocker.escalated_to_id], blocker, event)


def speakers_of(blocker: Blocker) -> People:
    """Return who speaks for the holder: the unit's head; a partner's contacts, and who keeps the relationship."""
    if blocker.holder_unit_id is not None:
        head = select(Unit.acting_head_id).where(Unit.id == blocker.holder_unit_id)
        return [db.session.scalar(head)]
    if blocker.holder_partner_id is None:
        return []
    contacts = select(Person.id).where(
        Person.partner_id == blocker.holder_partner_id, Person.ended_at.is_(None)
    )
    return [*db.session.scalars(contacts), blocker.holder_keeper_id]


def answering_side(blocker: Blocker) -> People:
    """Return who answers for the holder, or else whoever speaks for it."""
    partner = blocker.holder_partner_id is not None
    if partner or blocker.answerer_id is None:
        return [*speakers_of(blocker), blocker.answerer_id]
    return [blocker.answerer_id]


def waiting_side(blocker: Blocker) -> People:
    """Return who raised it, and who leads the work; where a partner waits, whoever works on its action there."""
    if blocker.blocked_partner_id is None:
        return [blocker.raised_by_id, blocker.initiative_lead_id]
    if blocker.action_id is None:
        return [blocker.raised_by_id]
    action = db.session.get_one(Action, blocker.action_id)
    theirs = action.partner_id == blocker.blocked_partner_id
    return [*(doers_of(action) if theirs else ()), blocker.raised_by_id]


def _told(
    kind: Tell, people: People, blocker: Blocker, event: Event, day: date | None = None
) -> Told:
    return Told(kind, people, "blocker", blocker.id, event.actor_id, blocker.initiative_id, day)
