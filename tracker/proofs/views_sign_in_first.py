"""Whoever needs a second factor and has none sets one up on the way in: there is no session before it stands."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.gate import public
from tracker.organisation import arriving
from tracker.organisation.arriving import Entry
from tracker.organisation.arriving_pages import door
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import Proof
from tracker.proofs.ceremonies import place
from tracker.proofs.factors import factors_of, is_required
from tracker.proofs.forms import AppForm, NewPasskeyForm
from tracker.proofs.pages import pages
from tracker.proofs.setting_up import Offer
from tracker.proofs.views_shared import (
    app_kept,
    app_proved,
    app_shown,
    passkey_kept,
    passkey_made,
    passkey_question,
)
from tracker.web import render


def _entry() -> Entry | None:
    """Return who is being led here; nobody who has a factor already, since a password is not enough to add another."""
    entry = arriving.held(now=now())
    return None if entry is None or factors_of(entry.person).any else entry


@pages.route("/sign-in/second-factor", methods=["GET", "POST"])
@public
def first() -> Any:
    """Offer an app and a passkey, and take the first code of the app."""
    entry = _entry()
    if entry is None:
        return redirect(url_for("organisation.sign_in"), 303)
    form = AppForm()
    if not form.is_submitted():
        arriving.hold_on(now=now())  # an app may have to be installed
        return _page(entry, form=form)
    offer, counter, status = app_proved(entry.person, form)
    if offer is None or counter is None:
        return _page(entry, status, form=form, offer=offer)
    with writing():
        codes = app_kept(_again(entry), offer, counter)
    return _in(entry, codes)


@pages.post("/sign-in/second-factor/passkey/question")
@public
def first_passkey_question() -> Any:
    """Tell the browser what to ask a device in order to make a passkey."""
    entry = _entry()
    if entry is None:
        return {"words": _("This page was open for too long. Sign in again.")}, 409
    return passkey_question(entry.person)


@pages.post("/sign-in/second-factor/passkey")
@public
def first_passkey() -> Any:
    """Take the passkey that a device made."""
    entry = _entry()
    if entry is None:
        return redirect(url_for("organisation.sign_in"), 303)
    form = NewPasskeyForm()
    made = passkey_made(entry.person, form)
    if made is None:
        return _page(entry, 422, passkey_form=form)
    with writing():
        codes = passkey_kept(_again(entry), form.name.data or "", made, now())
    return _in(entry, codes)


def _again(entry: Entry) -> Person:
    """Return the person locked: of two that set up a first factor at once, the second is refused. Raises `NotNow`."""
    id_, epoch = entry.person.id, entry.person.epoch
    person = db.session.get(Person, id_, populate_existing=True, with_for_update=True)
    out = person is None or not person.may_enter(now())
    if person is None or out or person.epoch != epoch or factors_of(person).any:
        raise NotNow(_("Meanwhile something changed about this account. Sign in again."))
    return person


def _in(entry: Entry, codes: list[str]) -> Any:
    arriving.let_in(entry.person, entry.way, Proof.second_factor)
    return render("proofs/codes.html", codes=codes, onward=entry.wanted or arriving.home())


def _page(
    entry: Entry,
    status: int = 200,
    *,
    form: AppForm | None = None,
    passkey_form: NewPasskeyForm | None = None,
    offer: Offer | None = None,
) -> Any:
    shown = app_shown(entry.person, form or AppForm(formdata=None), offer)
    return door(
        "proofs/first.html",
        status=status,
        passkey_form=passkey_form or NewPasskeyForm(formdata=None),
        passkeys=place(),
        by_role=is_required(entry.person, Organisation.current()),
        is_contact=not entry.person.is_internal,
        **shown,
    )
