"""Mails with a link, laid into the data folder as .eml files: whoever runs the place can read or forward them."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.organisation.access import Purpose
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

ENDPOINTS = {Purpose.invite: "organisation.invitation", Purpose.reset: "organisation.reset"}


def address_of(token: str, purpose: Purpose) -> str:
    """Return the whole address of a link. It starts with the configured base, never with what a request claims."""
    with current_app.test_request_context(base_url="http://localhost/"):
        path = url_for(ENDPOINTS[purpose], token=token)
    return f"{current_app.config['BASE_URL'].rstrip('/')}{path}"


def write_link(person: Person, purpose: Purpose, link: str, now: datetime) -> Path:
    """Lay the mail that carries `link` into the folder, in the language of `person`; return the file.

    Call it after the commit: a file cannot be rolled back.
    """
    organisation = Organisation.current()
    product = organisation.product_name
    with force_locale(person.language or organisation.language):
        subject, body = _words(purpose, product, organisation.name or product, person.name, link)
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = (
        f"{_header(product)} <no-reply@{urlsplit(current_app.config['BASE_URL']).hostname or 'localhost'}>"
    )
    mail["To"] = f"{_header(person.name)} <{person.email}>"
    mail["Date"] = format_datetime(now)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return _laid_down(mail, now)


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
            "Hello %(name)s,\n\nsomebody asked for a new password for you. Open this address "
            "within one hour and choose one:\n\n%(link)s\n\nThe address works once. If it was not "
            "you, do nothing: your password stays as it is.\n",
            name=name,
            link=link,
        )
    return subject, body


def _header(text: str) -> str:
    """Return `text` fit for the words beside an address: nothing in it can end the header or open an address."""
    return '"' + "".join(c for c in text if c.isprintable() and c not in '"\\<>') + '"'


def _laid_down(mail: EmailMessage, now: datetime) -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    draft, file = folder / f"{name}.part", folder / f"{name}.eml"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(mail.as_bytes())
    draft.rename(file)
    return file
