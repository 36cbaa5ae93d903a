"""Somebody's access ends: what they sponsored, led and worked on passes on at once, always (rule 2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from tracker.db import db
from tracker.initiatives.keeping import can_lead
from tracker.initiatives.memberships import Membership
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import Handed, successor
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit
from tracker.wording import listed, ngettext

NAMED = 3  # initiatives that a refusal names; the rest are counted


def hand_over_sponsorships(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass what `person` sponsored to the programme owner as interim sponsor; proposals to them lapse.

    Where that owner leads the initiative, the lead passes on first: the sponsor never leads. Raises `NotNow` when no
    other executive is left.
    """
    for initiative in _locked(Initiative.proposed_sponsor_id == person.id):
        initiative.lapse_proposal(now=now)
    sponsored = _locked(Initiative.sponsor_id == person.id)
    if not sponsored:
        return []
    heir = successor(person)
    handed: list[Handed] = []
    for initiative in sponsored:
        if initiative.lead_id == heir.id:
            handed.append(_pass_lead(initiative, (person.id, heir.id), by, now))
        initiative.pass_to_interim(heir, by=by, now=now)
        handed.append(Handed("sponsor", initiative.ref, heir.id))
    return handed


def hand_over_leads(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Pass what `person` led to the head of the lead unit, else to the programme owner, else to nobody; memberships end."""
    handed = [
        _pass_lead(initiative, (person.id,), by, now)
        for initiative in _locked(Initiative.lead_id == person.id)
    ]
    present = (Membership.person_id == person.id) & Membership.left_at.is_(None)
    for initiative in _locked(Initiative.id.in_(select(Membership.initiative_id).where(present))):
        for membership in initiative.members():
            if membership.person_id == person.id:
                initiative.remove_member(membership, by=by, now=now)
    return handed


def still_sponsors(person: Person) -> str | None:
    """Return why `person` cannot stop being an executive: what they sponsor, by number; None if nothing."""
    scope = Initiative.sponsor_id == person.id
    count = db.session.scalar(select(func.count()).where(scope)) or 0
    if not count:
        return None
    refs = db.session.scalars(
        select(Initiative.ref).where(scope).order_by(Initiative.number).limit(NAMED)
    ).all()
    named = listed(refs)
    if count > NAMED:
        rest = count - NAMED
        named = ngettext("%(refs)s and %(num)s more", "%(refs)s and %(num)s more", rest, refs=named)
    return _(
        "%(name)s sponsors %(refs)s. Let another executive accept them first, or end the access "
        "of %(name)s: then they pass to the programme owner.",
        name=person.name,
        refs=named,
    )


def _pass_lead(
    initiative: Initiative, leaving: tuple[int, ...], by: Person | None, now: datetime
) -> Handed:
    heir = _next_lead(initiative, leaving)
    initiative.pass_lead(heir, by=by, now=now)
    return Handed("lead", initiative.ref, heir.id if heir else None)


def _next_lead(initiative: Initiative, leaving: tuple[int, ...]) -> Person | None:
    """Return who leads next: nobody who leaves, and neither the sponsor nor who is proposed as one."""
    barred = {*leaving, initiative.sponsor_id, initiative.proposed_sponsor_id}
    head_id = db.session.scalar(
        select(Unit.acting_head_id).where(Unit.id == initiative.lead_unit_id)
    )
    for candidate_id in (head_id, Organisation.current().programme_owner_id):
        if candidate_id is None or candidate_id in barred:
            continue
        candidate = db.session.get(Person, candidate_id)
        if candidate is not None and can_lead(candidate):
            return candidate
    return None


def _locked(condition: Any) -> list[Initiative]:
    """Return the initiatives of a condition as they stand now, locked in ascending order."""
    query: Select[Any] = select(Initiative).where(condition).order_by(Initiative.id)
    query = query.with_for_update(of=Initiative).execution_options(populate_existing=True)
    return list(db.session.scalars(query))
