"""Whoever keeps the relationship with a partner hears some days before the access of a contact ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.db import db, writing
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.telling import Told, tell
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of

BEFORE = timedelta(days=7)
PORTION = 200  # contacts in one sweep; the next one takes the rest


def tell_of_ends(now: datetime) -> int:
    """Tell once of each day on which a contact's access ends within `BEFORE`; return how many were told.

    Each in a write transaction of its own, in which it is found out anew.
    """
    today = day_of(now)
    known = (
        select(Notice.id)
        .where(
            Notice.kind == Tell.access_runs_out,
            Notice.subject_type == "person",
            Notice.subject_id == Person.id,
            Notice.day == Person.ends_on,
        )
        .correlate(Person)
        .exists()
    )
    soon = (
        select(Person.id, Person.ends_on, Partner.relationship_owner_id)
        .join(Partner, Partner.id == Person.partner_id)
        .where(Person.ends_on > today, Person.ends_on <= today + BEFORE, Person.ended_at.is_(None))
        .where(Partner.relationship_owner_id.is_not(None), ~known)
        .order_by(Person.ends_on, Person.id)
    )
    count = 0
    for found in db.session.execute(soon.limit(PORTION)).all():
        with writing():
            locked = soon.where(Person.id == found.id).with_for_update(of=Person)
            row = db.session.execute(locked).one_or_none()
            if row is not None:
                told = Told(
                    Tell.access_runs_out, [row.relationship_owner_id], "person", row.id, day=row.ends_on
                )  # fmt: skip
                count += tell([told], now=now)
    return count
