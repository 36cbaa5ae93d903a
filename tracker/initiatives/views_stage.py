"""How an initiative goes forward: the sponsor decides in words, others ask."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.initiatives.act_pages import (
    Act,
    act_page,
    page_of,
    same_request,
    stage_in_form,
    told_by,
)
from tracker.initiatives.acting import acts_on
from tracker.initiatives.forms import WordsForm
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward, pages
from tracker.initiatives.queries import taking_part
from tracker.initiatives.stages import Stage, stage_name
from tracker.policy import May
from tracker.web import done, posting
from tracker.wording import lazy as _l


@pages.get("/initiatives/<ref>/stage")
@allow(May.read_internal, on=Initiative)
def stage(initiative: Initiative) -> Any:
    """Show the sponsor the decision on the next stage, others how to ask for it, and everybody else who decides.

    `?to=` is the stage a card was dropped on.
    """
    taking_part(initiative)
    acts = acts_on(initiative, me())
    wanted = request.args.get("to")
    if wanted in {None, "", initiative.next_stage}:
        if acts.decide:
            return _decision(initiative)
        if acts.ask:
            return _request(initiative)
    wanted = wanted if wanted in set(Stage) else None
    return page_of("initiatives/stage.html", initiative, None, acts=acts, wanted=wanted)


@pages.post("/initiatives/<ref>/stage/decision")
@allow(May.decide_stage, on=Initiative)
def decide(initiative: Initiative) -> Any:
    """Decide that a stage opens. The form says which: a second decision meanwhile finds that it moved."""
    form = WordsForm()
    wanted = stage_in_form()
    if not form.validate():
        return _decision(initiative, form)
    with posting() as post:
        initiative = post.again(initiative)
        same_request(post, initiative)
        initiative.open_stage(wanted, **told_by(initiative, post.person, form))
        name = stage_name(wanted)
        words = _("%(ref)s: %(stage)s is open.", ref=initiative.ref, stage=name)
        post.answer(onward(initiative), words)
    return done(post)


@pages.post("/initiatives/<ref>/stage/request")
@allow(May.ask_stage, on=Initiative)
def ask(initiative: Initiative) -> Any:
    """Ask the sponsor to open the next stage."""
    form = WordsForm()
    wanted = stage_in_form()
    if not form.validate():
        return _request(initiative, form)
    with posting() as post:
        initiative = post.again(initiative)
        _need(wanted == initiative.next_stage, initiative)
        initiative.ask_stage(by=post.person, now=now(), words=str(form.words.data))
        words = _(
            "%(ref)s: the sponsor was asked to open %(stage)s.",
            ref=initiative.ref,
            stage=stage_name(wanted),
        )
        post.answer(onward(initiative), words)
    return done(post)


@pages.post("/initiatives/<ref>/stage/request/withdrawal")
@allow(May.withdraw_ask, on=Initiative)
def withdraw_ask(initiative: Initiative) -> Any:
    """Take the request back."""
    with posting() as post:
        initiative = post.again(initiative)
        same_request(post, initiative)
        initiative.withdraw_ask(by=post.person, now=now())
        words = _("%(ref)s: the request is withdrawn.", ref=initiative.ref)
        post.answer(onward(initiative), words)
    return done(post)


@pages.route("/initiatives/<ref>/stage/refusal", methods=["GET", "POST"])
@allow(May.decide_stage, on=Initiative)
def decline_ask(initiative: Initiative) -> Any:
    """Say "not yet" to a request, with the reason."""
    asked = initiative.asked_stage
    name = stage_name(asked) if asked else ""
    act = Act(
        verb="decline_ask",
        heading=_l("Not yet"),
        button=_l("Say not yet"),
        said=_("%(ref)s: you said not yet.", ref=initiative.ref),
        sentence=_l(
            "The request to open %(stage)s is answered with your reason. It keeps its stage.",
            stage=name,
        ),
        label=_l("Why not yet, and what has to happen first"),
        possible=asked is not None,
        answers=True,
    )
    return act_page(initiative, act)


def _decision(initiative: Initiative, form: WordsForm | None = None) -> Any:
    return _forward(initiative, form, "initiatives/stage/_decision.html", "initiatives.decide")


def _request(initiative: Initiative, form: WordsForm | None = None) -> Any:
    return _forward(initiative, form, "initiatives/stage/_request.html", "initiatives.ask")


def _forward(initiative: Initiative, form: WordsForm | None, part: str, endpoint: str) -> Any:
    return page_of(
        "initiatives/stage.html",
        initiative,
        form or WordsForm(formdata=None),
        part=part,
        to=initiative.next_stage,
        in_the_way=in_the_way(initiative),
        action=url_for(endpoint, ref=initiative.ref, back=request.args.get("back")),
    )


def in_the_way(initiative: Initiative) -> str:
    """Return what keeps the next stage from being opened now, as sentences; nothing where nothing does."""
    try:
        initiative.stage_to_open(now())
    except NotNow as refusal:
        return str(refusal.words)
    return ""


def _need(unmoved: bool, initiative: Initiative) -> None:
    if not unmoved:
        raise NotNow(
            _(
                "%(ref)s stands at %(stage)s by now; somebody moved it first.",
                ref=initiative.ref,
                stage=stage_name(initiative.stage),
            )
        )
