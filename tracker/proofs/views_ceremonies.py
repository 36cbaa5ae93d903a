"""The two halves of a ceremony with a device: the challenge that is kept in the session, and the answer that takes it out."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, session
from flask_babel import gettext as _

from tracker.organisation.settings import Organisation
from tracker.proofs.ceremonies import LASTS, NotProved, Place, new_challenge, place

_ASKED = "ceremony"


def begin(purpose: str, now: datetime) -> str:
    """Return a new challenge, kept in this session for `purpose` alone, for five minutes."""
    challenge = new_challenge()
    session[_ASKED] = {
        "for": purpose,
        "challenge": challenge,
        "until": (now + LASTS).timestamp(),
    }
    return challenge


def asked(purpose: str, now: datetime) -> str:
    """Take the challenge out of this session. Raises `NotProved` without one for `purpose` that still holds."""
    kept = session.pop(_ASKED, None)
    if not isinstance(kept, dict) or kept["for"] != purpose or kept["until"] <= now.timestamp():
        raise NotProved
    return kept["challenge"]


def here() -> Place:
    """Return where passkeys belong. Raises `NotProved` where there can be none."""
    found = place()
    if found is None:
        raise NotProved
    return found


def site() -> str:
    """Return what a device calls this installation."""
    return Organisation.current().product_name or current_app.name


def not_proved() -> str:
    """Return what is said of every answer that does not hold, whatever the reason."""
    return _("That passkey did not work here. Try again, or come in another way.")


def needs_script() -> str:
    """Return what is said where a form comes without the answer of a device."""
    return _(
        "Passkeys need JavaScript, because the browser has to ask your device. Everything else works without."
    )
