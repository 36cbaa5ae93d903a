"""A link for somebody: made in the write, handed out after it."""

from __future__ import annotations

from datetime import datetime

from flask import session

from tracker.clock import now as present
from tracker.organisation.access import Purpose, issue
from tracker.organisation.mailing import address_of, write_link
from tracker.organisation.people import Person

_SHOWN_ONCE = "fresh_link"


def new_link(person: Person, *, by: Person, now: datetime) -> tuple[Purpose, str]:
    """Make the link that `person` needs and return (purpose, token); inside a write transaction.

    Who never chose a password is invited. Anybody else gets a link for a new one.
    """
    purpose = Purpose.invite if person.password_hash is None else Purpose.reset
    return purpose, issue(person, purpose, by=by, now=now)


def hand_out(person: Person, purpose: Purpose, token: str) -> None:
    """Write the mail, and keep an invitation for the next page to show once; after the commit.

    A link to an account that is in use goes to its owner's mail alone: whoever asked for it never
    sees it, so that an administrator cannot become somebody else.
    """
    address = address_of(token, purpose)
    write_link(person, purpose, address, present())
    if purpose == Purpose.invite:
        session[_SHOWN_ONCE] = {"person": person.id, "address": address}


def shown_once(*people: int) -> dict[str, object] | None:
    """Return the link that was just made for one of `people` ({person, address}), and forget it."""
    link = session.get(_SHOWN_ONCE)
    if link is None or link["person"] not in people:
        return None
    return session.pop(_SHOWN_ONCE)
