"""The second step of signing in: a code, or a passkey, which is the first step as well."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from tracker.addresses import safe_next
from tracker.clock import now
from tracker.db import db, end_reading
from tracker.gate import public
from tracker.organisation import arriving
from tracker.organisation.arriving import Entry
from tracker.organisation.arriving_pages import door
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import Proof, Way
from tracker.organisation.waiting import waiting_words
from tracker.proofs import ceremonies
from tracker.proofs.ceremonies import NotProved, place
from tracker.proofs.factors import factors_of, is_required
from tracker.proofs.forms import CodeForm, PasskeyForm
from tracker.proofs.pages import pages
from tracker.proofs.proving import Wait, by_code, by_passkey
from tracker.proofs.recovery import left
from tracker.proofs.views_ceremonies import asked, begin, here, needs_script, not_proved
from tracker.proofs.views_shared import AT_MOST, network, no_place
from tracker.web import render
from tracker.wording import ngettext


@pages.app_context_processor
def offered() -> dict[str, Any]:
    """Let the sign-in page ask whether there can be passkeys."""
    return {"passkeys_here": place}


def ask_more(entry: Entry) -> Any:
    """Ask for the second factor of somebody whose first one holds, or lead them to set one up; None lets them pass.

    One has to be set up where the settings say so, and where the password is too short to be alone: it was chosen beside
    a second factor that is gone.
    """
    if entry.way == Way.passkey:
        return None
    has = factors_of(entry.person).any
    if not (has or entry.short or is_required(entry.person, Organisation.current())):
        return None
    arriving.hold(entry, now=now())
    return redirect(url_for("proofs.code" if has else "proofs.first"), 303)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> Any:
    """Ask for a code of somebody who typed the right password; let them in with it."""
    entry = arriving.held(now=now())
    if entry is None or not factors_of(entry.person).any:
        return redirect(url_for("organisation.sign_in"), 303)
    form = CodeForm()
    if not form.is_submitted() or not form.validate():
        return _ask(entry, form, 422 if form.is_submitted() else 200)
    person = entry.person
    found = by_code(person, form.code.data or "", network(), now=now())
    if isinstance(found, Wait):
        form.code.errors = [waiting_words(found.seconds)]
        return _ask(entry, form, AT_MOST)
    if found is None:
        form.code.errors = [_("This code is not right, or it was used before.")]
        return _ask(entry, form, 422)
    arriving.let_in(person, entry.way, Proof.second_factor)
    if found == "recovery":
        flash(_codes_left(left(person)))
    return arriving.onward(entry)


def _ask(entry: Entry, form: CodeForm, status: int) -> Any:
    return door(
        "proofs/code.html",
        status=status,
        form=form,
        factors=factors_of(entry.person),
        wanted=entry.wanted or "",
        passkeys=place(),
    )


def _codes_left(count: int) -> str:
    return ngettext(
        "That recovery code is used up. %(num)s is left: make new ones on your page about signing in.",
        "That recovery code is used up. %(num)s are left.",
        count,
    )


@pages.post("/sign-in/passkey/question")
@public
def passkey_question() -> Any:
    """Tell the browser what to ask a device of somebody who has not said who they are."""
    here_now = place()
    if here_now is None:
        return {"words": no_place()}, 409
    return ceremonies.to_sign(begin("sign-in", now()), here_now)


@pages.post("/sign-in/passkey")
@public
def passkey() -> Any:
    """Let in whoever signed with a passkey of theirs. All that can be wrong is said in the same words."""
    form = PasskeyForm()
    wanted = safe_next(form.next.data)
    if not form.validate() or not form.proof_token.data:
        return _refused(needs_script(), 422)
    try:
        found = by_passkey(
            form.proof_token.data, asked("sign-in", now()), here(), network(), now=now()
        )
        if isinstance(found, Wait):
            return _refused(waiting_words(found.seconds), AT_MOST)
        person = db.session.get(Person, found.person_id)
    except NotProved:
        return _refused(not_proved(), 422)
    if person is None or not person.may_enter(now()):
        return _refused(not_proved(), 422)
    end_reading()
    arriving.let_in(person, Way.passkey, Proof.second_factor)
    return arriving.onward(Entry(person, Way.passkey, wanted))


def _refused(words: str, status: int) -> Any:
    return render("proofs/refused.html", status=status, words=words)
