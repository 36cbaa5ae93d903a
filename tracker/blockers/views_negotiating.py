"""How the two sides agree on a day, and how a dispute is settled: each verb has its own address."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.blockers import forms
from tracker.blockers.acting import page_of_verb
from tracker.blockers.choosing import holder_choices
from tracker.blockers.holders import Holder
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.blockers.states import Verb
from tracker.clock import now
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.policy import May
from tracker.verb_pages import Act
from tracker.wording import day, today


@pages.route("/blockers/<ref>/counter-proposal", methods=["GET", "POST"])
@allow(May.answer_blocker, on=Blocker)
def counter_proposal(blocker: Blocker) -> Any:
    """Propose another day."""
    form = forms.CounterProposalForm()
    if request.method == "GET":
        form.proposed_on.data = blocker.proposed_on
    act = Act(
        Verb.counter_propose,
        _("Propose another day"),
        _(
            "Say by when it is possible, and why not earlier. Whoever raised it accepts that day, or declines it."
        ),
        _("Propose this day"),
        _("Proposed: %(day)s. The other side has the next word.", day=day(form.proposed_on.data)),
        replaces={"proposed_on": blocker.proposed_on},
    )

    def do(fresh: Blocker) -> None:
        proposed = form.proposed_on.data or today()
        fresh.counter_propose(proposed, by=me(), now=now(), words=form.words.data or "")

    return page_of_verb(blocker, form, act, do)


@pages.route("/blockers/<ref>/acceptance", methods=["GET", "POST"])
@allow(May.close_blocker, on=Blocker)
def acceptance(blocker: Blocker) -> Any:
    """Accept the day that is proposed."""
    act = Act(
        Verb.accept,
        _("Accept the proposed day"),
        _("%(day)s is promised then.", day=day(blocker.proposed_on)),
        _("Accept this day"),
        _("Accepted: that day is promised now."),
        seen=_proposal,
    )
    return page_of_verb(
        blocker, Form(), act, lambda fresh: fresh.accept_proposal(by=me(), now=now())
    )


@pages.route("/blockers/<ref>/refusal", methods=["GET", "POST"])
@allow(May.close_blocker, on=Blocker)
def refusal(blocker: Blocker) -> Any:
    """Decline the day that is proposed."""
    form = forms.DeclineForm()
    act = Act(
        Verb.decline,
        _("Decline the proposed day"),
        _("The holder is asked to promise another one. Your words say what you need."),
        _("Decline this day"),
        _("Declined: the holder promises another day."),
        seen=_proposal,
    )

    def do(fresh: Blocker) -> None:
        fresh.decline_proposal(by=me(), now=now(), words=form.words.data or "")

    return page_of_verb(blocker, form, act, do)


@pages.route("/blockers/<ref>/dispute", methods=["GET", "POST"])
@allow(May.answer_blocker, on=Blocker)
def dispute(blocker: Blocker) -> Any:
    """Say that the holder does not owe it."""
    form = forms.DisputeForm()
    act = Act(
        Verb.dispute,
        _("Dispute this blocker"),
        _("The sponsor says who owes it, and by when. Its age goes on until then."),
        _("Dispute it"),
        _("Disputed: the sponsor has the next word."),
        seen=lambda held: held.holder.key,
    )
    return page_of_verb(
        blocker,
        form,
        act,
        lambda fresh: fresh.dispute(by=me(), now=now(), words=form.words.data or ""),
    )


@pages.route("/blockers/<ref>/settlement", methods=["GET", "POST"])
@allow(May.settle_blocker, on=Blocker)
def settlement(blocker: Blocker) -> Any:
    """Say who owes it, and by when."""
    form = forms.SettlementForm()
    units, partners = holder_choices()
    form.offer_holders(
        *([one for one in some if one[0] != blocker.waits.key] for some in (units, partners))
    )
    if request.method == "GET":
        form.holder.data = "" if blocker.holder_outside else blocker.holder.key
        form.outside.data = blocker.holder_outside
    act = Act(
        Verb.settle,
        _("Settle the dispute"),
        _("Your word stands: who owes it, and by when. That day is promised in their name."),
        _("Settle it"),
        _("Settled: who owes it and by when is on the record."),
        seen=lambda held: held.holder.key,
    )

    def do(fresh: Blocker) -> None:
        owes = Holder(**{key.removeprefix("holder_"): one for key, one in form.held_by.items()})
        promised = form.promised_on.data or today()
        fresh.settle(owes, promised, by=me(), now=now(), words=form.words.data or "")

    return page_of_verb(blocker, form, act, do)


def _proposal(blocker: Blocker) -> str:
    """Return what is answered, as the form showed it: another proposal is another question."""
    return blocker.proposed_on.isoformat() if blocker.proposed_on else ""
