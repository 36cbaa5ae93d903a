"""What several pages of this room do alike: offering an app, taking a new passkey, saying how long to wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.clock import now
from tracker.db import writing
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.waiting import waiting_words
from tracker.proofs import ceremonies, codes, setting_up
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.ceremonies import NotProved
from tracker.proofs.factors import codes_for_the_first
from tracker.proofs.forms import AppForm, NewPasskeyForm
from tracker.proofs.passkeys import Passkey
from tracker.proofs.proving import AGAIN
from tracker.proofs.setting_up import Offer
from tracker.proofs.views_ceremonies import asked, begin, here, needs_script, not_proved, site

NOT_YET = "not yet"  # what the script sends where one has to prove again who one is before the device is asked
AT_MOST = 429  # the status of an answer that says how long to wait


def network() -> str:
    """Return the address that a request comes from, as the doors count it."""
    return request.remote_addr or ""


def app_shown(person: Person, form: AppForm, offer: Offer | None = None) -> dict[str, Any]:
    """Return what a page shows of an offer, a new one unless it is given, and let `form` carry it."""
    offer = offer or setting_up.offer(person, now=now())
    form.sealed.data = offer.sealed
    address = offer.address(person, site())
    return {
        "app_form": form,
        "secret": offer.in_groups,
        "opens": address,
        "picture": Markup(codes.picture(address)),  # noqa: S704 - drawn by segno from our own text
    }


def app_proved(person: Person, form: AppForm) -> tuple[Offer | None, int | None, int]:
    """Return the offer that `form` carries, the step that its code proves (None: see the form's errors), and the status.

    A try is counted like any other, so that nobody learns by trying whether a code is right.
    """
    if not form.validate():
        return setting_up.offered(person, form.sealed.data or "", now=now()), None, 422
    offer = setting_up.offered(person, form.sealed.data or "", now=now())
    if offer is None:
        form.code.errors = [_("This page was open for too long. Take the new picture.")]
        return None, None, 422
    wait = AGAIN.try_it(person.email, network(), now())
    if wait:
        form.code.errors = [waiting_words(wait)]
        return offer, None, AT_MOST
    counter = codes.counter_of(offer.secret, form.code.data or "", now())
    if counter is None:
        form.code.errors = [
            _("This is not the code of the moment. Look at the app again; its clock must be right.")
        ]
        return offer, None, 422
    AGAIN.forgive(person.email, network(), now())
    return offer, counter, 200


def app_kept(person: Person, offer: Offer, counter: int) -> list[str]:
    """Set the app up, inside a write; return recovery codes to show where these are the first."""
    AuthenticatorApp.set_up(person, offer.secret, counter, by=person, now=now())
    return codes_for_the_first(person, now=now())


def passkey_question(person: Person) -> dict[str, Any]:
    """Return what a browser asks a device in order to make a passkey for `person`. Raises `NotNow` where none can be."""
    try:
        place = here()
    except NotProved:
        raise NotNow(no_place()) from None
    return ceremonies.to_register(person, begin("make", now()), place, site())


def passkey_made(person: Person, form: NewPasskeyForm) -> dict[str, Any] | None:
    """Return the columns of the passkey that a device made; None with the reason among the errors of `form`."""
    if not form.validate():
        return None
    if form.made_answer.data in {"", NOT_YET}:
        told = form.made_answer.data == NOT_YET
        form.name.errors = [_("Now your device can be asked. Go on.") if told else needs_script()]
        return None
    try:
        challenge = asked("make", now())
        made = ceremonies.registered(form.made_answer.data or "", challenge, person, here())
        with writing():
            if not ceremonies.spend(challenge, now=now()):
                raise NotProved
        return made
    except NotProved:
        form.name.errors = [not_proved()]
        return None


def passkey_kept(person: Person, name: str, made: dict[str, Any], at: datetime) -> list[str]:
    """Keep a passkey, inside a write; return recovery codes to show where these are the first."""
    Passkey.add(person, name=name, by=person, now=at, **made)
    return codes_for_the_first(person, now=at)


def no_place() -> str:
    """Return why there can be no passkeys here."""
    return _(
        "Passkeys need this site to be opened by a name over https. Whoever runs it sets that address as TRACKER_BASE_URL."
    )
