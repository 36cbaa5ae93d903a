"""A secret on its way to an app: it stands in the page, sealed for one person, until a code proves that the app holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.organisation.people import Person
from tracker.proofs import codes
from tracker.proofs.sealing import Unreadable, seal, unseal

OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Offer:
    """One secret that is offered to one person, and how the page carries it."""

    secret: str
    sealed: str

    @property
    def in_groups(self) -> str:
        """The secret as one types it."""
        return codes.in_groups(self.secret)

    def address(self, person: Person, site: str) -> str:
        """The address that apps read."""
        return codes.address_for_app(self.secret, account=person.email, issuer=site)


def offer(person: Person, *, now: datetime) -> Offer:
    """Return a new secret for `person`. Nothing is written."""
    secret = codes.new_secret()
    return Offer(secret, seal(f"{int(now.timestamp())} {secret}", about=_about(person)))


def offered(person: Person, sealed: str, *, now: datetime) -> Offer | None:
    """Return what a page of the last hour offered to `person`; None for anything else."""
    try:
        made, secret = unseal(sealed, about=_about(person)).split(" ")
    except (Unreadable, ValueError):
        return None
    if now.timestamp() - int(made) > OPEN_FOR.total_seconds():
        return None
    return Offer(secret, sealed)


def _about(person: Person) -> str:
    return f"offer {person.id}"
