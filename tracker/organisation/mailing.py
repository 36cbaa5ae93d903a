"""Mails with a link that sets a password: their words, and whoever carries them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.organisation.access import AccessLink, Purpose
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

# The room of notices sends mails: (link, now), in the transaction that made the link.
carriers: list[Callable[[AccessLink, datetime], None]] = []
ENDPOINTS = {Purpose.invite: "organisation.invitation", Purpose.reset: "organisation.reset"}


def address_of(token: str, purpose: Purpose) -> str:
    """Return the whole address of a link. It starts with the configured base, never with what a request claims."""
    with current_app.test_request_context(base_url="http://localhost/"):
        path = url_for(ENDPOINTS[purpose], token=token)
    return f"{current_app.config['BASE_URL'].rstrip('/')}{path}"


def letter(person: Person, purpose: Purpose, link: str) -> tuple[str, str]:
    """Return subject and words of the mail that carries `link`, in the language of `person`."""
    organisation = Organisation.current()
    product = organisation.product_name
    with force_locale(person.language or organisation.language):
        return _words(purpose, product, organisation.name or product, person.name, link)


def post(link: AccessLink, *, now: datetime) -> None:
    """Have the mail with this link sent once the present transaction is committed."""
    for carry in carriers:
        carry(link, now)


def _words(
    purpose: Purpose, product: str, organisation: str, name: str, link: str
) -> tuple[str, str]:
    if purpose == Purpose.invite:
        subject = _("Your invitation to %(product)s", product=product)
        body = _(
            "Hello %(name)s,\n\n%(organisation)s invites you to %(product)s. Open this address "
            "within seven days and choose a password:\n\n%(link)s\n\nThe address works once. If "
            "you did not expect it, do nothing.\n",
            name=name,
            organisation=organisation,
            product=product,
            link=link,
        )
    else:
        subject = _("A new password for %(product)s", product=product)
        body = _(
            "Hello %(name)s,\n\nSomebody asked for a new password for you. Open this address "
            "within one hour and choose one:\n\n%(link)s\n\nThe address works once. If it was not "
            "you, do nothing: your password stays as it is.\n",
            name=name,
            link=link,
        )
    return subject, body
