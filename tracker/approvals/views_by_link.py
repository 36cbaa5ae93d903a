"""/approve/<token>: the address in the mail to whoever decides. A GET and a HEAD only show, and use nothing up (rule 18).

Signed in as the person it names, it leads to the request. A one-time link is asked nothing more: it shows the one screen to
whoever holds it, and decides by a POST. It makes no session, and opens no other page.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from tracker.approvals.forms import NotYetForm
from tracker.approvals.links import ApprovalLink, form_key, link_of, read
from tracker.approvals.models import Approval
from tracker.approvals.pages import pages
from tracker.approvals.rules import Rules
from tracker.approvals.showing import case_of, in_the_way, seen_of
from tracker.approvals.states import Decision, State, decision_name
from tracker.clock import now
from tracker.db import db, writing
from tracker.errors import Missing, NotNow
from tracker.forms import Form
from tracker.gate import me, public
from tracker.initiatives.act_pages import told_by
from tracker.initiatives.stages import stage_name
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.throttling import LINK
from tracker.organisation.waiting import TooOften, waiting_words
from tracker.policy import May, may
from tracker.web import render


class Over(Exception):
    """This link decides nothing any more, and why (410)."""


@dataclass(frozen=True)
class Held:
    """What a one-time link holds: whose it is and the request."""

    link: ApprovalLink
    person: Person
    approval: Approval

    @property
    def key(self) -> str:
        """What a form of it carries."""
        return form_key(self.link, seen_of(self.approval))


@pages.route("/approve/<token>", methods=["GET", "POST"])
@public
def by_mail(token: str) -> Any:
    """Lead to the request, or show it and take the approval where this is a one-time link."""
    return _elsewhere(token) or _answer(token, Form(), "approvals/link/show.html")


@pages.route("/approve/<token>/not-yet", methods=["GET", "POST"])
@public
def not_yet_by_mail(token: str) -> Any:
    """Send it back or put the work on hold, by a one-time link. Stopping cannot be taken back, and asks for a sign-in."""
    return _elsewhere(token) or _answer(token, NotYetForm(), "approvals/link/not_yet.html")


# No session stands behind these forms: they carry a key that belongs to the link, and the link is in the address.
by_mail.no_csrf = True
not_yet_by_mail.no_csrf = True


def _elsewhere(token: str) -> Any:
    """Return the answer to everybody but whoever holds a one-time link and is not signed in; None for those.

    Raises `Missing` for what was not signed here, and counts it as a try.
    """
    address = request.remote_addr or ""
    if wait := LINK.is_closed(address, now()):
        raise TooOften(waiting_words(wait))
    try:
        approval_id, person_id = read(token)
    except Missing:
        LINK.try_it("", address, now())
        raise
    page = url_for(".show", key=approval_id)
    if current_user.is_authenticated:
        if me().id == person_id:
            return redirect(page, 303)
        return render("approvals/link/another.html", status=403)
    if link_of(token) is None:
        here = url_for(".by_mail", token=token)
        return redirect(url_for("organisation.sign_in", next=here), 303)
    return None


def _answer(token: str, form: Any, page: str) -> Any:
    """Show the screen, or decide; then show what was decided."""
    words = ""
    try:
        if request.method == "POST":
            words = _decided(token, form)
            if not words and not form.errors:
                return redirect(url_for(".by_mail", token=token), 303)
        held = _held(token)
    except Over as over:
        return render("approvals/link/over.html", status=410, words=str(over.args[0]))
    if held.link.used_at is not None:
        return render("approvals/link/used.html", **_context(held))
    _offer(form, held.approval)
    status = 409 if words else 422 if form.errors else 200
    return render(page, status=status, form=form, words=words, token=token, **_context(held))


def _decided(token: str, form: Any) -> str:
    """Decide by the link, once; a link that was used already has decided. Return what keeps it from deciding, or nothing.

    Raises `Over`.
    """
    held = _held(token)
    _offer(form, held.approval)
    if held.link.used_at is not None or not form.validate():
        return ""
    try:
        with writing():
            _decide(_held(token, locked=True), form)
    except NotNow as refusal:
        db.session.expire_all()
        return str(refusal.words)
    return ""


def _decide(held: Held, form: Any) -> None:
    """Make the decision and use the link up, all in one. Raises `NotNow` for a form of another link or another text."""
    if held.link.used_at is not None:
        return
    if not hmac.compare_digest(
        request.form.get("link_key", "").encode("utf-8", "replace"), held.key.encode()
    ):
        raise NotNow(_("This form has grown old. Read the request as it stands, and decide then."))
    chosen = form.values.get("decision")
    decision = Decision(chosen) if chosen else Decision.approved
    told = told_by(held.approval.initiative, held.person, form)
    held.link.use(held.approval, decision, by=held.person, now=told["now"])
    held.approval.decide(decision, **told)


def _held(token: str, *, locked: bool = False) -> Held:
    """Return what a one-time link holds, used or open. Raises `Over` for one that may not decide any more."""
    approval_id, person_id = read(token)
    of_person = select(Person).where(Person.id == person_id).execution_options(populate_existing=True)  # fmt: skip
    of_person = of_person.with_for_update(read=True, of=Person) if locked else of_person
    person = db.session.scalars(of_person).one_or_none()
    if person is None or not person.may_enter(now()):
        raise Over(_("The access of whoever this was for has ended."))
    g.viewer = person
    approval = Approval.find(person, approval_id)
    if locked:
        approval = approval.again(person)
    link = link_of(token, locked=locked)
    if link is None:
        raise Over(_("It is no longer there."))
    if link.used_at is None and (why := _over(link, approval, person)):
        raise Over(why)
    return Held(link, person, approval)


def _over(link: ApprovalLink, approval: Approval, person: Person) -> str:
    """Return why an unused link decides nothing any more, in words; nothing while it does."""
    if approval.state == State.withdrawn:
        return _("The request was withdrawn.")
    if approval.state in (State.decided, State.agreed):
        return _("The request was decided in another way.")
    if approval.state != State.submitted or link.made_at != approval.asked_at:
        return _("The request was sent back or put anew since. A newer mail has its own link.")
    if link.expires_at <= now():
        return _("It has expired.")
    if not may(person, May.decide_approval, approval):
        return _("The decision is no longer yours.")
    if not Rules.of(Organisation.current()).links:
        return _("One-time links were switched off since.")
    if approval.link_hours is None or not Rules.of(Organisation.current()).allows_link(approval.cost):  # fmt: skip
        return _("The amount is above what a one-time link may decide.")
    return ""


def _offer(form: Any, approval: Approval) -> None:
    if isinstance(form, NotYetForm):
        form.offer(
            held=approval.initiative.held_at is not None, stops=False
        )  # that asks for a sign-in


def _context(held: Held) -> dict[str, Any]:
    moment, approval = now(), held.approval
    open_ = held.link.used_at is None
    return {
        "approval": approval, "initiative": approval.initiative, "link": held.link, "link_key": held.key, "person": held.person,
        "case": case_of(approval, moment), "changed": approval.changed(moment) if open_ else [],
        "barred": in_the_way(approval.initiative, moment) if open_ else "", "decision_name": decision_name, "stage_name": stage_name,
    }  # fmt: skip
