"""Coming in and going out: sign-in, links that set a password, the language of the pages before that."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from sqlalchemy import update

from tracker import clockwork
from tracker.clock import now
from tracker.db import db, end_reading, writing
from tracker.gate import public, safe_next
from tracker.languages import NAMES, html_lang
from tracker.organisation import passwords
from tracker.organisation.access import LinkGone, Purpose, holder, redeem
from tracker.organisation.arriving import Entry, enter, home, leave
from tracker.organisation.arriving_pages import door
from tracker.organisation.asking import ask
from tracker.organisation.choosing import shortest_for
from tracker.organisation.forms_access import NewPasswordForm, ResetForm, SignInForm
from tracker.organisation.knowing import known_for
from tracker.organisation.pages import pages
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import Way
from tracker.organisation.throttling import LINK, RESET, SIGN_IN
from tracker.organisation.waiting import TooOften, waiting_words

YEAR = 365 * 24 * 60 * 60  # seconds
WAYS = {Purpose.invite: Way.invitation, Purpose.reset: Way.reset}


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Show the form, or let in who types a matching e-mail and password."""
    wanted = safe_next(request.values.get("next"))
    if current_user.is_authenticated and request.method != "POST":
        return redirect(wanted or home(), 303)
    form = SignInForm()
    form.next.data = wanted or ""
    if request.method != "POST":
        return door("organisation/sign_in.html", form=form)
    if not form.validate():
        return door("organisation/sign_in.html", status=422, form=form)
    account, address = form.email.data or "", request.remote_addr or ""
    known = known_for(account)
    wait = SIGN_IN.try_it(account, address, now(), known=known)
    if wait:
        return too_often("organisation/sign_in.html", wait, form)
    person = Person.by_email(account)
    end_reading()
    there = person if person is not None and person.may_enter(now()) else None
    if (
        not passwords.matches(there.password_hash if there else None, form.password.data or "")
        or there is None
    ):
        form.email.errors = [_("E-mail or password is not right.")]
        return door("organisation/sign_in.html", status=422, form=form)
    SIGN_IN.forgive(account, address, now(), known=known)
    _hash_anew(there, form.password.data or "")
    short = passwords.is_short(form.password.data or "")
    return enter(Entry(there, Way.password, wanted, short))


@pages.route("/sign-out", methods=["POST"])
@public
def sign_out() -> Any:
    """End this session: its row goes, so that a copy of the cookie is worth nothing."""
    with writing():
        leave()
    logout_user()
    session.clear()
    return redirect(url_for("organisation.sign_in"), 303)


@pages.route("/language/<tag>")
@public
def language(tag: str) -> Any:
    """Keep the language of the pages that nobody is signed in on."""
    answer = redirect(safe_next(request.args.get("next")) or url_for("organisation.sign_in"), 303)
    chosen = next((name for name in NAMES if html_lang(name) == tag), None)
    if chosen:
        answer.set_cookie(
            "language",
            chosen,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=current_app.config.get("SESSION_COOKIE_SECURE", False),
        )
    return answer


language.while_nobody = True


@pages.route("/invitations/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Any:
    """Choose the first password."""
    return _choose(token, Purpose.invite)


@pages.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Any:
    """Choose another password, by a link from a mail."""
    return _choose(token, Purpose.reset)


@pages.route("/reset", methods=["GET", "POST"])
@public
def ask_reset() -> Any:
    """Ask for such a link. Neither the answer nor the work for it tells whether there is an account."""
    form = ResetForm()
    if request.method != "POST":
        return door("organisation/reset.html", form=form)
    if not form.validate():
        return door("organisation/reset.html", status=422, form=form)
    account = form.email.data or ""
    wait = RESET.try_it(account, request.remote_addr or "", now())
    if wait:
        return too_often("organisation/reset.html", wait, form)
    ask(account, now=now())
    clockwork.call()
    return door("organisation/reset_asked.html")


def _choose(token: str, purpose: Purpose) -> Any:
    address = request.remote_addr or ""
    if wait := LINK.is_closed(address, now()):
        raise TooOften(waiting_words(wait))
    try:
        person, _link = holder(token, purpose, now())
        form = NewPasswordForm(names=names_around(person), shortest=shortest_for(person))
        if request.method != "POST" or not form.validate():
            status = 422 if request.method == "POST" else 200
            return door(
                "organisation/choose_password.html",
                status=status,
                form=form,
                person=person,
                purpose=purpose,
            )
        end_reading()
        kept = passwords.hashed(form.password.data or "")
        with writing():
            person = redeem(token, purpose, kept, now=now())
    except LinkGone:
        LINK.try_it("", address, now())
        return door("organisation/link_gone.html", status=410, purpose=purpose)
    return enter(Entry(person, WAYS[purpose], short=passwords.is_short(form.password.data or "")))


def _hash_anew(person: Person, password: str) -> None:
    """Keep the password under today's parameters if it was hashed under older ones; sessions stay."""
    if not passwords.outdated(person.password_hash or ""):
        return
    seen, kept = person.password_hash, passwords.hashed(password)
    with writing():
        same = (Person.id == person.id) & (Person.password_hash == seen)
        db.session.execute(update(Person).where(same).values(password_hash=kept))


def names_around(person: Person) -> tuple[str, ...]:
    """Return the words that a password of `person` must not be made of."""
    organisation = Organisation.current()
    return (person.name, *person.email.split("@"), organisation.product_name, organisation.name)


def too_often(page: str, wait: int, form: Any) -> Any:
    """Answer 429: how long to wait, beside the form that was sent."""
    form.email.errors = [waiting_words(wait)]
    return door(page, status=429, form=form)
