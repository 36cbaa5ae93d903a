"""The signed address in every mail by which its reader stops such mails, without signing in (RFC 8058)."""

from __future__ import annotations

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.db import db
from tracker.errors import Missing
from tracker.notices.models import Occasion
from tracker.organisation.people import Person

STOPPABLE = (Occasion.at_once, Occasion.digest)  # whoever forgot a password needs the other


def page_of(person: Person, occasion: Occasion) -> str:
    """Return the path where `person` stops mails of this occasion; inside a request context."""
    return url_for("notices.unsubscribe", token=_signer().dumps([person.id, occasion.value]))


def found(token: str) -> tuple[Person, Occasion]:
    """Return who stops which mails. Raises `Missing` for what was not signed here, and for whoever has no access any more."""
    try:
        person_id, occasion = _signer().loads(token)
    except (BadSignature, ValueError):
        raise Missing from None
    person = db.session.get(Person, person_id)
    if person is None or not person.is_active or occasion not in STOPPABLE:
        raise Missing
    return person, Occasion(occasion)


def stop(person: Person, occasion: Occasion) -> None:
    """Send `person` no such mails from now on; their notices stay in the inbox. In a write transaction."""
    if occasion == Occasion.digest:
        person.prefer(digest_hour=None)
    else:
        person.prefer(mails_at_once=False)


def is_stopped(person: Person, occasion: Occasion) -> bool:
    """Tell whether such mails are off."""
    return person.digest_hour is None if occasion == Occasion.digest else not person.mails_at_once


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="tracker.unsubscribe")
