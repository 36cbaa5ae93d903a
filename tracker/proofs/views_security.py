"""One's own page about signing in: the app, the passkeys, the recovery codes."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.organisation.settings import Organisation
from tracker.policy import May
from tracker.proofs import recovery
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.ceremonies import place
from tracker.proofs.factors import factors_of, is_required, remove_app
from tracker.proofs.forms import AppForm, NewPasskeyForm
from tracker.proofs.pages import pages
from tracker.proofs.passkeys import Passkey
from tracker.proofs.setting_up import Offer
from tracker.proofs.views_shared import app_kept, app_proved, app_shown
from tracker.web import done, posting, render


@pages.get("/settings/security")
@allow(May.keep_profile)
def security() -> Any:
    """Show what I can prove myself by."""
    return security_page(NewPasskeyForm(formdata=None))


def security_page(passkey_form: NewPasskeyForm, status: int = 200) -> Any:
    """Return the page, with what is wrong with a new passkey."""
    person = me()
    return render(
        "proofs/security.html",
        status=status,
        app=AuthenticatorApp.of(person),
        keys_=Passkey.of(person),
        factors=factors_of(person),
        required=is_required(person, Organisation.current()),
        passkeys=place(),
        passkey_form=passkey_form,
    )


@pages.route("/settings/security/app", methods=["GET", "POST"])
@allow(May.keep_profile, fresh=True)
def app() -> Any:
    """Offer a secret to an app, and take its first code."""
    person, form = me(), AppForm()
    if not form.is_submitted():
        if AuthenticatorApp.of(person):
            return redirect(url_for("proofs.security"), 303)
        return _app_page(200, form)
    offer, counter, status = app_proved(person, form)
    if offer is None or counter is None:
        return _app_page(status, form, offer)
    with posting() as post:
        codes = app_kept(me(), offer, counter)
        post.answer(url_for("proofs.security"), _("Your app is set up."))
    return show_codes(codes) if codes else done(post)


def _app_page(status: int, form: AppForm, offer: Offer | None = None) -> Any:
    return render("proofs/app.html", status=status, **app_shown(me(), form, offer))


@pages.post("/settings/security/app/removal")
@allow(May.keep_profile, fresh=True)
def app_removal() -> Any:
    """Forget my app."""
    with posting() as post:
        remove_app(me(), now=now())
        post.answer(url_for("proofs.security"), _("The app is removed. Its codes count no longer."))
    return done(post)


@pages.post("/settings/security/recovery-codes")
@allow(May.keep_profile, fresh=True)
def recovery_codes() -> Any:
    """Make ten new recovery codes and show them, this once."""
    with posting() as post:
        person = me()
        if not factors_of(person).any:
            raise NotNow(_("Recovery codes stand in for a second factor. Set one up first."))
        codes = recovery.make_new(person, by=person, now=now())
        post.answer(
            url_for("proofs.security"),
            _("New recovery codes were made. If you did not see them, make new ones again."),
        )
    return show_codes(codes)


def show_codes(codes: list[str]) -> Any:
    """Return the page that shows recovery codes; they are nowhere kept, so it is the only time."""
    return render("proofs/codes.html", codes=codes, onward=url_for("proofs.security"))
