"""What can be done with a blocker: each verb has its own address, whose form stands on the blocker's page as well."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.blockers import forms
from tracker.blockers.acting import page_of_verb
from tracker.blockers.choosing import holder_choices
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.promising import first_offer
from tracker.blockers.queries import answerers
from tracker.blockers.states import Verb
from tracker.clock import now
from tracker.db import db
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.organisation.people import Person
from tracker.policy import May
from tracker.verb_pages import Act
from tracker.wording import day, today


@pages.route("/blockers/<ref>/answerer", methods=["GET", "POST"])
@allow(May.name_answerer, on=Blocker)
def answerer(blocker: Blocker) -> Any:
    """Name who answers for the holder."""
    form = forms.AnswererForm()
    form.answerer_id.choices = [
        ("", _("Choose somebody")),
        *((one.id, one.name) for one in answerers(blocker)),
    ]
    if request.method == "GET":
        form.answerer_id.data = blocker.answerer_id
    act = Act(
        Verb.name_answerer,
        _("Who answers?"),
        _(
            "One person speaks for the holder: acknowledges, promises a day and says when it is resolved."
        ),
        _("Name the answerer"),
        _("The answerer is named."),
        replaces={"answerer_id": blocker.answerer_id},
    )

    def do(fresh: Blocker) -> None:
        fresh.name_answerer(db.session.get(Person, form.answerer_id.data), by=me(), now=now())

    return page_of_verb(blocker, form, act, do)


@pages.route("/blockers/<ref>/acknowledgement", methods=["GET", "POST"])
@allow(May.answer_blocker, on=Blocker)
def acknowledgement(blocker: Blocker) -> Any:
    """Say that it was seen."""
    act = Act(
        Verb.acknowledge,
        _("Acknowledge this blocker"),
        _("You say that you have seen it and are looking into it. Next, you promise a day."),
        _("Acknowledge"),
        _("It is acknowledged. Now promise a day."),
    )
    return page_of_verb(blocker, Form(), act, lambda fresh: fresh.acknowledge(by=me(), now=now()))


@pages.route("/blockers/<ref>/promise", methods=["GET", "POST"])
@allow(May.answer_blocker, on=Blocker)
def promise(blocker: Blocker) -> Any:
    """Promise a day."""
    form = forms.PromiseForm()
    if request.method == "GET":
        form.promised_on.data = first_offer(blocker, today())
    act = Act(
        Verb.commit,
        _("Promise a day"),
        _(
            "By this day it will be out of the way. A later promise stays beside the earlier one on the record."
        ),
        _("Promise this day"),
        _("Promised for %(day)s.", day=day(form.promised_on.data)),
        replaces={"promised_on": blocker.promised_on},
    )
    return page_of_verb(
        blocker,
        form,
        act,
        lambda fresh: fresh.commit(form.promised_on.data or today(), by=me(), now=now()),
    )


@pages.route("/blockers/<ref>/resolution", methods=["GET", "POST"])
@allow(May.answer_blocker, on=Blocker)
def resolution(blocker: Blocker) -> Any:
    """Say that it is resolved, and how."""
    form = forms.ResolutionForm()
    act = Act(
        Verb.resolve,
        _("Say that it is resolved"),
        _(
            "Whoever raised it confirms this, or reopens it. After 5 working days of silence it counts as confirmed."
        ),
        _("Say that it is resolved"),
        _("Said to be resolved. The raiser has the next word."),
    )
    return page_of_verb(
        blocker, form, act, lambda fresh: fresh.resolve(form.words.data or "", by=me(), now=now())
    )


@pages.route("/blockers/<ref>/confirmation", methods=["GET", "POST"])
@allow(May.close_blocker, on=Blocker)
def confirmation(blocker: Blocker) -> Any:
    """Confirm that it is out of the way."""
    form = forms.RemarkForm()
    act = Act(
        Verb.confirm,
        _("Confirm that it is resolved"),
        _("It is over then. For 30 days it can still be reopened."),
        _("Confirm"),
        _("Confirmed: it is out of the way."),
    )
    return page_of_verb(
        blocker,
        form,
        act,
        lambda fresh: fresh.confirm(by=me(), now=now(), words=form.words.data or ""),
    )


@pages.route("/blockers/<ref>/reopening", methods=["GET", "POST"])
@allow(May.close_blocker, on=Blocker)
def reopening(blocker: Blocker) -> Any:
    """Say that it still stands in the way."""
    form = forms.ReasonForm()
    act = Act(
        Verb.reopen,
        _("Reopen this blocker"),
        _("It still stands in the way. Its age goes on as if it had never been called resolved."),
        _("Reopen"),
        _("It is open again."),
    )
    return page_of_verb(
        blocker,
        form,
        act,
        lambda fresh: fresh.reopen(by=me(), now=now(), words=form.words.data or ""),
    )


@pages.route("/blockers/<ref>/withdrawal", methods=["GET", "POST"])
@allow(May.withdraw_blocker, on=Blocker)
def withdrawal(blocker: Blocker) -> Any:
    """Take it back."""
    form = forms.RemarkForm()
    act = Act(
        Verb.withdraw,
        _("Withdraw this blocker"),
        _(
            "It does not stand in the way after all. The days it stood there still count, and it cannot be reopened."
        ),
        _("Withdraw the blocker"),
        _("The blocker is withdrawn."),
        danger=True,
    )
    return page_of_verb(
        blocker,
        form,
        act,
        lambda fresh: fresh.withdraw(by=me(), now=now(), words=form.words.data or ""),
    )


@pages.route("/blockers/<ref>/pass-on", methods=["GET", "POST"])
@allow(May.pass_on_blocker, on=Blocker)
def pass_on(blocker: Blocker) -> Any:
    """Hand it to whoever owes it."""
    form = forms.PassOnForm()
    units, partners = holder_choices()
    here = (blocker.holder.key, blocker.waits.key)
    form.offer_holders(
        [unit for unit in units if unit[0] not in here],
        [one for one in partners if one[0] not in here],
    )
    act = Act(
        Verb.pass_on,
        _("Pass this blocker on"),
        _(
            "Its clocks begin anew for the next holder. Its age goes on, and the hand-over is counted."
        ),
        _("Pass it on"),
        _("The blocker is passed on."),
        seen=lambda held: held.holder.key,
    )

    def do(fresh: Blocker) -> None:
        fresh.pass_on(by=me(), now=now(), words=form.words.data or "", **form.held_by)

    return page_of_verb(blocker, form, act, do)
