"""Bringing evidence to an action, reading it, and taking it away. Every address asks for the action behind it."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.clock import now
from tracker.errors import Missing, NotNow
from tracker.exporting.sheets import download
from tracker.files.contents import ACCEPTED, NotTaken, checked
from tracker.files.forms import EvidenceForm
from tracker.files.models import Evidence
from tracker.files.pages import pages
from tracker.files.storing import store
from tracker.gate import allow, me, safe_next
from tracker.policy import May
from tracker.web import done, posting, render

SANDBOX = "default-src 'none'; sandbox"  # for whoever opens it in a browser all the same


@pages.route("/actions/<ref>/evidence", methods=["GET", "POST"])
@allow(May.add_evidence, on=Action)
def add(action: Action) -> Any:
    """Hang a file or a link on an action."""
    if action.is_over:
        raise NotNow(_("This action is over; nothing is added to it any more."))
    form, there = EvidenceForm(), page_of(action.ref, me())
    back = safe_next(request.args.get("back")) or there
    if request.method == "POST" and form.validate():
        try:
            name, body, what = _brought(form)
        except NotTaken as refused:
            form.refuse(refused.words)
        else:
            return _keep(action, name, body, what, back)
    return render(
        "files/add.html",
        status=422 if form.errors else 200,
        form=form,
        action=action,
        back=back,
        accepted=",".join(ACCEPTED),
    )


@pages.get("/files/<ref>")
@allow(May.read, on=Evidence)
def show(evidence: Evidence) -> Any:
    """Hand a file out, as something to keep and never as a page."""
    body = store().read(evidence.token) if evidence.token else None
    if body is None:
        raise Missing
    answer = download(body, evidence.name, evidence.media_type)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@pages.route("/files/<ref>/removal", methods=["GET", "POST"])
@allow(May.remove_evidence, on=Evidence)
def remove(evidence: Evidence) -> Any:
    """Ask, and take away what one brought oneself: it does not come back."""
    if request.method == "GET":
        evidence.changing_action()
        there = page_of(evidence.action_ref, me())
        return render("files/remove.html", evidence=evidence, back=there)
    with posting() as post:
        fresh = post.again(evidence)
        token, back = fresh.token, page_of(fresh.action_ref, me())
        fresh.take_away(by=me(), now=now())
        post.answer(back, _("It is taken away."))
    if token:
        store().drop(token)
    return done(post)


def _brought(form: EvidenceForm) -> tuple[str, bytes | None, dict[str, Any]]:
    """Return name, body and columns of what was brought: a file, or a link, whose body is None. Raises `NotTaken`."""
    upload = request.files.get("file")
    name = ((upload.filename if upload else "") or "").replace("\x00", "")
    if upload and name:
        if form.url.data:
            raise NotTaken(_("Bring a file or a link, one at a time."))
        body = upload.read()
        name, content = checked(name, body)
        told = {"media_type": content.media_type, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}  # fmt: skip
        return name, body, told
    if not form.url.data:
        raise NotTaken(_("Choose a file, or type a link."))
    host = urlsplit(form.url.data).hostname or ""
    return form.name.data or host[:200], None, {"url": form.url.data}


def _keep(action: Action, name: str, body: bytes | None, what: dict[str, Any], back: str) -> Any:
    token = store().keep(body) if body is not None else None
    kept = False
    try:
        with posting() as post:
            fresh = post.again(action)
            Evidence.add(fresh, by=me(), now=now(), name=name, token=token, **what)
            post.answer(back, _("It is added to the action."))
        kept = True
    finally:
        if token and not kept:  # nothing names it
            store().drop(token)
    return done(post)
