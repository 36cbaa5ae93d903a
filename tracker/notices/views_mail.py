"""/settings/mail: what went out, to whom, what waits, and what could not be sent."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.gate import allow
from tracker.notices.composing import Composed, compose
from tracker.notices.models import Mail, MailState, Occasion
from tracker.notices.outbox import send_again
from tracker.notices.pages import pages
from tracker.notices.reasons import in_words
from tracker.notices.words import mail_state_name, occasion_name
from tracker.organisation.people import Person
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.web import done, posting, render

PER_PAGE = 50


@pages.get("/settings/mail")
@allow(May.manage_settings)
def mails() -> Any:
    """Show the outbox, the newest first; those of one state where the address names it."""
    page, state = asked_page(), _asked_state()
    where = [Mail.state == state] if state else []
    total = db.session.scalar(select(func.count(Mail.id)).where(*where)) or 0
    rows = db.session.execute(
        select(
            *(Mail.ref, Mail.occasion, Mail.state, Mail.made_at, Mail.ended_at),
            *(Mail.tries, Mail.error, Person.name, Person.email),
        )
        .join(Person, Person.id == Mail.person_id)
        .where(*where)
        .order_by(Mail.id.desc())
        .limit(PER_PAGE)
        .offset(offset(page, PER_PAGE))
    ).all()
    return render(
        "notices/mails.html",
        page=Page(rows, page, PER_PAGE, total),
        by_smtp=bool(current_app.config.get("SMTP_URL")),
        state=state,
        states=[(one.value, mail_state_name(one)) for one in MailState],
        state_name=mail_state_name,
        occasion_name=occasion_name,
        why=in_words,
    )


@pages.get("/settings/mail/<ref>")
@allow(May.manage_settings, on=Mail)
def mail(mail: Mail) -> Any:
    """Show one mail: what became of it, and its words as text and as they look."""
    person = db.session.get_one(Person, mail.person_id)
    return render(
        "notices/mail_page.html",
        mail=mail,
        person=person,
        composed=_composed(mail),
        state=mail_state_name(mail.state),
        occasion=occasion_name(mail.occasion),
        why=in_words(mail.error),
    )


@pages.get("/settings/mail/<ref>/html")
@allow(May.manage_settings, on=Mail)
def mail_html(mail: Mail) -> Response:
    """Give the HTML of a mail as its reader's program shows it: nothing in it runs, and nothing is fetched."""
    composed = _composed(mail)
    if composed is None:
        raise Missing
    answer = make_response(composed.html)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_hash_of_style(composed.html)}'; sandbox; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@pages.post("/settings/mail/<ref>/retry")
@allow(May.manage_settings, on=Mail)
def mail_retry(mail: Mail) -> Any:
    """Try a mail again that could not be sent."""
    with posting() as post:
        mail = post.again(mail)
        if mail.state != MailState.dead:
            raise NotNow(_("This mail is not given up, so there is nothing to try again."))
        send_again(mail, now=now())
        post.answer(url_for(".mail", ref=mail.ref), _("It is tried again."))
    return done(post)


def _composed(mail: Mail) -> Composed | None:
    """Return what a mail says. One with a link is shown to nobody: whoever reads it could become somebody else."""
    if mail.occasion == Occasion.link:
        return None
    try:
        return compose(mail, with_read=True)
    except ValueError:
        return None


def _hash_of_style(html: str) -> str:
    style = html.partition("<style>")[2].partition("</style>")[0]
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _asked_state() -> MailState | None:
    asked = request.args.get("state", "")
    return next((one for one in MailState if one.value == asked), None)
