"""Forgetting who somebody was, once their access has ended: a placeholder stands where the name stood."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, bump_epoch
from tracker.organisation.submissions import Submission

NOWHERE = "erased.invalid"  # a domain that can never be one (RFC 2606)


def is_erased(person: Person) -> bool:
    """Tell whether a placeholder stands where the name stood."""
    return person.email.endswith(f"@{NOWHERE}")


def erase_person(person: Person, *, events: int, now: datetime) -> None:
    """Record that the words of `events` events by and about `person` were erased; with access ended, forget the name too.

    Name, address, job title, password and visits go; the row stays, because events name it by its number.
    """
    if not person.is_active:
        with force_locale(Organisation.current().language):
            person.name = _("Erased person %(number)s", number=person.id)
        person.email, person.job_title = f"erased-{person.id}@{NOWHERE}", ""
        person.password_hash = person.last_seen = person.seen_before = None
        person.epoch += 1
        person.version += 1
        db.session.execute(delete(Submission).where(Submission.person_id == person.id))
        db.session.flush()
        bump_epoch()
    person.record(Kind.person_erased, by=None, now=now, after={"events": events})
