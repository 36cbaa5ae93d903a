"""Proving again who one is, before an act that matters. What was typed goes on with the proof, and the act follows at once."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, session, url_for
from flask_babel import gettext as _

from tracker.addresses import safe_next
from tracker.clock import now
from tracker.db import writing
from tracker.gate import SAFE, allow, me, this_sign_in
from tracker.organisation import arriving
from tracker.organisation.entering import look_again
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import Proof
from tracker.organisation.waiting import waiting_words
from tracker.policy import May
from tracker.proofs import ceremonies
from tracker.proofs.ceremonies import NotProved, place
from tracker.proofs.factors import factors_of
from tracker.proofs.forms import AgainForm
from tracker.proofs.pages import pages
from tracker.proofs.passkeys import Passkey
from tracker.proofs.proving import Wait, by_passkey, by_secret
from tracker.proofs.views_ceremonies import asked, begin, here, not_proved
from tracker.proofs.views_shared import AT_MOST, network, no_place
from tracker.typed import PROOFS, carried
from tracker.web import permit_session, render, renewed


def ask_again() -> Any:
    """Take the proof that came with this request, or ask for one; None once it holds.

    The page that asks holds everything that was typed but passwords and files, and sends it on to where it was meant for.
    """
    if request.method in SAFE:
        return redirect(url_for("proofs.again", next=request.full_path.rstrip("?")), 303)
    words, status = _proved()
    if status == 200:
        return None
    answer = _page(request.full_path.rstrip("?"), carried(), words, status)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "outerHTML"
    return answer


@pages.route("/sign-in/again", methods=["GET", "POST"])
@allow(May.keep_profile)
def again() -> Any:
    """Ask for the proof before a page that may not even be seen without it, and lead on there."""
    wanted = safe_next(request.values.get("next")) or arriving.home()
    if request.method != "POST":
        return _page(url_for("proofs.again"), [("next", wanted)], None, 200)
    words, status = _proved()
    if status == 200:
        return redirect(wanted, 303)
    return _page(
        url_for("proofs.again"), [("next", wanted)], words, 422 if status == 403 else status
    )


@pages.post("/sign-in/again/question")
@allow(May.keep_profile)
def again_question() -> Any:
    """Tell the browser what to ask the devices of the person who is signed in."""
    there = place()
    if there is None:
        return {"words": no_place()}, 409
    return ceremonies.to_sign(begin("again", now()), there, among=Passkey.of(me()))


def _proved() -> tuple[str | None, int]:
    """Look at the proof that came; return what is wrong with it, and 200 for one that holds, 403 for none."""
    secret, token = (request.form.get(name, "") for name in PROOFS)
    person = me()
    if not secret and not token:
        return None, 403
    try:
        found = (
            _by_passkey(person, token)
            if token
            else by_secret(person, secret.replace("\x00", ""), network(), now=now())
        )
    except NotProved:
        return not_proved(), 422
    if isinstance(found, Wait):
        return waiting_words(found.seconds), AT_MOST
    if not found:
        return _("That is not right. Nothing was changed."), 422
    _rise(person, Proof.second_factor if token else this_sign_in().proof)
    return None, 200


def _by_passkey(person: Person, token: str) -> bool | Wait:
    found = by_passkey(token, asked("again", now()), here(), network(), now=now())
    if isinstance(found, Wait):
        return found
    if found.person_id != person.id:
        raise NotProved
    return True


def _rise(person: Person, proof: Proof) -> None:
    """Note the proof. The session gets another key (OWASP ASVS 5, 7.2.4), and the pages that are open stay of use.

    Raises `Said` for one that ended while the proof was looked at.
    """
    with writing():
        permit_session(still=look_again(person, this_sign_in().id, now()))
        key = renewed(person, proof=proof)
    token = session.get("csrf_token")
    arriving.carry(person, key)
    if token:
        session["csrf_token"] = token


def _page(action: str, pairs: list[tuple[str, str]], words: str | None, status: int) -> Any:
    form, factors = AgainForm(formdata=None), factors_of(me())
    if words:
        form.proof_secret.errors = [words]
    return render(
        "proofs/again.html",
        status=status,
        form=form,
        action=action,
        pairs=pairs,
        app=factors.app,
        password=me().password_hash is not None,
        passkeys=factors.passkeys and place(),
    )
