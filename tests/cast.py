"""The standing cast of the tests: one small company, and somebody for each part."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from argon2 import PasswordHasher

from tracker.db import db, writing
from tracker.organisation.calendars import Calendar
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, settle_tree

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "a long enough sentence"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

PEOPLE = {
    # name in the cast: (name, role, unit, more)
    "admin": ("Ada Admin", Role.member, "it", {"is_admin": True}),
    "manager": ("Mona Manager", Role.manager, "care", {}),
    "owner": ("Olga Owner", Role.executive, None, {}),
    "alternate": ("Alto Alternate", Role.executive, None, {}),
    "executive": ("Emil Executive", Role.executive, None, {}),
    "other_executive": ("Esra Executive", Role.executive, None, {}),
    "head": ("Hana Head", Role.member, "it", {}),
    "other_head": ("Hugo Head", Role.member, "billing", {}),
    "lead": ("Lena Lead", Role.member, "care", {}),
    "member": ("Milo Member", Role.member, "care", {}),
    "finance": ("Fina Finance", Role.member, "billing", {"is_finance": True}),
    "auditor": ("Aude Auditor", Role.auditor, None, {}),
    "ended": ("Enno Ended", Role.member, "care", {}),
    "contact": ("Paul Partner", Role.partner, None, {"partner": "vendor"}),
    "other_contact": ("Petra Partner", Role.partner, None, {"partner": "other_vendor"}),
    "ended_contact": ("Pia Ended", Role.partner, None, {"partner": "vendor"}),
}


def build() -> SimpleNamespace:
    """Make the company in the present database and return its people, units and partners by their parts.

    Units: company > it, care, billing; `care` has no head, so the programme owner's word counts there. Everybody's
    password is `PASSWORD`. The moment is `START`.
    """
    cast = SimpleNamespace()
    with writing():
        calendar = Calendar(name="Usual", weekend="6,7", version=1)
        db.session.add(calendar)
        Organisation.found(name="Testing & Daughters")
        db.session.flush()
        cast.company = Unit.add(code="ALL", name="Company", by=None, now=START)
        for code, name in (("IT", "IT platforms"), ("CARE", "Customer care"), ("BILL", "Billing")):
            unit = Unit.add(code=code, name=name, by=None, now=START, parent_id=cast.company.id)
            setattr(cast, {"BILL": "billing"}.get(code, code.lower()), unit)
        cast.vendor = Partner.add(name="Brightline", by=None, now=START)
        cast.other_vendor = Partner.add(name="Otherwise", by=None, now=START)
        for part, (name, role, unit, more) in PEOPLE.items():
            fields = {key: value for key, value in more.items() if key != "partner"}
            if unit:
                fields["unit_id"] = getattr(cast, unit).id
            if "partner" in more:
                fields["partner_id"] = getattr(cast, more["partner"]).id
            email = f"{part.replace('_', '.')}@example.org"
            person = Person.add(
                email=email, name=name, role=role, by=None, now=START, password_hash=HASH, **fields
            )
            setattr(cast, part, person)
        cast.it.head_id, cast.billing.head_id = cast.head.id, cast.other_head.id
        cast.vendor.relationship_owner_id = cast.other_vendor.relationship_owner_id = (
            cast.manager.id
        )
        organisation = Organisation.current()
        organisation.programme_owner_id, organisation.alternate_id = (
            cast.owner.id,
            cast.alternate.id,
        )
        organisation.calendar_id = calendar.id
        settle_tree()
        for part in ("ended", "ended_contact"):
            getattr(cast, part).close(by=cast.admin, now=START)
    return cast
