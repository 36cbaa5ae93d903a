"""The company is entered: units, people, partners, calendars and settings, two years ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.db import db
from tracker.demo.accounts import ACCOUNTS
from tracker.demo.company import COMPANY, PARTNERS, UNITS
from tracker.demo.people import ADMINISTRATOR, ALTERNATE, FINANCE, OWNER, PEOPLE
from tracker.demo.shapes import ContactPlan, PartnerPlan, PersonPlan, UnitPlan
from tracker.demo.story import Story
from tracker.demo.timetable import holidays
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.handing_over import end_access
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, settle_tree

FOUNDED = 746  # days ago
LAST_VISIT = timedelta(days=6)
SHOP_WEEKEND = (1, 7)  # the shops rest on Monday and Sunday


def found(story: Story) -> None:
    """Put the company's beginning, and the changes among its people, on the timetable."""
    on = story.timetable.on
    on(FOUNDED, lambda now: _open_the_door(story, now))
    on(FOUNDED - 1, lambda now: _add_units(story, now))
    on(FOUNDED - 2, lambda now: _add_people(story, now))
    on(FOUNDED - 3, lambda now: _name_heads(story, now))
    on(FOUNDED - 4, lambda now: _add_partners(story, now))
    on(FOUNDED - 5, lambda now: _settle(story, now))
    on(FOUNDED - 6, lambda now: _sign_in_first(story, now))
    for plan in PEOPLE:
        if plan.was:
            on(plan.changed, lambda now, plan=plan: _change_post(story, plan, now))
    for unit in UNITS:
        if unit.deputy:
            on(unit.deputy_from, lambda now, unit=unit: _appoint(story, unit, now))


def _address(plan: PersonPlan | ContactPlan, partner: str | None = None) -> str:
    known = {account.key: account.email for account in ACCOUNTS}
    plain = plan.name.lower().replace(" ", ".")
    return (
        known.get(plan.key) or f"{plain}@{f'{partner}.example.org' if partner else 'example.com'}"
    )


def _open_the_door(story: Story, now: datetime) -> None:
    story.organisation = Organisation.found(
        name=COMPANY, time_zone="UTC", language="en", currency="EUR"
    )
    plan = next(person for person in PEOPLE if person.key == ADMINISTRATOR)
    story.people[plan.key] = Person.add(
        email=_address(plan),
        name=plan.name,
        role=Role(plan.role),
        by=None,
        now=now,
        job_title=plan.post,
        is_admin=True,
    )


def _add_units(story: Story, now: datetime) -> None:
    by = story.people[ADMINISTRATOR]
    for plan in UNITS:
        story.units[plan.code] = Unit.add(
            code=plan.code,
            name=plan.name,
            short_name=plan.short,
            aliases=plan.aliases,
            parent_id=story.units[plan.parent].id if plan.parent else None,
            by=by,
            now=now,
        )


def _add_people(story: Story, now: datetime) -> None:
    by = story.people[ADMINISTRATOR]
    for plan in PEOPLE:
        unit_id = story.units[plan.unit].id
        if plan.key == ADMINISTRATOR:
            by.change(by=by, now=now, unit_id=unit_id)
            continue
        story.people[plan.key] = Person.add(
            email=_address(plan),
            name=plan.name,
            role=Role(plan.was or plan.role),
            by=by,
            now=now,
            unit_id=unit_id,
            job_title=plan.post,
            language=None if plan.language == "en" else plan.language,
            is_finance=plan.key in FINANCE,
        )
    db.session.flush()


def _name_heads(story: Story, now: datetime) -> None:
    for plan in UNITS:
        story.units[plan.code].change(
            by=story.people[ADMINISTRATOR], now=now, head_id=story.people[plan.head].id
        )


def _add_partners(story: Story, now: datetime) -> None:
    by = story.people[ADMINISTRATOR]
    for plan in PARTNERS:
        partner = Partner.add(
            name=plan.name,
            serves=plan.serves,
            terms=plan.terms,
            relationship_owner_id=story.people[plan.owner].id,
            by=by,
            now=now,
        )
        story.partners[plan.key] = partner
        for contact in plan.contacts:
            story.people[contact.key] = _contact(plan, contact, partner, by, now)
    db.session.flush()


def _contact(
    plan: PartnerPlan, contact: ContactPlan, partner: Partner, by: Person, now: datetime
) -> Person:
    return Person.add(
        email=_address(contact, plan.key),
        name=contact.name,
        role=Role.partner,
        by=by,
        now=now,
        partner_id=partner.id,
        job_title=contact.post,
    )


def _settle(story: Story, now: datetime) -> None:
    by = story.people[ADMINISTRATOR]
    off = dict(holidays(story.timetable.today))
    office = Calendar.add(name="Office days", weekend=(6, 7), holidays=off, by=by, now=now)
    shops = Calendar.add(name="Shop days", weekend=SHOP_WEEKEND, holidays=off, by=by, now=now)
    Organisation.current().change(
        by=by,
        now=now,
        programme_owner_id=story.people[OWNER].id,
        alternate_id=story.people[ALTERNATE].id,
        calendar_id=office.id,
    )
    story.units["SHP"].change(by=by, now=now, calendar_id=shops.id)
    settle_tree()


def _sign_in_first(story: Story, now: datetime) -> None:
    for account in ACCOUNTS:
        person = story.people[account.key]
        person.set_password(story.hashes[account.password], by=person, now=now)
        person.last_seen = story.timetable.now - LAST_VISIT


def _appoint(story: Story, unit: UnitPlan, now: datetime) -> None:
    head, timetable = story.people[unit.head], story.timetable
    Deputyship.appoint(
        head,
        story.people[str(unit.deputy)],
        Capacity.head,
        starts=timetable.day(unit.deputy_from),
        ends=timetable.day(unit.deputy_until),
        by=head,
        now=now,
    )


def _change_post(story: Story, plan: PersonPlan, now: datetime) -> None:
    """An executive steps down: duties pass on at once, and the person comes back in another role."""
    person, by = story.people[plan.key], story.people[ADMINISTRATOR]
    end_access(person, by=by, now=now)
    person.restore(by=by, now=now)
    person.change(by=by, now=now, role=Role(plan.role))
