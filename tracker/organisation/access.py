"""Links that let somebody set a password: signed, kept as a hash, used once, and over after a while.

A token is made of the link's seed and the key of this place: the database alone opens nothing, and the mail that carries
a token is made of the row when it is sent, so that no token waits in a table.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.organisation.people import Person, at_another_address


class Purpose(StrEnum):
    """What a link is for; one made for the other purpose is none."""

    invite = "invite"
    reset = "reset"


LASTS = {Purpose.invite: timedelta(days=7), Purpose.reset: timedelta(hours=1)}


VOID = ""  # the seed of a link that came back with a backup: it may have been used since


class LinkGone(Exception):
    """The link was used, replaced, has expired, or never was: all of these answer alike (410)."""


class AccessLink(Recorded, Model):
    """One link for one person. The token itself is nowhere kept."""

    __tablename__ = "access_link"
    __table_args__ = (Index("ix_access_link_person_id", "person_id", "purpose"),)
    subject_type: ClassVar[str] = "access_link"

    on_trail: ClassVar[Declared] = declare(
        "person_id purpose made_at expires_at used_at revoked_at",
        "token_hash",
        left={"seed": "drawn by lot, and nothing without the key of this place"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(enum_text(Purpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seed: Mapped[str | None] = mapped_column(
        String(43)
    )  # None: made before tokens had one; or VOID
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


def issue(person: Person, purpose: Purpose, *, by: Person | None, now: datetime) -> str:
    """Make a link's token for `person` and return it, the only time it is known. Older links of theirs end.

    Raises `NotNow` when the person's access has ended.
    """
    if not person.is_active:
        raise NotNow(_("The access of %(name)s has ended. Restore it first.", name=person.name))
    if person.id is None:
        db.session.flush()
    revoke(person, purpose, now=now)
    seed = secrets.token_urlsafe(32)
    token = _token(purpose, seed)
    expires_at = now + LASTS[purpose]
    db.session.add(
        AccessLink(
            person_id=person.id,
            purpose=purpose,
            token_hash=_hash(token),
            seed=seed,
            made_at=now,
            expires_at=expires_at,
        )
    )
    person.record(
        Kind.person_link_issued,
        by=by,
        now=now,
        after={"purpose": purpose.value, "expires_at": expires_at.isoformat(timespec="seconds")},
    )
    return token


def open_token(link: AccessLink, now: datetime) -> str:
    """Return the token of a link once more, for the mail that carries it. Raises `LinkGone` for one that is over."""
    over = link.used_at or link.revoked_at or link.expires_at <= now
    if over or not link.seed:
        raise LinkGone
    return _token(link.purpose, link.seed)


def latest(person: Person, purpose: Purpose) -> AccessLink:
    """Return the link that was made last for `person`."""
    made = select(AccessLink).where(
        AccessLink.person_id == person.id, AccessLink.purpose == purpose
    )
    return db.session.scalars(made.order_by(AccessLink.id.desc()).limit(1)).one()


def holder(
    token: str, purpose: Purpose, now: datetime, *, locked: bool = False
) -> tuple[Person, AccessLink]:
    """Return whose link this is, with the link. Raises `LinkGone` for every one that is not open now."""
    try:
        _signer(purpose).loads(token)
    except BadSignature:
        raise LinkGone from None
    found = (
        select(AccessLink)
        .where(
            AccessLink.token_hash == _hash(token),
            AccessLink.purpose == purpose,
            AccessLink.used_at.is_(None),
            AccessLink.revoked_at.is_(None),
            AccessLink.expires_at > now,
            AccessLink.seed.is_distinct_from(VOID),
        )
        .execution_options(populate_existing=True)
    )
    link = db.session.scalars(found.with_for_update() if locked else found).one_or_none()
    person = (
        db.session.get(
            Person, link.person_id, populate_existing=locked, with_for_update=locked or None
        )
        if link
        else None
    )
    if link is None or person is None or not person.may_enter(now):
        raise LinkGone
    return person, link


def redeem(token: str, purpose: Purpose, password_hash: str, *, now: datetime) -> Person:
    """Use the link: the password is set, every older session and link of the person ends. Raises `LinkGone`."""
    person, link = holder(token, purpose, now, locked=True)
    link.used_at = now
    db.session.flush()
    for every in Purpose:
        revoke(person, every, now=now)
    person.set_password(password_hash, by=person, now=now)
    return person


def revoke(person: Person, purpose: Purpose, *, now: datetime) -> None:
    """End the open links of `person` for `purpose`."""
    still = select(AccessLink).where(
        AccessLink.person_id == person.id,
        AccessLink.purpose == purpose,
        AccessLink.used_at.is_(None),
        AccessLink.revoked_at.is_(None),
    )
    for link in db.session.scalars(still.execution_options(populate_existing=True)):
        link.revoked_at = now


def _revoke_all(person: Person, now: datetime) -> None:
    for purpose in Purpose:
        revoke(person, purpose, now=now)


at_another_address.append(_revoke_all)


def _signer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"tracker.access.{purpose}")


def _token(purpose: Purpose, seed: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    secret = hmac.digest(key, f"tracker.access.{purpose}.{seed}".encode(), "sha256").hex()
    token = _signer(purpose).dumps(secret)
    return token if isinstance(token, str) else token.decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
