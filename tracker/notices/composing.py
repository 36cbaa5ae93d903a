"""Makes the mail of an outbox line, in its reader's language, from what they may see at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from tracker import languages
from tracker.clock import now
from tracker.db import db
from tracker.notices.lines import Line, lines_of
from tracker.notices.models import Mail, Notice, Occasion
from tracker.notices.unsubscribing import page_of
from tracker.organisation.access import AccessLink, LinkGone, open_token
from tracker.organisation.mailing import address_of, letter
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.viewing import language, reading_as, tag
from tracker.wording import ngettext

MOST = 200  # lines of one mail; the rest stands in the inbox
LONGEST_SUBJECT = 150  # characters
_QUOTED = str.maketrans(
    dict.fromkeys('()<>[]:;@\\,"', " ")
)  # RFC 5322, 3.2.3: all specials but the dot
NON_JOINER = "\u200c"


@dataclass(frozen=True)
class Composed:
    """A mail as it goes out: its headers, and its words twice, as text and as HTML."""

    subject: str
    text: str
    html: str
    message: EmailMessage


def compose(mail: Mail, *, with_read: bool = False) -> Composed | None:
    """Return the mail, or None when there is nothing to say: access ended, all of it left the reader's scope, or was read.

    `with_read` keeps what was read meanwhile: for whoever looks at the outbox, who is shown no address that is its reader's
    alone. Raises ValueError for an address that is none.
    """
    person = db.session.get(Person, mail.person_id, populate_existing=True)
    if person is None or not person.may_enter(now()):
        return None
    organisation = Organisation.current()
    if mail.link_id is not None:
        return _with_link(mail, person, organisation)
    notices = _notices(mail, with_read)
    with reading_as(person, organisation):
        told = lines_of(person, notices, each_by_itself=True, mailed=not with_read)
        lines = [line for line in told if line.text]
        return _composed(mail, person, organisation, lines[:MOST]) if lines else None


def _with_link(mail: Mail, person: Person, organisation: Organisation) -> Composed | None:
    """Return the mail that carries a link, as text alone; None when the link is over."""
    link = db.session.get(AccessLink, mail.link_id, populate_existing=True)
    try:
        token = open_token(link, now()) if link else None
    except LinkGone:
        token = None
    if link is None or token is None:
        return None
    subject, text = letter(person, link.purpose, address_of(token, link.purpose))
    message = _headed(mail, person, organisation.product_name, one_line(subject))
    message.set_content(text, cte="base64")
    return Composed(subject, text, "", message)


def _notices(mail: Mail, with_read: bool) -> Sequence[Notice]:
    carried = select(Notice).where(Notice.mail_id == mail.id)
    if not with_read:
        carried = carried.where(Notice.read_at.is_(None))
    ordered = carried.order_by(Notice.at, Notice.id).limit(MOST)
    return db.session.scalars(ordered.execution_options(populate_existing=True)).all()


def _composed(
    mail: Mail, person: Person, organisation: Organisation, lines: Sequence[Line]
) -> Composed:
    base = current_app.config["BASE_URL"].rstrip("/")
    stop = f"{base}{page_of(person, mail.occasion)}"
    subject = _subject(mail, organisation, lines)
    told = {
        "subject": subject,
        "product": organisation.product_name,
        "name": person.name,
        "lines": lines,
        "base": base,
        "stop": stop,
        "absolute": absolute,
        "digest": mail.occasion == Occasion.digest,
        "locale_tag": tag(),
        "text_direction": languages.direction(language()),
    }
    pages = current_app.jinja_env
    text = pages.get_template("notices/mail.txt").render(told)
    html = pages.get_template("notices/mail.html").render(told)
    message = _headed(mail, person, organisation.product_name, subject)
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    message["Content-Language"] = tag()
    return Composed(subject, text, html, message)


def _subject(mail: Mail, organisation: Organisation, lines: Sequence[Line]) -> str:
    if mail.occasion == Occasion.digest:
        words = ngettext(
            "%(num)s thing is new for you in %(product)s",
            "%(num)s things are new for you in %(product)s",
            len(lines),
            product=organisation.product_name,
        )
    elif len(lines) == 1:
        words = lines[0].text.rstrip(":：.。")
    else:
        words = ngettext(
            "%(num)s thing waits for you in %(product)s",
            "%(num)s things wait for you in %(product)s",
            len(lines),
            product=organisation.product_name,
        )
    return one_line(words)[:LONGEST_SUBJECT]


def one_line(text: str) -> str:
    """Return `text` fit for a header: in one line, without anything that cannot be seen but what Persian is spelt with.

    What looks like an encoded word (RFC 2047, 2) is taken apart: the library would read it, and whatever line breaks it hides.
    """
    seen = "".join(c for c in " ".join(text.split()) if c.isprintable() or c == NON_JOINER)
    return seen.replace("=?", "= ?")


def called(name: str) -> str:
    """Return `name` as it stands before an address: without what would have to be quoted, as a long one loses its quotes."""
    return " ".join(one_line(name).translate(_QUOTED).split())


def _headed(mail: Mail, person: Person, product: str, subject: str) -> EmailMessage:
    """Return a mail without words: from whom, to whom, and the number that stays the same when it is sent again."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = _address(product, f"no-reply@{host}")
    message["To"] = _address(person.name, person.email)
    message["Date"] = mail.made_at
    message["Message-ID"] = f"<{mail.ref}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address(name: str, email: str) -> Address:
    try:
        return Address(called(name), addr_spec=email)
    except (HeaderParseError, IndexError) as error:  # the library has several words for it
        raise ValueError(email) from error


def absolute(html: Markup, base: str) -> Any:
    """Return marked words whose links hold their whole address: a mail is read elsewhere."""
    return Markup(str(html).replace('href="/', f'href="{base}/'))  # noqa: S704 - only links change
