"""Access ends at once; the duties that hung on it pass to somebody, by name (rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.access import Purpose, revoke
from tracker.organisation.deputies import revoke_all
from tracker.organisation.handed import Handover
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation, bump_epoch
from tracker.organisation.units import Unit, vacate
from tracker.wording import lazy as _l


@dataclass(frozen=True)
class Handed:
    """One duty that passed on: what it was, about what, and to whom (None: vacant)."""

    duty: str
    about: str
    heir_id: int | None


# Rooms above add theirs: (person, by, now) -> what passed on; and what their duties are called.
handovers: list[Callable[[Person, Person | None, datetime], list[Handed]]] = []
partner_handovers: list[Callable[[Partner, Person | None, datetime], list[Handed]]] = []
duty_names: dict[str, Any] = {
    "programme owner": _l("Programme owner"),
    "alternate": _l("Alternate of the programme owner"),
    "head": _l("Head"),
    "relationship owner": _l("Relationship owner"),
    "sponsor": _l("Sponsor"),
    "lead": _l("Lead"),
    "answerer": _l("Answerer"),
    "blocker": _l("Blocker"),
}


def duty_name(duty: str) -> str:
    """Return what a duty is called, in the language of whoever looks."""
    return str(duty_names.get(duty, duty))


def end_access(person: Person, *, by: Person | None, now: datetime) -> list[Handed]:
    """End a person's access and hand on every duty; return the list of what went where.

    Raises `NotNow` for oneself, for access that has ended, for the last administrator, and where
    no executive is left to take over.
    """
    if by is not None and by.id == person.id:
        raise NotNow(_("You cannot end your own access. Ask another administrator."))
    if person.ended_at is not None:
        raise NotNow(_("The access of %(name)s has already ended.", name=person.name))
    handed = _programme_owner(person, by, now)
    for hand_over in handovers:
        handed += hand_over(person, by, now)
    handed += _units(person, by, now)
    handed += _partners(person, by, now)
    revoke_all(person, by=by, now=now)
    for purpose in Purpose:
        revoke(person, purpose, now=now)
    db.session.flush()  # what hung on this person must have moved before the standing changes
    person.close(by=by, now=now)
    Handover.keep(person.id, [(h.duty, h.about, h.heir_id) for h in handed], now=now)
    bump_epoch()
    return handed


def end_partner(partner: Partner, *, by: Person, now: datetime) -> list[Handed]:
    """End a partner: its contacts lose access at once, and what it held passes on.

    Returns what went where. Raises `NotNow` when it has ended already.
    """
    handed: list[Handed] = []
    contacts = select(Person).where(Person.partner_id == partner.id, Person.ended_at.is_(None))
    for contact in db.session.scalars(contacts.order_by(Person.id)).all():
        handed += end_access(contact, by=by, now=now)
    for hand_over in partner_handovers:
        handed += hand_over(partner, by, now)
    partner.end(by=by, now=now)
    bump_epoch()
    return handed


class _Foreseen(Exception):
    """Carries what would be handed over out of a write that must not happen."""

    def __init__(self, handed: list[Handed]) -> None:
        super().__init__()
        self.handed = handed


def foreseen(act: Callable[[], list[Handed]]) -> list[Handed]:
    """Return what `act` would hand over: it runs in a write transaction that is rolled back, so
    that what a page announces cannot differ from what happens. Raises what `act` raises."""
    try:
        with writing():
            raise _Foreseen(act())
    except _Foreseen as dream:
        return dream.handed


def successor(person: Person) -> Person:
    """Return who takes over what only an executive may hold: the programme owner, or who stands in
    for a leaving one. Raises `NotNow` when no other active executive exists."""
    organisation = Organisation.current()
    for candidate_id in (organisation.programme_owner_id, organisation.alternate_id):
        candidate = db.session.get(Person, candidate_id) if candidate_id else None
        if candidate and candidate.id != person.id and _can_sponsor(candidate):
            return candidate
    others = select(Person).where(
        Person.role == Role.executive, Person.ended_at.is_(None), Person.id != person.id
    )
    other = db.session.scalars(others.order_by(Person.id).limit(1)).first()
    if other is None:
        raise NotNow(_("No other executive could take over. Add one first."))
    return other


def _can_sponsor(person: Person) -> bool:
    return person.role == Role.executive and person.is_active


def _programme_owner(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    organisation = Organisation.current()
    if organisation.programme_owner_id == person.id:
        heir = successor(person)
        alternate_id = None if heir.id == organisation.alternate_id else organisation.alternate_id
        organisation.change(by=by, now=now, programme_owner_id=heir.id, alternate_id=alternate_id)
        return [Handed("programme owner", "", heir.id)]
    if organisation.alternate_id == person.id:
        organisation.change(by=by, now=now, alternate_id=None)
        return [Handed("alternate", "", None)]
    return []


def _units(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    handed = []
    for unit in vacate(person):
        unit.record(
            Kind.duty_handed_over,
            by=by,
            now=now,
            before={"duty": "head", "person_id": person.id},
            after={"duty": "head", "heir_id": unit.acting_head_id},
        )
        handed.append(Handed("head", unit.name, unit.acting_head_id))
    return handed


def _partners(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    owned = select(Partner).where(Partner.relationship_owner_id == person.id).order_by(Partner.id)
    handed = []
    for partner in db.session.scalars(owned).all():
        heir_id = _heir_nearby(person)
        partner.pass_to(heir_id)
        partner.record(
            Kind.duty_handed_over,
            by=by,
            now=now,
            before={"duty": "relationship owner", "person_id": person.id},
            after={"duty": "relationship owner", "heir_id": heir_id},
        )
        handed.append(Handed("relationship owner", partner.name, heir_id))
    return handed


def _heir_nearby(person: Person) -> int:
    """Return whoever now answers for the person's unit, else the programme owner."""
    unit = db.session.get(Unit, person.unit_id) if person.unit_id else None
    heir_id = unit.acting_head_id if unit else None
    if heir_id is None or heir_id == person.id:
        return successor(person).id
    return heir_id
