"""A request is decided once, in words, by another than who asked, about what stands as it was asked (rules 13 to 15)."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests import gates
from tests.aims import prove
from tests.approvals.conftest import asks, decides, drafts
from tracker import paths
from tracker.activity.comparing import compare
from tracker.activity.declaring import digest_of
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.stages import Stage
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.states import State as Reached
from tracker.milestones.usual import MEASURES
from tracker.organisation.settings import Organisation


def last(kind: str) -> Event:
    return db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id.desc()).limit(1)).one()  # fmt: skip


@pytest.mark.both
def test_approving_opens_the_stage_and_the_gate_is_reached(here, clock):
    """Planted: the state left submitted; the gate left planned; the stage left where it was."""
    made = asks(here, clock)
    assert decides(made, here, clock, Decision.approved)
    assert (made.state, made.decision, made.decided_by_id, made.closed_at) == (
        State.decided, Decision.approved, here.executive.id, clock(),
    )  # fmt: skip
    assert (here.one.stage, here.one.asked_stage) == (Stage.designing, None)
    gate = db.session.get_one(Milestone, made.milestone_id)
    assert (gate.state, gate.reached_by_id) == (Reached.reached, here.executive.id)
    told = last("approval.decided")
    assert (told.facts["decision"], told.facts["sha256"]) == ("approved", made.digest)
    assert verify_stored().whole
    assert compare(db.session.connection()).whole


def test_every_gate_to_the_end_opens_by_a_request(here, clock):
    """Planted: the last stage left closed."""
    for stage in (Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving, Stage.realised):  # fmt: skip
        clock.forward(days=7)
        with writing():
            if stage == Stage.realised:
                prove(here.one, here.lead, clock())
            gates.opened(here.one, stage, by=here.executive, now=clock())
    assert here.one.ended
    decided = db.session.scalars(select(Approval.decision)).all()
    assert decided == [Decision.approved] * 5


@pytest.mark.parametrize("decision", list(Decision))
def test_words_are_asked_for_all_but_a_plain_approval(here, clock, decision):
    """Planted: `approved` not left out; `held` left out."""
    made = asks(here, clock)
    wanted = Wanted("Ring ten customers", here.member.id, clock().date())
    if decision == Decision.approved:
        assert decides(made, here, clock, decision, "  ")
        return
    more = {"condition": wanted._replace(words=" ")} if decision == Decision.conditional else {}
    with pytest.raises(NotNow, match="Say in words"):
        decides(made, here, clock, decision, "  ", **more)
    assert made.state == State.submitted


def test_sent_back_it_is_a_draft_again_with_the_reason(here, clock):
    """Planted: the words left on the trail alone; the card left wearing "asked"."""
    made = asks(here, clock)
    assert decides(made, here, clock, Decision.sent_back, "Ring ten more.")
    assert (made.state, made.decision, made.returned_words) == (State.draft, None, "Ring ten more.")
    assert (here.one.stage, here.one.asked_stage, here.one.held_at) == (Stage.framed, None, None)
    with writing():
        made.change({"gain": "Ten more say so"}, by=here.lead, now=clock())
        made.submit(by=here.lead, now=clock())
    assert decides(made, here, clock, Decision.approved)
    assert here.one.stage == Stage.designing


def test_held_or_stopped_the_initiative_is_too(here, clock):
    """Planted: `hold` left out; `stop` left out."""
    made = asks(here, clock)
    decides(made, here, clock, Decision.held, "After the summer.")
    assert (made.state, here.one.held_at, here.one.asked_stage) == (State.decided, clock(), None)
    assert here.one.held_words == "After the summer."
    with writing():
        here.one.resume(by=here.executive, now=clock())
    again = asks(here, clock)
    decides(again, here, clock, Decision.stopped, "A law made it needless.")
    assert (again.state, again.decision) == (State.decided, Decision.stopped)
    assert (here.one.ended, here.one.stopped_words) == (True, "A law made it needless.")


def test_the_same_decision_once_more_is_the_same_decision(here, clock):
    """Planted: the question taken out, so that it was refused; another decision taken for the same."""
    made = asks(here, clock)
    assert decides(made, here, clock, Decision.approved)
    before = db.session.query(Event).count()
    clock.forward(hours=2)
    assert not decides(made, here, clock, Decision.approved)
    for other in (Decision.approved, Decision.held, Decision.sent_back, Decision.stopped):
        with pytest.raises(NotNow, match="was decided already"):
            decides(made, here, clock, other, "In other words.")
    assert (db.session.query(Event).count(), made.words) == (before, "")


def test_neither_who_wrote_it_nor_who_put_it_decides(here, clock):
    """Planted: only `asked_by_id` looked at."""
    with writing():
        made = gates.drafted(here.one, now=clock(), by=here.other_executive)
        made.submit(by=here.lead, now=clock())
    here.gate = made.milestone
    for who in (here.other_executive, here.lead):
        with pytest.raises(NotNow, match="You asked for this"):
            decides(made, here, clock, Decision.approved, by=who)
    assert decides(made, here, clock, Decision.approved)


def test_a_deputy_decides_on_behalf_of_the_sponsor(here, clock):
    """Planted: the sponsor's name left off the request, off the event."""
    made = asks(here, clock)
    decides(made, here, clock, Decision.approved, by=here.other_executive, for_sponsor=here.executive)  # fmt: skip
    assert (made.decided_by_id, made.for_sponsor_id) == (here.other_executive.id, here.executive.id)
    for kind in ("approval.decided", "stage.opened"):
        told = last(kind)
        assert (told.actor_id, told.on_behalf_of_id) == (here.other_executive.id, here.executive.id)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_put_to_the_sponsor_is_not_decided(here, clock, state):
    """Planted: `draft` among the states of `approve`."""
    made = drafts(here, clock)
    if state == "withdrawn":
        with writing():
            made.withdraw(by=here.lead, now=clock())
    words = {"draft": "still a draft", "withdrawn": "was withdrawn"}[state]
    for decision in Decision:
        with pytest.raises(NotNow, match=words):
            decides(made, here, clock, decision, "Yes.")


def change_gate(here, clock):
    here.gate.change(name="Another gate", criteria=[], measures=set(MEASURES[Stage.designing]), by=here.lead, now=clock())  # fmt: skip


def move_gate(here, clock):
    here.gate.reschedule(here.gate.due_on.replace(day=28), "Later", by=here.lead, now=clock())


def find_met(here, clock):
    (by_hand,) = [one for one in criteria_of([here.gate.id]) if one.measure is None]
    here.gate.find_met(by_hand, evidence="We rang them.", by=here.lead, now=clock())


def change_goal(here, clock):
    goal = db.session.scalars(select(Goal).options(joinedload(Goal.kpi))).one()
    terms = Terms.of(goal)
    other = replace(terms, target=(terms.target or 0) + 5)
    goal.change(here.one, terms=other, by=here.lead, now=clock())


def change_budget(here, clock):
    here.one.edit(by=here.lead, now=clock(), budget=5000)


def change_text(here, clock):
    made = Approval.open_of(here.one.id)
    assert made is not None
    made.change({"risk": "None at all"}, by=here.lead, now=clock())


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (change_gate, "The gate is called “Another gate” now."),
        (change_gate, "No criterion any more: Customers have told"),
        (move_gate, "is due 28 Mar 2026 now"),
        (find_met, "Met since then: Customers have told"),
        (change_goal, "The goal was changed: "),
        (change_budget, "The budget is another one."),
        (change_text, "What the request itself says was changed."),
    ],
)
def test_what_changed_since_it_was_asked_is_named_and_asked_anew(here, clock, happens, said):
    """Planted: each part of `content_of` left out in turn; the digest not compared."""
    made = asks(here, clock)
    assert made.changed(clock()) == []
    with writing():
        happens(here, clock)
    assert any(said in words for words in made.changed(clock())), made.changed(clock())
    for decision in (Decision.approved, Decision.conditional):
        with pytest.raises(NotNow, match="no longer what was asked"):
            decides(made, here, clock, decision, "Go.")
    assert here.one.stage == Stage.framed
    with writing():
        made.submit(by=here.lead, now=clock())
    assert made.changed(clock()) == []
    assert decides(made, here, clock, Decision.approved)


def test_what_changed_may_still_be_sent_back(here, clock):
    """Nobody has to put again what is answered with no. Planted: the question asked for every decision."""
    made = asks(here, clock)
    with writing():
        move_gate(here, clock)
    assert decides(made, here, clock, Decision.sent_back, "Which day is it?")


def test_a_new_reading_does_not_make_it_another(here, clock):
    """The live value stands beside what was frozen (rule 15). Planted: the highest reading of the KPI among what is frozen."""
    made = asks(here, clock)
    goal = db.session.scalars(select(Goal)).one()
    with writing():
        kpi = db.session.get_one(Kpi, goal.kpi_id)
        Reading.add(kpi, day=clock().date(), value=44.0, by=here.lead, now=clock())
        restand([kpi])
    assert made.changed(clock()) == []
    assert decides(made, here, clock, Decision.approved)


def test_a_blocker_raised_meanwhile_is_told_where_the_gate_asks_for_none(here, clock):
    """Planted: measured criteria frozen as open."""
    with writing():
        for _stage in range(2):
            gates.opened(here.one, by=here.executive, now=clock())
    made = asks(here, clock)
    with writing():
        Blocker.raise_(
            here.one, title="No data", blocked_unit_id=here.care.id, holder_unit_id=here.it.id, by=here.lead, now=clock()
        )  # fmt: skip
    assert "Not met any more: No blocker is open" in made.changed(clock())


def test_what_is_frozen_is_what_the_digest_says(here, clock):
    """Planted: a digest made of the question alone."""
    made = asks(here, clock)
    assert digest_of(made.frozen) == made.digest
    assert digest_of({**made.frozen, "cost": "1.00"}) != made.digest


def test_the_stage_that_was_asked_for_is_the_one_that_opens(here, clock):
    """A stage switched off meanwhile is not opened, and none instead of it. Planted: `next_stage` opened."""
    made = asks(here, clock)
    with writing():
        Organisation.current().change(by=here.admin, now=clock(), designing=False)
    with pytest.raises(NotNow, match="somebody moved it first"):
        decides(made, here, clock, Decision.approved)
    assert here.one.stage == Stage.framed


def test_only_requests_open_stages():
    """Rule 1. Planted: `open_stage` called from a view of initiatives."""
    called = {"ask_stage": set(), "open_stage": set(), "decline_ask": set(), "withdraw_ask": set()}
    for file in paths.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in called:  # fmt: skip
                called[node.func.attr].add(file.relative_to(paths.PACKAGE).parts[0])
    assert called == {key: {"approvals"} for key in called}
