"""/unsubscribe: stops mails by the address that stands in them. A GET only asks."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from sqlalchemy import select

from tracker.db import db, writing
from tracker.gate import public
from tracker.notices.pages import pages
from tracker.notices.unsubscribing import found, is_stopped, stop
from tracker.organisation.people import Person
from tracker.web import render


@pages.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> Any:
    """Ask whether to stop, or stop: the page posts here, and so does a mail program (RFC 8058). 404 for what was not signed here."""
    person, occasion = found(token)
    if request.method == "POST":
        with writing():
            locked = select(Person).where(Person.id == person.id).with_for_update()
            person = db.session.scalars(locked.execution_options(populate_existing=True)).one()
            stop(person, occasion)
    g.viewer = person
    return render(
        "notices/unsubscribe.html",
        occasion=occasion,
        stopped=is_stopped(person, occasion),
        profile=url_for("organisation.profile"),
        token=token,
    )


# Whoever has the signed address may stop the mail: a mail program has no session and no token of a form.
unsubscribe.no_csrf = True
