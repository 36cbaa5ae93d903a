"""What was tried against requests: a goal behind another, a second decision that is another, one's own work, an asker of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests import gates
from tests.approvals.conftest import asks, decides, drafts
from tracker.actions.models import Action
from tracker.approvals import queries
from tracker.approvals.conditions import ApprovalCondition, Settled, settle
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.aims import Horizon
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.stages import Stage
from tracker.kpis.models import Kpi
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.settings import Organisation
from tracker.policy import May, may

WORDS = "Ring ten customers"


def wanted(here: Any, clock: Any, **more: Any) -> Wanted:
    whole = Wanted(WORDS, here.member.id, clock().date() + timedelta(days=9))
    return whole._replace(**more)


def conditioned(here: Any, clock: Any, **more: Any) -> SimpleNamespace:
    made = asks(here, clock)
    decides(made, here, clock, Decision.conditional, condition=wanted(here, clock, **more))
    return SimpleNamespace(approval=made, one=db.session.scalars(select(ApprovalCondition)).one())


def stands_in(here: Any, clock: Any, person: Any) -> None:
    with writing():
        Deputyship.appoint(
            here.executive, person, Capacity.sponsor, starts=clock().date(), ends=clock().date() + timedelta(days=9),
            by=here.executive, now=clock(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "beside"),
    [({"claimed": 9.0}, {}), ({}, {"method": "By hand"})],
    ids=["terms", "method"],
)
def test_no_goal_hides_behind_another_of_the_same_kpi(here, clock, figures, beside):
    """Planted: goals frozen by their KPI; the method left out of what is frozen."""
    here.goal = db.session.scalars(select(Goal).options(joinedload(Goal.kpi))).one()
    terms = Terms.of(here.goal)
    with writing():
        kpi = db.session.get_one(Kpi, here.goal.kpi_id)
        Goal.set(here.one, kpi, terms=Terms(), horizon=Horizon.leading, by=here.lead, now=clock())
    made = asks(here, clock)
    assert made.changed(clock()) == []
    with writing():
        here.goal.change(
            here.one, by=here.lead, now=clock(), terms=replace(terms, **figures), **beside
        )
    assert made.changed(clock()) == [f"The goal was changed: {here.goal.kpi.name}"]
    with pytest.raises(NotNow, match="no longer what was asked"):
        decides(made, here, clock, Decision.approved)


def test_a_second_decision_that_is_another_is_refused_and_not_dropped(here, clock):
    """Planted: the same kind of decision taken for the same decision."""
    made = conditioned(here, clock).approval
    said = {"condition": wanted(here, clock)}
    assert decides(made, here, clock, Decision.conditional, **said) is False
    for other in (
        {"condition": wanted(here, clock, words="Ring twenty")},
        {"condition": wanted(here, clock, owner_id=here.lead.id)},
        {"condition": wanted(here, clock, due_on=clock().date())},
        {**said, "by": here.other_executive, "for_sponsor": here.executive},
    ):
        with pytest.raises(NotNow, match="decided already"):
            decides(made, here, clock, Decision.conditional, **other)


def test_a_second_reason_not_to_go_on_is_refused(here, clock):
    made = asks(here, clock)
    assert decides(made, here, clock, Decision.held, "Not in spring")
    assert decides(made, here, clock, Decision.held, "Not in spring") is False
    with pytest.raises(NotNow, match="decided already"):
        decides(made, here, clock, Decision.held, "Something else")


def test_whoever_asked_settles_no_condition_of_it(here, clock):
    """Planted: `not_the_requester` left out of the policy; `refuse_author` left out of `settle`."""
    with writing():
        here.one.add_member(here.other_executive, by=here.lead, now=clock())
        made = gates.requested(here.one, now=clock(), by=here.other_executive)
    here.gate = made.milestone
    decides(made, here, clock, Decision.conditional, condition=wanted(here, clock))
    stands_in(here, clock, here.other_executive)
    fresh = Approval.find(here.other_executive, made.id)
    assert not may(here.other_executive, May.settle_condition, fresh)
    assert queries.conditions_waiting(here.other_executive) == []
    (one,) = db.session.scalars(select(ApprovalCondition)).all()
    with pytest.raises(NotNow, match="You asked for this"), writing():
        settle(made, one.id, Settled.accepted, by=here.other_executive, now=clock())


def test_nobody_accepts_a_condition_that_they_do_themselves(here, clock):
    """Waiving is another thing. Planted: the assignee of the action not looked at."""
    made = conditioned(here, clock)
    with writing():
        action = db.session.get_one(Action, made.one.action_id)
        action.assignee_id = here.executive.id
    with pytest.raises(NotNow, match="Nobody accepts their own work"), writing():
        settle(made.approval, made.one.id, Settled.accepted, by=here.executive, now=clock())
    with writing():
        settle(made.approval, made.one.id, Settled.waived, by=here.executive, now=clock(), words="Done otherwise")  # fmt: skip


def test_whoever_decides_is_not_asked_to_do_it(here, clock):
    """Planted: the decider taken as owner."""
    with pytest.raises(NotNow, match="does not do it"):
        conditioned(here, clock, owner_id=here.executive.id)


def test_whoever_ever_wrote_it_decides_nothing_of_it(here, clock):
    """Also when somebody else put it to the sponsor after them. Planted: the trail not asked."""
    with writing():
        here.one.add_member(here.other_executive, by=here.lead, now=clock())
    made = drafts(here, clock)
    with writing():
        made.change({"gain": "More of it"}, by=here.other_executive, now=clock())
        made.submit(by=here.other_executive, now=clock())
    with writing():
        made.change({"gain": "Much more of it"}, by=here.lead, now=clock())
        made.submit(by=here.lead, now=clock())
    assert made.asked_by_id == here.lead.id
    with pytest.raises(NotNow, match="You asked for this"):
        decides(made, here, clock, Decision.approved, by=here.other_executive, for_sponsor=here.executive)  # fmt: skip
    assert decides(made, here, clock, Decision.approved)


def test_what_was_set_stays_whatever_becomes_of_its_action(here, clock, as_):
    """Planted: owner and day read from the action."""
    made = conditioned(here, clock)
    with writing():
        action = db.session.get_one(Action, made.one.action_id)
        action.reschedule(clock().date() + timedelta(days=99), by=here.lead, now=clock())
    page = as_(here.lead).get(f"/approvals/{made.approval.id}").text
    assert "Milo Member, due 11 Mar 2026" in page
    assert "its action is due 9 Jun 2026 by now" in page


def test_whoever_left_the_team_changes_the_request_no_more(here, clock):
    """Planted: the look at the team left out of the policy."""
    with writing():
        joined = here.one.add_member(here.member, by=here.lead, now=clock())
    with writing():
        made = gates.drafted(here.one, now=clock(), by=here.member)
    assert may(here.member, May.edit_request, Approval.find(here.member, made.id))
    with writing():
        here.one.remove_member(joined, by=here.lead, now=clock())
    here.one.forget_team()
    assert not may(here.member, May.edit_request, Approval.find(here.member, made.id))
    assert may(here.lead, May.edit_request, Approval.find(here.lead, made.id))


def test_a_request_for_a_stage_out_of_use_ends_with_the_next(here, clock, as_):
    """Planted: `end_all` left out of `draft`, so that both were open and the card wore "asked" for the wrong stage."""
    asks(here, clock)
    with writing():
        Organisation.current().designing = False
    day = (clock().date() + timedelta(days=7)).isoformat()
    says = {**gates.SAYS, "question": "Pilot it?", "decide_by": day, "to": "piloting"}
    answer = as_(here.lead).submit(f"/initiatives/{here.one.ref}/stage/request", **says)
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    first, second = db.session.scalars(select(Approval).order_by(Approval.id)).all()
    assert (first.state, second.state) == (State.withdrawn, State.submitted)
    assert (second.opens, here.one.asked_stage) == (Stage.piloting, Stage.piloting)


def test_what_is_on_hold_waits_for_nobody(here, clock):
    """Nor is it counted. Planted, one after the other: what is on hold left in the list, and in the count."""
    asks(here, clock)

    def told() -> tuple[int, int]:
        count = queries.count_waiting(here.executive)
        assert count is not None
        return len(queries.waiting_for(here.executive)), db.session.scalar(select(count)) or 0

    assert told() == (1, 1)
    with writing():
        here.one.hold(by=here.executive, now=clock(), words="Till spring")
    assert told() == (0, 0)


def test_the_count_of_what_was_decided_ends_somewhere(here, clock, monkeypatch):
    """However many there are, no page walks through all of them. Planted: every decision counted."""
    monkeypatch.setattr(queries, "COUNTED", 2)
    with writing():
        for _stage in range(3):
            gates.opened(here.one, by=here.executive, now=clock())
    page = queries.decided(here.executive, 1)
    assert (len(page.items), page.total) == (3, 2)


def test_a_gate_that_was_stepped_back_over_is_decided_on_anew(here, clock):
    """Planted: only the gate of the stage that was left planned again, so that nobody could ask for the other."""
    with writing():
        for _stage in range(2):
            gates.opened(here.one, by=here.executive, now=clock())
        Organisation.current().designing = False
        here.one.step_back(by=here.executive, now=clock(), words="Too early.")
        Organisation.current().designing = True
    assert here.one.stage == Stage.framed
    made = asks(here, clock)
    assert (made.opens, made.milestone_id) == (Stage.designing, 1)
    assert decides(made, here, clock, Decision.approved)
