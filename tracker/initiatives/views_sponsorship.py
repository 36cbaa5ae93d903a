"""The sponsor of one initiative: proposed, and the answer."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.initiatives.forms import ProposeForm, WordsForm
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward, pages
from tracker.initiatives.pauses import pauses_of
from tracker.initiatives.queries import sponsorships
from tracker.initiatives.sponsorships import Answer, active_sponsored, calendars_of, lapses_on
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person, Role
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import Post, done, posting, render
from tracker.wording import today


@pages.get("/initiatives/<ref>/sponsorship")
@allow(May.read_internal, on=Initiative)
def propose(initiative: Initiative) -> Any:
    """Show who sponsors it and who was asked; whoever may proposes or answers here (`?person=` chooses)."""
    return _page(initiative)


@pages.post("/initiatives/<ref>/sponsorship")
@allow(May.propose_sponsor, on=Initiative)
def send_proposal(initiative: Initiative) -> Any:
    """Ask an executive to sponsor it."""
    form = ProposeForm(initiative=initiative, adopts=adopts(initiative))
    if not form.validate():
        return _page(initiative, form)
    with posting() as post:
        person = form.person.again()
        initiative = post.again(initiative)
        post.still(
            asked_of(initiative),
            _("%(ref)s has another sponsor, or another proposal, by now.", ref=initiative.ref),
        )
        stage = form.adopt_at.data if form.adopt_at is not None else None
        initiative.propose_sponsor(
            person,
            by=post.person,
            now=now(),
            words=form.words.data or "",
            adopt_at=Stage(stage) if stage else None,
        )
        words = _("%(name)s was asked to sponsor %(ref)s.", name=person.name, ref=initiative.ref)
        post.answer(onward(initiative), words)
    return done(post)


@pages.post("/initiatives/<ref>/sponsorship/acceptance")
@allow(May.answer_sponsorship, on=Initiative)
def accept(initiative: Initiative) -> Any:
    """Accept: from an idea this opens `framed`, or adopts the work as it stands."""
    with posting() as post:
        initiative = post.again(initiative)
        _same_proposal(post, initiative)
        initiative.accept_sponsorship(by=post.person, now=now())
        words = _(
            "You sponsor %(ref)s. It stands at %(stage)s.",
            ref=initiative.ref,
            stage=stage_name(initiative.stage),
        )
        post.answer(onward(initiative), words)
    return done(post)


@pages.post("/initiatives/<ref>/sponsorship/refusal")
@allow(May.answer_sponsorship, on=Initiative)
def decline(initiative: Initiative) -> Any:
    """Decline, with the reason."""
    form = WordsForm()
    if not form.validate():
        return _page(initiative, refusal=form)
    with posting() as post:
        initiative = post.again(initiative)
        _same_proposal(post, initiative)
        initiative.decline_sponsorship(by=post.person, now=now(), words=str(form.words.data))
        post.answer(onward(initiative), _("You declined to sponsor %(ref)s.", ref=initiative.ref))
    return done(post)


@pages.post("/initiatives/<ref>/sponsorship/withdrawal")
@allow(May.withdraw_proposal, on=Initiative)
def withdraw(initiative: Initiative) -> Any:
    """Take the open proposal back."""
    with posting() as post:
        initiative = post.again(initiative)
        _same_proposal(post, initiative)
        initiative.withdraw_proposal(by=post.person, now=now())
        words = _("The proposal for %(ref)s is withdrawn.", ref=initiative.ref)
        post.answer(onward(initiative), words)
    return done(post)


def asked_of(initiative: Any) -> list[Any]:
    """Return what whoever proposes or answers has seen: the sponsor, and who was asked when."""
    return [initiative.sponsor_id, initiative.proposed_sponsor_id, str(initiative.proposed_at)]


def _same_proposal(post: Post, initiative: Initiative) -> None:
    post.still(
        asked_of(initiative),
        _(
            "Another proposal for %(ref)s is open by now. Read it before you answer.",
            ref=initiative.ref,
        ),
    )


def adopts(initiative: Any) -> bool:
    """Tell whether this person may propose work under way as it stands: a manager, for an idea (rule 1)."""
    return initiative.stage == Stage.idea and me().role == Role.manager


def _who_can_help(initiative: Initiative, proposal: Any) -> Any:
    """Return name and address of who leads it, else of who proposed."""
    person_id = initiative.lead_id or (proposal.proposed_by_id if proposal else None)
    query = Person.visible_to(me()).where(Person.id == person_id)
    return db.session.execute(query.with_only_columns(Person.name, Person.email)).one_or_none()


def _empty_form(initiative: Initiative) -> ProposeForm:
    form = ProposeForm(formdata=None, initiative=initiative, adopts=adopts(initiative))
    form.person.data = asked_number("person")
    if form.adopt_at is not None and initiative.adopt_stage:
        form.adopt_at.data = initiative.adopt_stage.value
    return form


def _page(
    initiative: Initiative, form: ProposeForm | None = None, refusal: WordsForm | None = None
) -> Any:
    framed = frame(initiative, me(), "", today())
    if form is None and framed["acts"].propose:
        form = _empty_form(initiative)
    history = sponsorships(initiative)
    open_one = next((row for row in history if row.answer == Answer.proposed), None)
    until, missing = None, None
    if initiative.stage == Stage.idea and not (open_one and open_one.adopts):
        missing = initiative.in_the_way(Stage.framed, now())
    if open_one is not None:
        days = calendars_of({open_one.person_id})[open_one.person_id]
        pauses = pauses_of([initiative.id])[initiative.id]
        until = lapses_on(open_one.proposed_at, days, pauses, today())
    return render(
        "initiatives/sponsorship.html",
        status=422 if request.method == "POST" else 200,
        **framed,
        form=form,
        refusal=refusal or WordsForm(formdata=None),
        history=history,
        open_one=open_one,
        own_load=active_sponsored(Initiative, [me().id]).get(me().id, 0),
        until=until,
        missing=missing,
        write_to=_who_can_help(initiative, open_one) if missing and framed["acts"].answer else None,
        back=onward(initiative),
        Answer=Answer,
        asked_of=asked_of(initiative),
    )
