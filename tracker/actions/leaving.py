"""Whose work passes to whom when access ends: an assignee's to the host, a host's to the lead or who stands above (rules 2, 21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import or_, select

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import OPEN
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import Handed, successor
from tracker.organisation.heads_above import head_above, staying
from tracker.organisation.holding import MOST, Held
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person

HOST, ASSIGNEE, CONTACT = "host", "assignee", "contact"


def hand_actions_on(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass on what `person`, whose access ends, hosts and does: first the hosting, so that there is somebody to return to."""
    handed = []
    for action in _locked(Action.host_id == person.id):
        heir = _next_host(action, person)
        action.pass_host(heir, by=by, now=now)
        handed.append(Handed(HOST, action.title, heir.id))
    for action in _locked(Action.assignee_id == person.id, Action.state.in_(OPEN)):
        action.assign(Assignee(person_id=action.host_id), by=by, now=now)
        handed.append(Handed(ASSIGNEE, action.title, action.host_id))
    for action in _locked(Action.contact_id == person.id):
        action.name_no_contact(by=by, now=now)
    return handed


def return_to_hosts(partner: Partner, by: Person | None, now: datetime) -> list[Handed]:
    """Return what an ending partner has open to its hosts; what it handed in stays to be looked at."""
    handed = []
    for action in _locked(Action.partner_id == partner.id, Action.state.in_(OPEN)):
        action.assign(Assignee(person_id=action.host_id), by=by, now=now)
        handed.append(Handed(ASSIGNEE, action.title, action.host_id))
    return handed


def cancel_all(initiative: Initiative, by: Person | None, now: datetime) -> None:
    """Cancel the actions of an initiative that was stopped (rule 6; a `when_stopped` of initiatives)."""
    for action in _locked(Action.initiative_id == initiative.id):
        action.cancel_with_initiative(by=by, now=now)


def held_here(person: Person) -> list[Held]:
    """Return the actions that `person` hosts or does, with their pages: all of this would pass on.

    Those that name a partner's contact stay with the partner, and name nobody then.
    """
    is_contact = person.partner_id is not None
    theirs = (
        Action.contact_id == person.id
        if is_contact
        else or_(Action.host_id == person.id, Action.assignee_id == person.id)
    )
    mine = select(Action.ref, Action.title, Action.host_id).where(
        Action.closed_at.is_(None), theirs
    )
    return [
        Held(
            CONTACT if is_contact else HOST if row.host_id == person.id else ASSIGNEE,
            row.title,
            url_for("actions.show", ref=row.ref),
            stays=is_contact,
        )
        for row in db.session.execute(mine.order_by(Action.id).limit(MOST))
    ]


def _locked(*conditions: Any) -> list[Action]:
    """Return the actions of these that are not over, locked in the order of their ids."""
    query = select(Action).where(Action.closed_at.is_(None), *conditions).order_by(Action.id)
    query = query.with_for_update(of=Action).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def _next_host(action: Action, leaving: Person) -> Person:
    """Return who hosts once `leaving` is gone: the lead, the head of the lead unit or of one above, else who stands in."""
    lead = staying(action.initiative_lead_id, leaving)
    if lead is not None:
        return lead
    unit = select(Initiative.lead_unit_id).where(Initiative.id == action.initiative_id)
    return head_above(db.session.scalar(unit), leaving) or successor(leaving)
