"""What the sponsor does, or who stands in: approve, with a condition or without, say not yet, and settle what was asked for.

Opening a page decides nothing: each decision is sent, with what was seen when it was made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.approvals.conditions import Settled, condition_of, settle
from tracker.approvals.deciding import refuse_after_the_last
from tracker.approvals.forms import ConditionForm, NotYetForm, WaiveForm
from tracker.approvals.models import Approval
from tracker.approvals.pages import pages
from tracker.approvals.rules import fresh_wanted
from tracker.approvals.showing import seen_of
from tracker.approvals.states import Decision, State, Verb
from tracker.clock import now
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.initiatives.act_pages import told_by
from tracker.initiatives.stages import stage_name
from tracker.organisation.choices import people_choices
from tracker.policy import May
from tracker.verb_pages import Act, page_of_act
from tracker.web import done, posting, render


@pages.post("/approvals/<int:key>/approval")
@allow(May.decide_approval, on=Approval, fresh=fresh_wanted)
def approve(approval: Approval) -> Any:
    """Approve it as it was asked: its stage opens."""
    with posting() as post:
        approval = post.again(approval)
        post.still(seen_of(approval), another())
        approval.decide(Decision.approved, **told_by(approval.initiative, post.person, Form()))
        post.answer(recorded(approval), _("Your decision is recorded."))
    return done(post)


@pages.route("/approvals/<int:key>/condition", methods=["GET", "POST"])
@allow(May.decide_approval, on=Approval, fresh=fresh_wanted)
def condition(approval: Approval) -> Any:
    """Approve it, and ask for something that has to be done before the next gate."""
    refuse_after_the_last(approval.opens)
    settles = (me().id, approval.initiative.sponsor_id)  # nobody accepts their own work
    form = ConditionForm().offer([one for one in people_choices() if one[0] not in settles])
    name = stage_name(approval.opens)
    act = Act(
        Verb.condition,
        _("Approve with a condition"),
        _("Finance decides second, and %(stage)s opens then. The condition becomes an action with it.", stage=name)
        if approval.finance_wanted
        else _("%(stage)s opens now. The condition becomes an action, and the next gate waits until you accept or waive it.", stage=name),
        _("Approve with this condition"),
        _("Your decision is recorded."),
        seen=seen_of,
    )  # fmt: skip

    def decide(fresh: Approval) -> None:
        told = told_by(fresh.initiative, me(), form)
        fresh.decide(Decision.conditional, **told, condition=form.wanted)

    return page_of_decision(approval, form, act, decide)


@pages.route("/approvals/<int:key>/not-yet", methods=["GET", "POST"])
@allow(May.decide_approval, on=Approval, fresh=fresh_wanted)
def not_yet(approval: Approval) -> Any:
    """Send it back, put the work on hold, or stop it."""
    # once it is decided every choice can be sent again: the same decision is the same decision
    held = approval.state == State.submitted and approval.initiative.held_at is not None
    form = NotYetForm().offer(held=held)
    act = Act(
        Verb.refuse,
        _("Not yet"),
        _("Whoever asked reads your words. The initiative keeps its stage."),
        _("Send my decision"),
        _("Your decision is recorded."),
        seen=seen_of,
    )

    def decide(fresh: Approval) -> None:
        fresh.decide(Decision(form.decision.data), **told_by(fresh.initiative, me(), form))

    return page_of_decision(approval, form, act, decide)


@pages.post("/approvals/<int:key>/undo")
@allow(May.undo_decision, on=Approval, fresh=fresh_wanted)
def undo(approval: Approval) -> Any:
    """Take the decision back: the request waits again."""
    with posting() as post:
        approval = post.again(approval)
        again = approval.undo(by=post.person, now=now())
        post.answer(_page(again), _("Your decision is taken back. The request waits for it again."))
    return done(post)


@pages.post("/approvals/<int:key>/conditions/<int:id_>/acceptance")
@allow(May.settle_condition, on=Approval)
def acceptance(approval: Approval, id_: int) -> Any:
    """Accept that a condition is met."""
    condition_of(approval.id, id_)
    with posting() as post:
        approval = post.again(approval)
        told = told_by(approval.initiative, post.person, Form())
        settle(approval, id_, Settled.accepted, **told)
        post.answer(_page(approval), _("The condition is accepted."))
    return done(post)


@pages.route("/approvals/<int:key>/conditions/<int:id_>/waiving", methods=["GET", "POST"])
@allow(May.settle_condition, on=Approval)
def waiving(approval: Approval, id_: int) -> Any:
    """Waive a condition, and say why."""
    one = condition_of(approval.id, id_)
    form = WaiveForm()
    if not form.is_submitted() or not form.validate():
        return render(
            "approvals/waiving.html", approval=approval, initiative=approval.initiative, form=form, one=one, back=_page(approval),
            status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        approval = post.again(approval)
        settle(approval, id_, Settled.waived, **told_by(approval.initiative, post.person, form))
        post.answer(_page(approval), _("The condition is waived."))
    return done(post)


def page_of_decision(
    approval: Approval, form: Form, act: Act, do: Callable[[Approval], Any]
) -> Any:
    """Show the form of a decision, or make it and go on to what was recorded."""
    back = _page(approval)
    return page_of_act(
        "approvals/act.html", approval, form, act, do, to=recorded(approval), changed=another(),
        context=lambda: {"approval": approval, "initiative": approval.initiative, "back": back},
    )  # fmt: skip


def another() -> str:
    """Say that what is decided on is not what was read."""
    return _("This request was put anew since you opened it. Look at it before you decide.")


def _page(approval: Approval) -> str:
    return url_for("approvals.show", key=approval.id)


def recorded(approval: Approval) -> str:
    """Return the address of what was recorded."""
    return url_for("approvals.done", key=approval.id)
