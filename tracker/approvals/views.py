"""The pages that are read: what waits for a decision and what was decided, one request, and what was recorded. Importing it hangs all pages
on the blueprint."""

from __future__ import annotations

from typing import Any

from flask import request

from tracker.activity.queries import timeline
from tracker.approvals import (
    queries,
    views_asking,
    views_by_link,
    views_deciding,
    views_rules,
    views_seconding,
)
from tracker.approvals.conditions import Settled, conditions_of
from tracker.approvals.deciders import finance_for
from tracker.approvals.models import Approval
from tracker.approvals.pace import medians, paces
from tracker.approvals.pages import pages
from tracker.approvals.showing import case_of, in_the_way, seen_of
from tracker.approvals.states import ASKED, State, decision_name, state_name
from tracker.blockers.queries import of_initiative
from tracker.clock import now
from tracker.gate import allow, me
from tracker.initiatives.acting import acts_on
from tracker.initiatives.stages import Stage, stage_name
from tracker.paging import asked_number, asked_page
from tracker.policy import May
from tracker.web import render
from tracker.wording import today

MOST_BLOCKERS = 3  # on the page of a decision: the oldest


@pages.get("/approvals")
@allow(May.read_internal)
def index() -> Any:
    """Show what waits for one's decision, then what one approved or asked, then what was decided."""
    person = me()
    return render(
        "approvals/index.html", waiting=queries.waiting_for(person), conditions=queries.conditions_waiting(person),
        agreed=queries.agreed_by(person), asked=queries.asked_by(person), decided=queries.decided(person, asked_page()), today=today(),
        pace=medians(now(), [person.id]).get(person.id), decision_name=decision_name, state_name=state_name, stage_name=stage_name,
    )  # fmt: skip


@pages.get("/approvals/pace")
@allow(May.read_internal)
def pace() -> Any:
    """Show how many days executives take to decide, and what each decided; `?of=` names one of them."""
    everybody = paces(me(), now())
    of = next((one for one in everybody if str(one.person.id) == request.args.get("of")), None)
    return render(
        "approvals/pace.html", paces=everybody, of=of, decision_name=decision_name, stage_name=stage_name, today=today(),
        decided=queries.decided(me(), asked_page(), of.person) if of else None,
    )  # fmt: skip


@pages.get("/approvals/<int:key>")
@allow(May.read_internal, on=Approval)
def show(approval: Approval) -> Any:
    """Show one request: what is asked, what it costs, brings and risks, what stands in the way, and the decision to those whose it is."""
    moment, open_ = now(), approval.state in ASKED
    return render(
        "approvals/show.html", approval=approval, initiative=approval.initiative, State=State, case=case_of(approval, moment),
        changed=approval.changed(moment), barred=in_the_way(approval.initiative, moment) if open_ else "",
        conditions=conditions_of(approval.id), last=approval.opens == Stage.realised, seen=seen_of(approval), Settled=Settled,
        undoes=approval.can_undo(me(), moment), asks=approval.state == State.withdrawn and acts_on(approval.initiative, me()).ask,
        blockers=of_initiative(approval.initiative, limit=MOST_BLOCKERS) if open_ and approval.initiative.open_blockers else [],
        decision_name=decision_name, state_name=state_name, stage_name=stage_name, today=today(),
        finance=finance_for(approval) if approval.state == State.agreed else (),
        feed=timeline(me(), subject=("approval", approval.id), before_id=asked_number("before")),
    )  # fmt: skip


@pages.get("/approvals/<int:key>/done")
@allow(May.read_internal, on=Approval)
def done(approval: Approval) -> Any:
    """Say what was decided, and who was told."""
    return render(
        "approvals/done.html", approval=approval, initiative=approval.initiative, State=State, decision_name=decision_name,
        stage_name=stage_name, conditions=conditions_of(approval.id), undoes=approval.can_undo(me(), now()),
    )  # fmt: skip


__all__ = [
    "pages",
    "views_asking",
    "views_by_link",
    "views_deciding",
    "views_rules",
    "views_seconding",
]
