"""Who is signed in where: a row for every sign-in, from the door to its end.

The browser holds the number of a person and a random key; the row holds that key's hash alone. A sign-in holds as long as
its row is there, was begun under the present epoch of its person (which rises when all of them end at once), and neither
its idle nor its absolute end has come. Whoever loads the person asks for the row in the same statement.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Self

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Select, String, and_, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.scoping import Scoped

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
SHOWN = 50  # of one person


class Way(StrEnum):
    """How somebody came in."""

    password = "password"  # noqa: S105 - the name of a way, and no secret
    invitation = "invitation"
    reset = "reset"
    passkey = "passkey"
    set_up = "set_up"


class Proof(StrEnum):
    """How far somebody proved who they are (NIST SP 800-63B-4: the first and the second assurance level)."""

    password = "password"  # noqa: S105
    second_factor = "second_factor"


class SignIn(Scoped, Model):
    """One sign-in of one person: how they came in and from where, when they were last here, and how well they are known."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)

    address: ClassVar[str] = "key_hash"  # says nothing of how many there are

    on_trail: ClassVar[Declared] = left_out("who is signed in where: forgotten at its end")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int]  # of the person, when it began
    begun_at: Mapped[datetime] = mapped_column(Instant)
    last_seen: Mapped[datetime] = mapped_column(Instant)  # noted at most once in five minutes
    way: Mapped[Way] = mapped_column(enum_text(Way))
    browser: Mapped[str] = mapped_column(String(40), default="")
    device: Mapped[str] = mapped_column(String(40), default="")
    network: Mapped[str] = mapped_column(String(60), default="")  # never the whole address
    proved_at: Mapped[datetime] = mapped_column(Instant)
    proof: Mapped[Proof] = mapped_column(enum_text(Proof))

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Everybody knows of their own, and nobody of others'."""
        begun = and_(Person.id == cls.person_id, Person.epoch == cls.epoch)
        return select(cls).where(
            cls.person_id == person.id, select(Person.id).where(begun).exists()
        )

    def end(self, *, by: Person, now: datetime) -> None:
        """End this one, by the person whose it is."""
        db.session.delete(self)
        by.record(Kind.person_signed_out, by=by, now=now, after={"how": "one"})


class Place(NamedTuple):
    """Where somebody signs in, as far as it is kept: see `places.place_of`."""

    browser: str = ""
    device: str = ""
    network: str = ""


class Limits(NamedTuple):
    """How long a sign-in holds: unused, and at all."""

    idle: timedelta
    longest: timedelta

    def end(self, begun: datetime, seen: datetime) -> datetime:
        """Return the moment from which a sign-in no longer holds if nothing more is seen of it."""
        return min(begun + self.longest, seen + self.idle)


def limits(config: Mapping[str, Any] | None = None) -> Limits:
    """Return the limits that are set (`TRACKER_SESSION_IDLE_HOURS`, `TRACKER_SESSION_DAYS`)."""
    config = current_app.config if config is None else config
    return Limits(config.get("SESSION_IDLE", IDLE), config.get("SESSION_LONGEST", LONGEST))


def holds(sign_in: SignIn, now: datetime) -> bool:
    """Tell whether neither end of `sign_in` has come."""
    return now < limits().end(sign_in.begun_at, sign_in.last_seen)


def fresh(
    sign_in: SignIn, *, within: timedelta, now: datetime, proof: Proof = Proof.password
) -> bool:
    """Tell whether the person proved who they are in the last `within`, and at least as far as `proof`.

    Reauthentication as in NIST SP 800-63B-4 section 2: what matters is when it was proved, not when the session began.
    """
    far_enough = proof == Proof.password or sign_in.proof == Proof.second_factor
    return far_enough and now - within < sign_in.proved_at


def begin(person: Person, way: Way, proof: Proof, place: Place, *, now: datetime) -> str:
    """Add a sign-in of `person`, inside a write transaction; return what the browser is to hold, the only time it is known."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            person_id=person.id, key_hash=_hash(key), epoch=person.epoch, begun_at=now, last_seen=now, way=way,
            browser=place.browser, device=place.device, network=place.network, proved_at=now, proof=proof,
        )
    )  # fmt: skip
    return f"{person.id}.{key}"


def renew(sign_in_id: int, person: Person, *, now: datetime, proof: Proof | None = None) -> str:
    """Give a sign-in another key, inside a write transaction; return what the browser is to hold. Its old key is worthless.

    Call it whenever somebody rises: with `proof` they have just proved who they are, that far. It takes on the present
    epoch of `person`, so it outlives what ended their other sign-ins. Raises `LookupError` when the row is gone.
    """
    row = db.session.get(SignIn, sign_in_id, populate_existing=True, with_for_update=True)
    if row is None or row.person_id != person.id:
        raise LookupError(sign_in_id)
    key = secrets.token_urlsafe(32)
    row.key_hash, row.epoch, row.last_seen = _hash(key), person.epoch, now
    if proof is not None:
        row.proof, row.proved_at = proof, now
    return f"{person.id}.{key}"


def key_of(held: str) -> tuple[int, str] | None:
    """Return whom a browser says it is and the hash of its key; None for what no browser was given."""
    person, _, key = held.partition(".")
    if not (person.isascii() and person.isdecimal() and len(person) <= 10 and key):
        return None
    return int(person), _hash(key)


def end_all(person: Person, *, by: Person, now: datetime) -> None:
    """End every sign-in of `person`. In one's own write the present one goes on, under another key (see `web.posting`).

    Raises `NotNow` for somebody whose access has ended: they are signed in nowhere.
    """
    if not person.is_active:
        raise NotNow(_("The access of %(name)s has already ended.", name=person.name))
    person.epoch += 1
    person.record(Kind.person_signed_out, by=by, now=now, after={"how": "all"})


def of(person: Person, now: datetime) -> list[SignIn]:
    """Return the sign-ins of `person` that hold, the one used last first: at most `SHOWN`."""
    idle, longest = limits()
    held = SignIn.visible_to(person).where(
        SignIn.begun_at > now - longest, SignIn.last_seen > now - idle
    )
    latest = held.order_by(SignIn.last_seen.desc(), SignIn.id.desc()).limit(SHOWN)
    return list(db.session.scalars(latest))


def end_by_key(person_id: int, key_hash: str) -> bool:
    """End the sign-in with this key, inside a write transaction; tell whether it was there."""
    same = (SignIn.person_id == person_id) & (SignIn.key_hash == key_hash)
    return db.session.execute(delete(SignIn).where(same).returning(SignIn.id)).first() is not None


def end_unproved(partner_id: int) -> None:
    """End the sign-ins of a partner's contacts that no second factor proved, inside a write transaction."""
    contacts = select(Person.id).where(Person.partner_id == partner_id)
    unproved = (SignIn.person_id.in_(contacts), SignIn.proof != Proof.second_factor)
    db.session.execute(delete(SignIn).where(*unproved))


def forget_over(now: datetime) -> int:
    """Delete the sign-ins that no longer hold; return how many."""
    idle, longest = limits()
    other_epoch = and_(Person.id == SignIn.person_id, Person.epoch != SignIn.epoch)
    over = or_(
        SignIn.begun_at <= now - longest,
        SignIn.last_seen <= now - idle,
        select(Person.id).where(other_epoch).exists(),
    )
    done: Any = db.session.execute(delete(SignIn).where(over))
    return done.rowcount


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
