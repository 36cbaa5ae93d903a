"""The first visit: the code, the organisation and its first administrator, and what to do next."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import end_reading, writing
from tracker.errors import Missing
from tracker.gate import allow, public
from tracker.organisation import passwords
from tracker.organisation.arriving import Entry, enter
from tracker.organisation.arriving_pages import door
from tracker.organisation.forms_founding import CodeForm, FoundingForm
from tracker.organisation.founding import Founded, found, is_awaited, is_code
from tracker.organisation.pages import pages
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import Way
from tracker.organisation.throttling import SET_UP
from tracker.organisation.waiting import waiting_words
from tracker.policy import May
from tracker.viewing import language
from tracker.web import render

_CODE_TYPED = "set_up"
_OPEN_FOR = 60 * 60  # seconds from the code to the end of the set-up


@pages.route("/set-up", methods=["GET", "POST"])
@public
def set_up() -> Any:
    """Ask for the code that was printed at the start. Once somebody is here there is no such address."""
    _only_while_nobody_is_here()
    form = CodeForm()
    if request.method != "POST":
        return door("organisation/set_up.html", form=form)
    if not form.validate():
        return door("organisation/set_up.html", status=422, form=form)
    wait = SET_UP.try_it("", request.remote_addr or "", now())
    if wait:
        form.code.errors = [waiting_words(wait)]
        return door("organisation/set_up.html", status=429, form=form)
    if not is_code(current_app, form.code.data or ""):
        form.code.errors = [
            _("This is not the code. It stands in what the server printed when it started.")
        ]
        return door("organisation/set_up.html", status=422, form=form)
    session.clear()
    session[_CODE_TYPED] = now().timestamp() + _OPEN_FOR
    return redirect(url_for("organisation.set_up_organisation"), 303)


@pages.route("/set-up/organisation", methods=["GET", "POST"])
@public
def set_up_organisation() -> Any:
    """Make the organisation and its first administrator, and let them in."""
    _only_while_nobody_is_here()
    if session.get(_CODE_TYPED, 0) <= now().timestamp():
        return redirect(url_for("organisation.set_up"), 303)
    form = FoundingForm(product=Organisation.current().product_name, language=language())
    if request.method != "POST" or not form.validate():
        status = 422 if request.method == "POST" else 200
        return door("organisation/set_up_organisation.html", status=status, form=form)
    end_reading()
    kept = passwords.hashed(form.password.data or "")
    try:
        with writing():
            person = found(
                name=form.name.data or "", email=form.email.data or "", password_hash=kept, now=now(),
                settings=_settings(form),
            )  # fmt: skip
    except Founded:
        raise Missing from None
    return enter(Entry(person, Way.set_up, url_for("organisation.welcome")))


@pages.get("/settings/welcome")
@allow(May.manage_settings)
def welcome() -> Any:
    """Say what to do next."""
    return render("organisation/welcome.html", organisation=Organisation.current())


set_up.while_nobody = set_up_organisation.while_nobody = True


def _settings(form: FoundingForm) -> dict[str, Any]:
    return {
        "name": form.organisation.data,
        "language": form.language.data,
        "time_zone": form.time_zone.data,
    }


def _only_while_nobody_is_here() -> None:
    if not is_awaited():
        raise Missing
