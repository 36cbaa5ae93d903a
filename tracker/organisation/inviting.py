"""A link for somebody: made in the write, handed out after it."""

from __future__ import annotations

from datetime import datetime

from flask import session

from tracker.organisation.access import Purpose, issue, latest
from tracker.organisation.mailing import address_of, post
from tracker.organisation.people import Person

_SHOWN_ONCE = "fresh_link"


def new_link(person: Person, *, by: Person, now: datetime) -> tuple[Purpose, str]:
    """Make the link that `person` needs, with the mail that carries it, and return (purpose, token); inside a write transaction.

    Who never chose a password is invited. Anybody else gets a link for a new one.
    """
    purpose = Purpose.invite if person.password_hash is None else Purpose.reset
    token = issue(person, purpose, by=by, now=now)
    post(latest(person, purpose), now=now)
    return purpose, token


def hand_out(person: Person, purpose: Purpose, token: str) -> None:
    """Keep an invitation for the next page to show once; after the commit.

    A link to an account that is in use goes to its owner's mail alone: whoever asked for it never
    sees it, so that an administrator cannot become somebody else.
    """
    if purpose == Purpose.invite:
        session[_SHOWN_ONCE] = {"person": person.id, "address": address_of(token, purpose)}


def shown_once(*people: int) -> dict[str, object] | None:
    """Return the link that was just made for one of `people` ({person, address}), and forget it."""
    link = session.get(_SHOWN_ONCE)
    if link is None or link["person"] not in people:
        return None
    return session.pop(_SHOWN_ONCE)
