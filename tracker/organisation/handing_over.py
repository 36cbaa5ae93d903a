"""Access ends at once; the duties that hung on it pass to somebody, by name (rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Deputyship, Person, Role
from tracker.organisation.settings import Organisation, bump_epoch
from tracker.organisation.units import Unit, vacate


@dataclass(frozen=True)
class Handed:
    """One duty that passed on: what it was, about what, and to whom (None: vacant)."""

    duty: str
    about: str
    heir_id: int | None


Handover = Callable[[Person, Person | None, datetime], list[Handed]]
handovers: list[Handover] = []  # rooms above add theirs: (person, by, now) -> what passed on


def end_access(person: Person, *, by: Person | None, now: datetime) -> list[Handed]:
    """End a person's access and hand on every duty; return the list of what went where.

    Raises `NotNow` for the last administrator, for oneself, and where no executive is left to sponsor.
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
    db.session.execute(
        update(Deputyship)
        .where((Deputyship.deputy_id == person.id) | (Deputyship.person_id == person.id), Deputyship.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    person.close(by=by, now=now)
    bump_epoch()
    return handed


def end_partner(partner: Partner, *, by: Person, now: datetime) -> list[Handed]:
    """End a partner: its contacts lose access at once, and what it held passes on. Returns what went where."""
    handed: list[Handed] = []
    for contact in db.session.scalars(
        select(Person).where(Person.partner_id == partner.id, Person.ended_at.is_(None)).order_by(Person.id)
    ):
        handed += end_access(contact, by=by, now=now)
    for hand_over in partner_handovers:
        handed += hand_over(partner, by, now)
    partner.end(by=by, now=now)
    bump_epoch()
    return handed


partner_handovers: list[Callable[[Partner, Person | None, datetime], list[Handed]]] = []


def successor(person: Person) -> Person:
    """Return who takes over what only an executive may hold: the programme owner, or who stands in for a leaving one.

    Raises `NotNow` when no other active executive exists.
    """
    organisation = Organisation.current()
    for candidate_id in (organisation.programme_owner_id, organisation.alternate_id):
        candidate = db.session.get(Person, candidate_id) if candidate_id else None
        if candidate and candidate.id != person.id and candidate.role == Role.executive and candidate.is_active:
            return candidate
    others = select(Person).where(Person.role == Role.executive, Person.ended_at.is_(None), Person.id != person.id).order_by(Person.id)
    other = db.session.scalars(others.limit(1)).first()
    if other is None:
        raise NotNow(_("No other executive could take over. Add one first."))
    return other


def _programme_owner(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    organisation = Organisation.current()
    if organisation.programme_owner_id == person.id:
        heir = successor(person)
        organisation.change(by=by, now=now, programme_owner_id=heir.id, alternate_id=None)
        return [Handed("programme owner", "", heir.id)]
    if organisation.alternate_id == person.id:
        organisation.change(by=by, now=now, alternate_id=None)
        return [Handed("alternate", "", None)]
    return []


def _units(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    handed = []
    for unit in vacate(person):
        db.session.refresh(unit)
        unit.record(
            Kind.duty_handed_over, by=by, now=now, before={"duty": "head", "person_id": person.id}, after={"heir_id": unit.acting_head_id}
        )
        handed.append(Handed("head", unit.name, unit.acting_head_id))
    return handed


def _partners(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    kept = list(db.session.scalars(select(Partner).where(Partner.relationship_owner_id == person.id).order_by(Partner.id)))
    if not kept:
        return []
    unit = db.session.get(Unit, person.unit_id) if person.unit_id else None
    heir_id = unit.acting_head_id if unit and unit.acting_head_id != person.id else successor(person).id
    handed = []
    for partner in kept:
        partner.relationship_owner_id = heir_id
        partner.record(
            Kind.duty_handed_over, by=by, now=now,
            before={"duty": "relationship owner", "person_id": person.id}, after={"heir_id": heir_id},
        )  # fmt: skip
        handed.append(Handed("relationship owner", partner.name, heir_id))
    return handed
