"""What this room does by itself, what it counts, and what it tells of the rooms below it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import and_, select

from tracker import navigation, sweeping
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db
from tracker.notices import digests, working
from tracker.notices.delivering import deliver, not_delivered, tried_again
from tracker.notices.forgetting import forget_old
from tracker.notices.kinds import Tell
from tracker.notices.outbox import KIND, carry
from tracker.notices.reading import MOST_COUNTED, new_of
from tracker.notices.running_out import tell_of_ends
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tells
from tracker.organisation import mailing
from tracker.organisation.handed import Handover
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["person"] = people_named
    subjects["partner"] = partners_named
    tells(Kind.person_access_ended, of_duties)
    tells(Kind.partner_ended, of_partner)
    navigation.counts["notices.inbox"] = partial(new_of, most=MOST_COUNTED)
    navigation.most["notices.inbox"] = MOST_COUNTED - 1
    navigation.hot.add("notices.inbox")
    mailing.carriers[:] = [carry]
    working.workers[KIND] = deliver
    working.failures[KIND] = not_delivered
    working.revivals[KIND] = tried_again
    sweeping.sweeps["digests"] = digests.write_due
    sweeping.sweeps["jobs"] = working.do_due
    sweeping.sweeps["access that will run out"] = tell_of_ends
    sweeping.sweeps["old mails"] = forget_old
    sweeping.urgent.add("jobs")
    sweeping.steady.add("jobs")


def people_named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the people with these ids as `person` may see them; a contact's page is its partner's, for whoever keeps it."""
    kept = and_(Partner.id == Person.partner_id, Partner.relationship_owner_id == person.id)
    found = Person.visible_to(person).with_only_columns(Person.id, Person.name, Partner.slug)
    rows = db.session.execute(found.outerjoin(Partner, kept).where(Person.id.in_(ids)))
    return {
        row.id: Thing(row.name, url_for("organisation.partner", key=row.slug) if row.slug else "")
        for row in rows
    }


def partners_named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the partners with these ids as `person` may see them."""
    found = Partner.visible_to(person).with_only_columns(Partner.id, Partner.name)
    rows = db.session.execute(found.where(Partner.id.in_(ids)))
    return {row.id: Thing(row.name) for row in rows}


def of_duties(person: Person, ended: Event) -> Iterator[Told]:
    """Whoever takes over a duty hears of all that passed to them, in one notice."""
    heirs = select(Handover.heir_id).where(
        Handover.person_id == person.id, Handover.at == ended.at, Handover.heir_id.is_not(None)
    )
    passed = db.session.scalars(heirs.distinct().order_by(Handover.heir_id)).all()
    yield Told(Tell.duties_passed, passed, "person", person.id, ended.actor_id)


def of_partner(partner: Partner, ended: Event) -> Iterator[Told]:
    """Whoever kept the relationship hears that it is over."""
    keeper = [partner.relationship_owner_id]
    yield Told(Tell.partner_ended, keeper, "partner", partner.id, ended.actor_id)
