"""What those who ask do: request the next gate, say it otherwise, put it to the sponsor, take it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from tracker.approvals.forms import RequestForm
from tracker.approvals.models import Approval
from tracker.approvals.pages import pages
from tracker.approvals.queries import last_of
from tracker.approvals.showing import in_the_way, readiness_of, seen_of
from tracker.approvals.states import State, Verb
from tracker.clock import now
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.initiatives.act_pages import page_of, stage_in_form
from tracker.initiatives.acting import acts_on
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward
from tracker.initiatives.queries import initiative_facts, taking_part
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.calendars import EveryCalendar
from tracker.paging import here
from tracker.policy import May, may
from tracker.web import done, posting
from tracker.wording import today

USUAL_DAYS = 5  # working days that a sponsor usually has
KEPT = ("question", "cost", "cost_words", "gain", "waiting", "risk")


@pages.get("/initiatives/<ref>/stage")
@allow(May.read_internal, on=Initiative)
def stage(initiative: Initiative) -> Any:
    """Lead to the request that is open; show those who may ask the form, and everybody else who asks and who decides.

    `?to=` is the stage a card was dropped on.
    """
    team = taking_part(initiative)
    acts = acts_on(initiative, me())
    wanted = request.args.get("to")
    if wanted in {None, "", initiative.next_stage}:
        there = Approval.open_of(initiative.id)
        if there is not None:
            if there.state != State.draft or not may(me(), May.edit_request, there):
                return redirect(_page(there))
            return redirect(url_for("approvals.edit", key=there.id, back=request.args.get("back")))
        from_before = initiative.asked_stage is not None and may(me(), May.ask_stage, initiative)
        if acts.ask or from_before:
            return _form(initiative, _prefilled(initiative))
    wanted = wanted if wanted in set(Stage) else None
    askers = [one.name for one in team.people if one.id in initiative.working_member_ids]
    return page_of("approvals/stage.html", initiative, None, acts=acts, wanted=wanted, askers=askers)  # fmt: skip


@pages.post("/initiatives/<ref>/stage/request")
@allow(May.ask_stage, on=Initiative)
def ask(initiative: Initiative) -> Any:
    """Draft a request for the next gate, and put it to the sponsor at once unless it is to be kept."""
    form, wanted = RequestForm(), stage_in_form()
    if not form.validate() or not (_keeps() or form.whole()):
        return _form(initiative, form)
    with posting() as post:
        initiative = post.again(initiative)
        approval = Approval.draft(initiative, wanted, by=post.person, now=now(), **form.says)
        if _keeps():
            post.answer(_page(approval), _("The draft is kept."))
        else:
            approval.submit(by=post.person, now=now())
            post.answer(onward(initiative), _put(approval))
    return done(post)


@pages.route("/approvals/<int:key>/edit", methods=["GET", "POST"])
@allow(May.edit_request, on=Approval)
def edit(approval: Approval) -> Any:
    """Say it otherwise. What the sponsor has already is put to them anew with it."""
    form = RequestForm(obj=approval)
    if request.method != "POST" and approval.decide_by and approval.decide_by < today():
        form.decide_by.data = _usual_day()  # the day that passed would only be refused
    if request.method != "POST" or not form.validate() or not (_saves(approval) or form.whole()):
        approval.check(Verb.change)
        taking_part(approval.initiative)
        return _form(approval.initiative, form, approval)
    with posting() as post:
        approval = post.again(approval)
        post.same_version(approval, form)
        approval.change(form.says, by=post.person, now=now())
        if _saves(approval):
            post.answer(_page(approval), _("Your changes are saved."))
        else:
            approval.submit(by=post.person, now=now())
            post.answer(_page(approval), _put(approval))
    return done(post)


@pages.post("/approvals/<int:key>/withdrawal")
@allow(May.edit_request, on=Approval)
def withdrawal(approval: Approval) -> Any:
    """Take it back."""
    with posting() as post:
        approval = post.again(approval)
        words = _("The request is another one by now. Look at it again.")
        post.still([*seen_of(approval), approval.state], words)
        approval.withdraw(by=post.person, now=now())
        post.answer(_page(approval), _("The request is withdrawn."))
    return done(post)


def _keeps() -> bool:
    """Tell whether what was typed is only to be kept."""
    return request.form.get("then") == "keep"


def _saves(approval: Approval) -> bool:
    """Tell whether the same is meant of a request that only its authors know."""
    return _keeps() and approval.state == State.draft


def _put(approval: Approval) -> str:
    return _(
        "%(ref)s: the sponsor was asked to open %(stage)s.",
        ref=approval.initiative.ref, stage=stage_name(approval.opens),
    )  # fmt: skip


def _page(approval: Approval) -> str:
    return url_for("approvals.show", key=approval.id)


def _prefilled(initiative: Initiative) -> RequestForm:
    """Return the form as it may begin: as the last request that was withdrawn, or with the usual question and day."""
    before = last_of(initiative.id, initiative.next_stage)
    said = {key: getattr(before, key) for key in KEPT} if before is not None else {}
    usual = _("Open %(stage)s?", stage=stage_name(initiative.next_stage or ""))
    return RequestForm(formdata=None, data={"question": usual, "decide_by": _usual_day(), **said})


def _usual_day() -> date:
    return EveryCalendar([None]).of(None).add(today(), USUAL_DAYS)


def _form(initiative: Initiative, form: RequestForm, approval: Approval | None = None) -> Any:
    stage = approval.opens if approval is not None else initiative.next_stage
    if stage is None:
        raise NotNow(
            _("%(ref)s has ended; nothing is asked about it any more.", ref=initiative.ref)
        )
    gate, checks = readiness_of(initiative, stage, now())
    action = url_for("approvals.ask", ref=initiative.ref, back=request.args.get("back"))
    barred = in_the_way(initiative, now()) if initiative.asked_stage is None else ""
    return page_of(
        "approvals/request.html", initiative, form, approval=approval, to=stage, gate=gate, checks=checks, barred=barred,
        action=action if approval is None else here(), sponsor=initiative_facts(initiative).sponsor,
    )  # fmt: skip
