"""One's own passkeys: made, called otherwise, removed."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.gate import allow, me
from tracker.policy import May
from tracker.proofs.factors import remove_passkey
from tracker.proofs.forms import NewPasskeyForm, PasskeyNameForm
from tracker.proofs.pages import pages
from tracker.proofs.passkeys import Passkey
from tracker.proofs.views_security import security_page, show_codes
from tracker.proofs.views_shared import passkey_kept, passkey_made
from tracker.proofs.views_shared import passkey_question as question
from tracker.web import done, posting, render


@pages.post("/settings/security/passkeys/question")
@allow(May.keep_profile, fresh=True)
def new_passkey_question() -> Any:
    """Tell the browser what to ask a device in order to make a passkey for me."""
    return question(me())


@pages.post("/settings/security/passkeys")
@allow(May.keep_profile, fresh=True)
def new_passkey() -> Any:
    """Keep the passkey that a device of mine made."""
    form = NewPasskeyForm()
    made = passkey_made(me(), form)
    if made is None:
        return security_page(form, 422)
    with posting() as post:
        codes = passkey_kept(me(), form.name.data or "", made, now())
        post.answer(url_for("proofs.security"), _("The passkey is added."))
    return show_codes(codes) if codes else done(post)


@pages.route("/settings/security/passkeys/<int:key>", methods=["GET", "POST"])
@allow(May.keep_profile, on=Passkey, fresh=True)
def rename_passkey(passkey: Passkey) -> Any:
    """Call a passkey of mine otherwise."""
    form = PasskeyNameForm(obj=passkey)
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("proofs/passkey.html", status=status, form=form, passkey=passkey)
    with posting() as post:
        passkey = post.again(passkey)
        post.same_version(passkey, form, of=me())
        passkey.rename(me(), form.name.data or "", by=me(), now=now())
        post.answer(url_for("proofs.security"), _("Saved."))
    return done(post)


@pages.post("/settings/security/passkeys/<int:key>/removal")
@allow(May.keep_profile, on=Passkey, fresh=True)
def remove_own_passkey(passkey: Passkey) -> Any:
    """Forget a passkey of mine."""
    with posting() as post:
        remove_passkey(post.again(passkey), me(), now=now())
        post.answer(
            url_for("proofs.security"),
            _("The passkey is removed. It opens nothing here any longer."),
        )
    return done(post)
