"""What is asked of a device, and whether its answer holds (WebAuthn): making a passkey, and signing with one.

Every question carries a challenge drawn by lot, which belongs to one session and counts once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model, db
from tracker.dialects import insert_into
from tracker.organisation.people import Person
from tracker.proofs.passkeys import Passkey
from tracker.proofs.sealing import recognised

LASTS = timedelta(minutes=5)
MILLISECONDS = int(LASTS.total_seconds() * 1000)
LONGEST_ANSWER = 20_000  # characters; those of real devices have fewer than 6,000
LONGEST_ID = 1023  # bytes (WebAuthn 3, 7.1, step 25)
_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}")  # in base64url
VERIFIED = UserVerificationRequirement.REQUIRED


class NotProved(Exception):
    """The answer of the device does not hold: another site, another challenge, another key, not understood."""


class SpentChallenge(Model):
    """A challenge that counted; kept for as long as it could be answered."""

    __tablename__ = "spent_challenge"

    on_trail: ClassVar[Declared] = left_out("challenges that counted: forgotten after a while")

    challenge: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


@dataclass(frozen=True)
class Place:
    """Where passkeys of this installation belong: a name, and the one address at which they work."""

    name: str
    origin: str


def place() -> Place | None:
    """Return where passkeys belong, by `TRACKER_BASE_URL`; None where browsers allow none.

    They ask for a name, and for https unless it is this very machine. An address of this machine goes by `localhost`.
    """
    parts = urlsplit(current_app.config["BASE_URL"])
    name = (parts.hostname or "").lower()
    try:
        if not ip_address(name).is_loopback:
            return None
        port = f":{parts.port}" if parts.port else ""
        return Place("localhost", f"{parts.scheme}://localhost{port}")
    except ValueError:
        if parts.scheme != "https" and name != "localhost":
            return None
        return Place(name, f"{parts.scheme}://{parts.netloc.lower()}")


def new_challenge() -> str:
    """Return a challenge, in base64url."""
    asked = generate_authentication_options(rp_id="localhost")
    return bytes_to_base64url(asked.challenge)


def to_register(person: Person, challenge: str, here: Place, site: str) -> dict[str, Any]:
    """Return what the browser asks a device in order to make a passkey for `person`; `site` is what we are called."""
    return _as_dict(
        generate_registration_options(
            rp_id=here.name,
            rp_name=site,
            user_id=base64url_to_bytes(handle_of(person)),
            user_name=person.email,
            user_display_name=person.name,
            challenge=base64url_to_bytes(challenge),
            timeout=MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=_described(Passkey.of(person)),
        )
    )


def to_sign(challenge: str, here: Place, *, among: Iterable[Passkey] = ()) -> dict[str, Any]:
    """Return what the browser asks a device in order to sign; without `among`, any passkey of this site will do."""
    return _as_dict(
        generate_authentication_options(
            rp_id=here.name,
            challenge=base64url_to_bytes(challenge),
            timeout=MILLISECONDS,
            allow_credentials=_described(among),
            user_verification=VERIFIED,
        )
    )


def registered(answer: str, challenge: str, person: Person, here: Place) -> dict[str, Any]:
    """Return the columns of the passkey that a device made. Raises `NotProved`."""
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.name,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except _UNHOLDING as error:
        raise NotProved from error
    if len(made.credential_id) > LONGEST_ID:
        raise NotProved
    return {
        "credential_id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.credential_public_key),
        "user_handle": handle_of(person),
        "sign_count": made.sign_count,
        "synced": made.credential_backed_up,
    }


def signer(answer: str) -> str:
    """Return which passkey an answer names, unproved. Raises `NotProved` for what is no answer."""
    named = _read(answer).get("id")
    if not isinstance(named, str) or not _ID.fullmatch(named):
        raise NotProved
    return named


def signed(answer: str, challenge: str, passkey: Passkey, here: Place) -> int:
    """Return the count of signatures that the device tells. Raises `NotProved`."""
    given = _read(answer)
    try:
        told = verify_authentication_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.name,
            expected_origin=here.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        whose = given["response"].get("userHandle")
    except _UNHOLDING as error:
        raise NotProved from error
    if whose is not None and whose != passkey.user_handle:
        raise NotProved
    return told.new_sign_count


def spend(challenge: str, *, now: datetime) -> bool:
    """Let a challenge count, inside a write; False when it counted before. Old ones are forgotten."""
    connection = db.session.connection()
    connection.execute(delete(SpentChallenge).where(SpentChallenge.at < now - 2 * LASTS))
    spent = insert_into(SpentChallenge, connection.dialect.name)
    spent = spent.values(challenge=challenge[:64], at=now)
    spent = spent.on_conflict_do_nothing().returning(SpentChallenge.challenge)
    return connection.execute(spent).scalar_one_or_none() is not None


def handle_of(person: Person) -> str:
    """Return by what devices know `person`: drawn from our key, so that it tells nothing about them (WebAuthn 3, 14.6.1)."""
    return bytes_to_base64url(bytes.fromhex(recognised(str(person.id), use="passkey handles")))


_UNHOLDING = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)


def _read(answer: str) -> dict[str, Any]:
    try:
        read = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise NotProved from error
    if not isinstance(read, dict):
        raise NotProved
    return read


def _described(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in passkeys
    ]


def _as_dict(options: Any) -> dict[str, Any]:
    return json.loads(options_to_json(options))
