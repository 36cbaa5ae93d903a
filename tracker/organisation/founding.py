"""The first visit of an empty production database: a code that was printed at the start opens the set-up, once.

The code is derived from the secret key, so every process knows it and none keeps it. It is spent as soon as somebody is here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from tracker.db import db
from tracker.dialects import insert_into
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no two look alike
_LENGTH = 16  # of five bits each
_FOUND = "organisation.founded"


class Founded(Exception):
    """Somebody is here already: the set-up is over."""


def code(app: Flask) -> str:
    """Return the code of this place, in groups of four."""
    digest = hmac.digest(app.config["SECRET_KEY"].encode(), b"throughline set-up", "sha256")
    letters = "".join(_LETTERS[byte % 32] for byte in digest[:_LENGTH])
    return "-".join(letters[place : place + 4] for place in range(0, _LENGTH, 4))


def is_code(app: Flask, said: str) -> bool:
    """Tell whether `said` is that code, however it is spaced and written."""
    plain = said[:200].upper().translate(str.maketrans("OIL", "011"))
    letters = "".join(one for one in plain if one in _LETTERS)
    wanted = code(app).replace("-", "")
    return hmac.compare_digest(_hashed(letters), _hashed(wanted))


def is_awaited() -> bool:
    """Tell whether this is a production database in which nobody is yet. Asks the database until somebody is."""
    if current_app.config["ENVIRONMENT"] != "production" or current_app.extensions.get(_FOUND):
        return False
    awaited = db.session.scalar(select(Person.id).limit(1)) is None
    current_app.extensions[_FOUND] = not awaited
    return awaited


def found(
    *,
    name: str,
    email: str,
    password_hash: str,
    now: datetime,
    settings: Mapping[str, Any] | None = None,
) -> Person:
    """Make the organisation with `settings` and its first administrator, inside a write transaction.

    Two that come together meet at the organisation's one row. Raises `Founded` for the second.
    """
    session = db.session()
    made = insert_into(Organisation, db.engine.dialect.name).values(id=1)
    session.execute(made.on_conflict_do_nothing())
    session.execute(select(Organisation.id).where(Organisation.id == 1).with_for_update())
    if session.scalar(select(Person.id).limit(1)) is not None:
        raise Founded
    person = Person.add(email=email, name=name, role=Role.manager, is_admin=True, by=None, now=now)
    Organisation.current().change(by=person, now=now, **(settings or {}))
    person.set_password(password_hash, by=person, now=now)
    return person


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
