"""A decision is taken back within ten minutes, by whoever made it, until somebody has acted (rule 13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import gates
from tests.aims import prove
from tests.approvals.conftest import asks, decides
from tests.approvals.test_deciding import last
from tracker.actions.models import Action
from tracker.activity.comparing import compare
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.approvals.conditions import Settled, conditions_of, open_conditions
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.spells import StageSpell
from tracker.initiatives.stages import Stage
from tracker.milestones.models import Milestone
from tracker.milestones.states import State as Reached

WORDS = "Two people are missing."
FROZEN = (
    "question",
    "cost",
    "gain",
    "waiting",
    "risk",
    "decide_by",
    "asked_at",
    "waits_since",
    "asked_by_id",
    "digest",
)


def undoes(approval, here, clock, **more):
    with writing():
        return approval.undo(**{"by": here.executive, "now": clock(), **more})


def whole() -> bool:
    return verify_stored().whole and compare(db.session.connection()).whole


@pytest.mark.both
def test_an_approval_is_taken_back_as_if_nobody_had_decided(here, clock):
    """Planted: the stay of before left closed; the age begun anew; the gate left reached; the card without "asked"; the request
    asked at another time; the decision overwritten."""
    made = asks(here, clock)
    since, asked = here.one.stage_since, here.one.asked_at
    clock.forward(days=1)
    decides(made, here, clock, Decision.approved)
    assert here.one.stage == Stage.designing
    clock.forward(minutes=9)
    again = undoes(made, here, clock)
    assert (here.one.stage, here.one.stage_since) == (Stage.framed, since)
    assert (here.one.asked_stage, here.one.asked_at) == (Stage.designing, asked)
    stays = db.session.scalars(select(StageSpell).where(StageSpell.initiative_id == here.one.id).order_by(StageSpell.id)).all()  # fmt: skip
    assert (stays[-1].stage, stays[-1].left_at, stays[-1].days) == (Stage.framed, None, None)
    assert db.session.get_one(Milestone, made.milestone_id).state == Reached.planned
    assert (made.state, made.decision, made.decided_by_id) == (State.decided, Decision.approved, here.executive.id)  # fmt: skip
    assert (made.undone_at, made.undone_by_id) == (clock(), here.executive.id)
    assert again.id != made.id
    assert again.state == State.submitted
    assert [getattr(again, key) for key in FROZEN] == [getattr(made, key) for key in FROZEN]
    assert again.changed(clock()) == []
    assert last("approval.undone").facts["again_id"] == again.id
    assert whole()
    with pytest.raises(NotNow, match="taken back already"):
        undoes(made, here, clock)
    with pytest.raises(NotNow, match="as another one"):
        decides(made, here, clock, Decision.approved)
    assert decides(again, here, clock, Decision.held, WORDS)
    assert whole()


def test_a_condition_goes_with_its_decision(here, clock):
    """Planted: the action left open; the condition left in the way of the next gate."""
    made = asks(here, clock)
    wanted = Wanted("Train both teams", here.member.id, clock().date() + timedelta(days=9))
    decides(made, here, clock, Decision.conditional, condition=wanted)
    (one,) = conditions_of(made.id)
    undoes(made, here, clock)
    assert db.session.get_one(Action, one.action_id).state == "cancelled"
    assert (one.settled, open_conditions(here.one.id)) == (Settled.undone, [])
    assert whole()


@pytest.mark.parametrize("decision", [Decision.held, Decision.sent_back])
def test_not_yet_is_taken_back(here, clock, decision):
    """Planted: on hold for ever; the draft left a draft; the words of the decision left on it."""
    made = asks(here, clock)
    decides(made, here, clock, decision, WORDS)
    again = undoes(made, here, clock)
    assert (again is made) == (decision == Decision.sent_back)
    assert (again.state, again.returned_at, again.returned_words) == (State.submitted, None, "")
    assert (here.one.held_at, here.one.asked_stage) == (None, Stage.designing)
    assert again.changed(clock()) == []
    assert whole()
    assert decides(again, here, clock, Decision.approved)


def test_stopping_is_not_taken_back(here, clock):
    """Planted: stops let through."""
    made = asks(here, clock)
    decides(made, here, clock, Decision.stopped, WORDS)
    with pytest.raises(NotNow, match="ended with it"):
        undoes(made, here, clock)


@pytest.mark.both
def test_what_somebody_acted_on_stands(here, clock):
    """Planted: what happened since not asked for; what the clock did taken for somebody."""
    made = asks(here, clock)
    decides(made, here, clock, Decision.approved)
    assert made.can_undo(here.executive, clock())
    with writing():
        here.one.record(Kind.approval_closed, by=None, now=clock())
    assert made.can_undo(here.executive, clock())
    with writing():
        here.one.change_lead_unit(here.it, by=here.lead, now=clock())
    assert not made.can_undo(here.executive, clock())
    before = db.session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1))
    with pytest.raises(NotNow, match="has acted on it"):
        undoes(made, here, clock)
    assert db.session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) == before
    assert here.one.stage == Stage.designing


@pytest.mark.parametrize(
    ("who", "minutes", "words"),
    [("other_executive", 1, "Only whoever decided"), ("executive", 11, "ten minutes")],
)
def test_only_whoever_decided_and_only_for_ten_minutes(here, clock, who, minutes, words):
    """Planted: anybody; eleven minutes."""
    made = asks(here, clock)
    decides(made, here, clock, Decision.approved)
    clock.forward(minutes=minutes)
    assert not made.can_undo(getattr(here, who), clock())
    with pytest.raises(NotNow, match=words):
        undoes(made, here, clock, by=getattr(here, who))


def test_nothing_is_taken_back_before_a_decision(here, clock):
    made = asks(here, clock)
    with pytest.raises(NotNow, match="Nothing stands decided"):
        undoes(made, here, clock)


def test_the_last_gate_is_taken_back_with_what_it_dropped(here, clock):
    """Planted: milestones of a realised initiative left dropped."""
    for stage in (Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving):
        with writing():
            gates.opened(here.one, stage, by=here.executive, now=clock())
    with writing():
        prove(here.one, here.lead, clock())
        other = Milestone.plan(here.one, name="Every shop has it", due_on=clock().date(), by=here.lead, now=clock())  # fmt: skip
    clock.forward(days=1)
    made = asks(here, clock)
    decides(made, here, clock, Decision.approved)
    assert (here.one.stage, other.state) == (Stage.realised, Reached.dropped)
    again = undoes(made, here, clock)
    assert (here.one.stage, other.state) == (Stage.proving, Reached.planned)
    assert again.changed(clock()) == []
    assert whole()
    assert db.session.scalars(select(Approval.id).where(Approval.closed_at.is_(None))).all() == [again.id]  # fmt: skip


def test_whoever_wrote_in_it_decides_nothing_of_the_one_that_waits_once_more(here, clock):
    """Planted: the authors looked up by the number of the request alone."""
    with writing():
        here.one.add_member(here.other_executive, by=here.lead, now=clock())
    made = asks(here, clock)
    for who, gain in ((here.other_executive, "More of it"), (here.lead, "Much more of it")):
        with writing():
            made.change({"gain": gain}, by=who, now=clock())
            made.submit(by=who, now=clock())
    decides(made, here, clock, Decision.approved)
    again = undoes(made, here, clock)
    with pytest.raises(NotNow, match="You asked for this"):
        decides(again, here, clock, Decision.approved, by=here.other_executive, for_sponsor=here.executive)  # fmt: skip
    assert decides(again, here, clock, Decision.approved)
