"""The one step between "it is clear who this is" and "the session begins".

Whoever comes in, by a password or by a link, is handed to `enter`. Each of `before_entry` may ask for something more first,
by returning a page or a redirect; `hold` keeps for some minutes who is being asked, and `held` tells it to the page that
goes on. When nothing more is wanted `let_in` begins the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_login import login_user

from tracker.addresses import safe_next
from tracker.clock import now as present
from tracker.db import db, writing
from tracker.organisation import sign_ins
from tracker.organisation.knowing import remember
from tracker.organisation.people import Person
from tracker.organisation.places import place_of
from tracker.organisation.sign_ins import Place, Proof, Way

HELD_FOR = timedelta(minutes=10)
_HELD = "entering"


@dataclass(frozen=True)
class Entry:
    """Somebody who has shown who they are, on their way in."""

    person: Person
    way: Way
    wanted: str | None = None  # the page of this site that they were on their way to
    short: bool = False  # whether the password that was typed is too short to be the only factor


# What may come between: each returns an answer that asks for more, or None to let them pass.
before_entry: list[Callable[[Entry], Any]] = []


def enter(entry: Entry) -> Any:
    """Let somebody in and lead them on, unless something more is asked of them first; return the answer."""
    for asks in before_entry:
        answer = asks(entry)
        if answer is not None:
            return answer
    let_in(entry.person, entry.way)
    return onward(entry)


def onward(entry: Entry) -> Any:
    """Return the redirect to where somebody who is in by now was on their way to."""
    return redirect(safe_next(entry.wanted) or home(), 303)


def hold(entry: Entry, *, now: datetime) -> None:
    """Keep who is on their way in, in the signed cookie: it opens nothing but the page that asks for more."""
    session.clear()
    session[_HELD] = {
        "person": entry.person.id,
        "epoch": entry.person.epoch,
        "way": entry.way.value,
        "wanted": entry.wanted,
        "until": (now + HELD_FOR).timestamp(),
    }


def hold_on(*, now: datetime) -> None:
    """Let the minutes of whoever is held begin anew."""
    session[_HELD] = {**session[_HELD], "until": (now + HELD_FOR).timestamp()}


def held(*, now: datetime) -> Entry | None:
    """Return who was being asked for more; None after ten minutes, or when the person or the password has changed."""
    kept = session.get(_HELD)
    if not isinstance(kept, dict) or kept["until"] <= now.timestamp():
        return None
    person = db.session.get(Person, kept["person"])
    if person is None or not person.may_enter(now) or person.epoch != kept["epoch"]:
        return None
    return Entry(person, Way(kept["way"]), kept["wanted"])


def let_in(person: Person, way: Way, proof: Proof = Proof.password) -> None:
    """Begin a session, in a write transaction of its own, that has nothing in common with the one before it.

    Who was signed in here until now no longer is. It begins under the epoch that `person` was read with: a password
    that was changed meanwhile lets nobody in.
    """
    with writing():
        leave()
        key = sign_ins.begin(person, way, proof, here(), now=present())
    carry(person, key)
    remember(person.email)


def leave() -> bool:
    """End the sign-in that this browser holds, inside a write transaction; tell whether there was one."""
    found = sign_ins.key_of(str(session.get("_user_id", "")))
    return found is not None and sign_ins.end_by_key(*found)


def carry(person: Person, key: str) -> None:
    """Let the browser hold `key`, and nothing that it held before. Call it after the commit."""
    session.clear()
    session.permanent = True
    person.session_key = key
    login_user(person)


def here() -> Place:
    """Return where this request comes from, as far as it is kept."""
    return place_of(request.headers.get("User-Agent", ""), request.remote_addr or "")


def home() -> str:
    """Return the address of the first page."""
    return url_for("overview.home") if "overview.home" in current_app.view_functions else "/"
