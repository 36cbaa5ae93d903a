"""Whom this room tells what: the assignee, the host, and the contacts of a partner."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import or_, select

from tracker.actions.addressing import page_of
from tracker.actions.answering import offered
from tracker.actions.closing import looked_at_of
from tracker.actions.models import Action
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Teller, Told, tell, tells
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.sweeping import sweeps

DOER = ("assignee_id", "partner_id", "contact_id")
PORTION = 500  # actions looked at in one sweep; the next one takes the rest


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["action"] = named
    for kind, what in (
        (Kind.action_added, Tell.action_assigned),
        (Kind.action_returned, Tell.action_returned),
        (Kind.action_accepted, Tell.action_accepted),
        (Kind.action_taken_back, Tell.action_taken_back),
        (Kind.action_date_accepted, Tell.action_date_accepted),
        (Kind.action_date_declined, Tell.action_date_declined),
        (Kind.action_rescheduled, Tell.action_rescheduled),
        (Kind.action_cancelled, Tell.action_cancelled),
    ):
        tells(kind, _to_assignee(what))
    tells(Kind.action_assigned, _to_both)
    for kind, what in (
        (Kind.action_submitted, Tell.action_submitted),
        (Kind.action_declined, Tell.action_declined),
        (Kind.action_date_proposed, Tell.action_date_proposed),
    ):
        tells(kind, _to_host(what))
    sweeps["actions due"] = tell_of_late


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the actions with these ids as far as `person` may see them, and what `person` can answer to each now."""
    asked = (Action.assignee_id, Action.partner_id, Action.host_id, Action.initiative_lead_id)
    stands = (Action.state, Action.proposed_on, Action.criteria)
    looked_at = looked_at_of(Action).label("looked_at")
    found = Action.visible_to(person).with_only_columns(
        Action.id, Action.ref, Action.title, *asked, *stands, looked_at
    )
    return {
        row.id: Thing(row.title, page_of(row.ref, person), offered(row, person))
        for row in db.session.execute(found.where(Action.id.in_(ids)))
    }


def doers_of(action: Any) -> list[int | None]:
    """Return who does it: the person, the contact it names, or all contacts who see it."""
    if action.partner_id is None:
        return [action.assignee_id]
    if action.contact_id is not None:
        return [action.contact_id]
    contacts = select(Person.id).where(
        Person.partner_id == action.partner_id, Person.ended_at.is_(None)
    )
    return list(db.session.scalars(contacts.order_by(Person.id)))


def _to_assignee(what: Tell) -> Teller:
    def told(action: Action, event: Event) -> Iterator[Told]:
        yield _told(what, doers_of(action), action, event)

    return told


def _to_both(action: Action, event: Event) -> Iterator[Told]:
    """Tell whoever has it now, and whoever had it and has it no more."""
    yield _told(Tell.action_assigned, doers_of(action), action, event)
    before = SimpleNamespace(**{name: (event.before or {}).get(name) for name in DOER})
    yield _told(Tell.action_given_on, doers_of(before), action, event)


def _to_host(what: Tell) -> Teller:
    def told(action: Action, event: Event) -> Iterator[Told]:
        own = what == Tell.action_submitted and action.assignee_id == action.host_id
        # Nobody accepts their own work: then the lead does (rule 19).
        people = [action.initiative_lead_id if own else action.host_id]
        yield _told(what, people, action, event)

    return told


def _told(kind: Tell, people: list[int | None], action: Action, event: Event) -> Told:
    return Told(kind, people, "action", action.id, event.actor_id, action.initiative_id)


def tell_of_late(now: datetime) -> int:
    """Tell once of each due date that has gone by: whoever does it, and the host; return how many were told.

    Each in a write transaction of its own; one that was handed in meanwhile is left alone.
    """
    told = (
        select(Notice.id)
        .where(
            Notice.kind == Tell.action_late,
            Notice.subject_type == "action",
            Notice.subject_id == Action.id,
            Notice.day == Action.due_on,
        )
        .correlate(Action)
        .exists()
    )
    late = (Action.last_on < day_of(now), or_(Action.partner_id.is_(None), _goes_on()))
    found = select(Action.id).where(*late, ~told).order_by(Action.last_on, Action.id)
    count = 0
    for action_id in db.session.scalars(found.limit(PORTION)).all():
        with writing():
            row = db.session.scalars(
                select(Action).where(Action.id == action_id, *late, ~told).with_for_update(of=Action)
            ).one_or_none()  # fmt: skip
            if row is None:
                continue
            people = [*doers_of(row), row.host_id]
            one = Told(
                Tell.action_late, people, "action", row.id, initiative_id=row.initiative_id, day=row.due_on
            )  # fmt: skip
            count += tell([one], now=now)
    return count


def _goes_on() -> Any:
    return select(Partner.id).where(Partner.id == Action.partner_id, Partner.ended_at.is_(None)).exists()  # fmt: skip
