"""The checks behind every page that asks for a proof: each try is counted first, and what counts once is used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.db import end_reading, writing
from tracker.organisation import passwords
from tracker.organisation.people import Person
from tracker.organisation.throttling import Door
from tracker.proofs.apps import is_code, use_code
from tracker.proofs.ceremonies import NotProved, Place, signed, signer, spend
from tracker.proofs.codes import DIGITS, digits_of
from tracker.proofs.passkeys import Passkey
from tracker.proofs.recovery import is_recovery_code, use_recovery_code

QUARTER = timedelta(minutes=15)
# Three codes of a million are right at any moment (RFC 6238, 7.3), so few tries are open.
CODE = Door("code", for_account=5, for_address=60, window=QUARTER)
# Whoever is signed in proves it again, by whatever they have: one count for all of it.
AGAIN = Door("again", for_account=10, for_address=60, window=QUARTER)
PASSKEY = Door("passkey", for_account=20, for_address=60, window=QUARTER)


@dataclass(frozen=True)
class Wait:
    """Too many tries: the seconds until the next."""

    seconds: int


def by_code(person: Person, typed: str, address: str, *, now: datetime) -> str | Wait | None:
    """Let a code of the app or a recovery code count; return which it was ("app", "recovery"), `Wait`, or None.

    `address` is where it comes from on the network.
    """
    wait = CODE.try_it(person.email, address, now)
    if wait:
        return Wait(wait)
    found = _used(person, typed, now=now, with_recovery=True)
    if found:
        CODE.forgive(person.email, address, now)
    return found


def by_secret(person: Person, typed: str, address: str, *, now: datetime) -> bool | Wait:
    """Tell whether a password or a code of the app proves again who `person` is, or how long to wait."""
    wait = AGAIN.try_it(person.email, address, now)
    if wait:
        return Wait(wait)
    proved = _used(person, typed, now=now) is not None
    if not proved:
        end_reading()
        proved = passwords.matches(person.password_hash, typed)
    if proved:
        AGAIN.forgive(person.email, address, now)
    return proved


def by_passkey(
    answer: str, challenge: str, here: Place, address: str, *, now: datetime
) -> Passkey | Wait:
    """Return the passkey whose signature of `challenge` holds, and let both count; or how long to wait.

    Raises `NotProved` for every other answer, and for one that comes a second time.
    """
    named = signer(answer)
    wait = PASSKEY.try_it(named, address, now)
    if wait:
        return Wait(wait)
    passkey = Passkey.by_credential(named)
    if passkey is None:
        raise NotProved
    count = signed(answer, challenge, passkey, here)
    with writing():
        passkey = Passkey.by_credential(named, locked=True)
        if passkey is None or not spend(challenge, now=now) or not passkey.used(count, now=now):
            raise NotProved
    PASSKEY.forgive(named, address, now)
    return passkey


def _used(person: Person, typed: str, *, now: datetime, with_recovery: bool = False) -> str | None:
    """Use up a code if it is one. What is none takes no turn to write."""
    if len(digits_of(typed)) == DIGITS and is_code(person, typed, now):
        with writing():
            return "app" if use_code(person, typed, now=now) else None
    if with_recovery and is_recovery_code(person, typed):
        with writing():
            return "recovery" if use_recovery_code(person, typed, now=now) else None
    return None
