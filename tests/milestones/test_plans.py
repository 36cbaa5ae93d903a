"""Stage plans: kept with their gates, one the usual, and what an initiative takes over of them. Each test names what was planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from tests.conftest import counted
from tests.initiatives.stories import USUAL, idea, kinds, last_event, sponsored
from tracker.activity.trail import verify_stored
from tracker.approvals.models import Approval
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.checkpoints import MONTHS, months_after
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import ORDER, USUAL_DAYS, Stage
from tracker.milestones import planning
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan, StagePlanGate, plans_in_use, terms_of, usual_plan
from tracker.milestones.proposing import plan_for
from tracker.milestones.states import State
from tracker.milestones.usual import GateTerms, days_ahead, usual_terms
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.both
PILOT = GateTerms("Ten homes try it", ("Ten said yes",), (Measure.goal_whole,), 20)
QUICK = {
    Stage.designing: GateTerms("", (), (Measure.charter_published,), 5),
    Stage.piloting: PILOT,
    Stage.rolling_out: GateTerms("", ("They say it is better",), (), 10),
}


def added(here: Any, clock: Any, name: str = "Small fix", **more: Any) -> StagePlan:
    """Add a plan by the administrator, in a write of its own."""
    with writing():
        return StagePlan.add(
            name=name, **{"gates": QUICK, "by": here.admin, "now": clock(), **more}
        )


def gates_of(one: Initiative) -> dict[Stage | None, Milestone]:
    """The planned gates of an initiative."""
    query = select(Milestone).where(Milestone.initiative_id == one.id, Milestone.state == State.planned)  # fmt: skip
    return {gate.opens: gate for gate in db.session.scalars(query.order_by(Milestone.id))}


def test_a_plan_says_what_it_was_told_and_the_rest_as_the_built_in_one(here, clock):
    """Planted: criteria joined with a blank; a stage that was left out of it without criteria."""
    plan = added(here, clock)
    assert last_event().kind == "stage_plan.added"
    terms = terms_of(plan)
    assert list(terms) == list(ORDER[1:])
    assert {stage: terms[stage] for stage in QUICK} == QUICK
    assert terms[Stage.realised] == usual_terms(Stage.realised)
    assert terms[Stage.piloting].called(Stage.piloting) == "Ten homes try it"
    assert terms[Stage.designing].called(Stage.designing) == "Gate to Designing"
    assert (usual_plan(), plans_in_use()) == (None, [plan])


def test_a_change_is_on_record_with_what_it_was_and_leaves_other_stages_alone(here, clock):
    """Planted: the gates left out of what is compared; an event where nothing changed; the gates of other stages deleted."""
    plan = added(here, clock)
    was = plan.version
    with writing():
        plan.change(
            name="Small fix",
            gates={Stage.piloting: PILOT},
            at_acceptance=False,
            by=here.admin,
            now=clock(),
        )
    assert (plan.version, last_event().kind) == (was, "stage_plan.added")
    slower = replace(PILOT, days=30)
    with writing():
        plan.change(
            name="Small fixes",
            gates={Stage.piloting: slower},
            at_acceptance=True,
            by=here.admin,
            now=clock(),
        )
    event = last_event()
    assert (event.kind, event.after["fields"]) == (
        "stage_plan.changed",
        ["at_acceptance", "gates", "name"],
    )
    assert (event.before["name"], event.after["name"]) == ("Small fix", "Small fixes")
    assert (
        "Piloting; 20; Ten homes try it; goal_whole; Ten said yes" in event.private["was"]["gates"]
    )
    assert "Piloting; 30;" in event.private["now"]["gates"]
    assert terms_of(plan)[Stage.designing] == QUICK[Stage.designing]
    assert verify_stored().faults == []


def test_one_plan_at_most_is_the_usual_one(here, clock):
    """Planted: the one before left as it was, which the database refuses; what is usual already made so again."""
    first, second = added(here, clock, usual=True), added(here, clock, "New technology")
    assert usual_plan() == first
    with writing():
        second.make_usual(by=here.admin, now=clock())
    assert (usual_plan(), first.usual) == (second, False)
    assert (last_event().kind, last_event().before) == (
        "stage_plan.made_usual",
        {"stage_plan_id": first.id},
    )
    with pytest.raises(NotNow, match="New technology is the usual stage plan already"), writing():
        second.make_usual(by=here.admin, now=clock())
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(StagePlan).where(StagePlan.id == first.id).values(usual=True))


def test_what_is_out_of_use_is_gone_for_good_and_the_built_in_one_is_back(here, clock):
    """Planted: an ended plan left the usual one, which the database refuses; its name kept from others."""
    plan = added(here, clock, usual=True)
    with writing():
        plan.end(by=here.admin, now=clock())
    assert (usual_plan(), plans_in_use()) == (None, [])
    assert (last_event().kind, last_event().before) == ("stage_plan.ended", {"usual": True})
    for verb, more in (
        ("end", {}), ("make_usual", {}), ("change", {"name": "Other", "gates": {}, "at_acceptance": False}),
    ):  # fmt: skip
        with pytest.raises(NotNow, match="out of use"), writing():
            getattr(plan, verb)(by=here.admin, now=clock(), **more)
    assert added(here, clock).name == plan.name


def test_two_plans_in_use_have_two_names(here, clock):
    """Planted: the index over the names taken away, whose refusal would not come then; a plan without a name."""
    added(here, clock)
    with pytest.raises(NotNow, match="There is a stage plan called Small fix already"):
        added(here, clock)
    with pytest.raises(NotNow, match="for which kind"):
        added(here, clock, " ")


def test_days_are_counted_from_gate_to_gate_in_working_days(here, clock):
    """And where a plan names none, as the built-in one counts. Planted: each counted from today; calendar days."""
    plan = added(here, clock)
    days = days_ahead(here.one, date(2026, 3, 2), terms_of(plan), {})
    assert days[Stage.designing] == date(2026, 3, 9)
    assert days[Stage.piloting] == date(2026, 4, 6)
    assert days[Stage.rolling_out] == date(2026, 4, 20)
    assert days[Stage.proving] == USUAL.add(days[Stage.rolling_out], USUAL_DAYS[Stage.rolling_out])
    assert days[Stage.realised] == months_after(days[Stage.proving], MONTHS[-1])


def accepted(
    here: Any, clock: Any, adopt_at: Stage | None = None, title: str = "New work"
) -> Initiative:
    """An idea of Lena's whose sponsorship Emil accepts."""
    made = idea(here, clock(), title)
    with writing():
        made.propose_sponsor(here.executive, by=here.manager, now=clock(), adopt_at=adopt_at)
        made.accept_sponsorship(by=here.executive, now=clock())
    return made


def test_gates_are_planned_as_a_sponsor_accepts_where_the_usual_plan_says_so(here, clock):
    """Each on record, in the same transaction, by nobody's hand. Planted: the mark of the plan not looked at; the plan left out
    of the milestone; the criteria left out."""
    added(here, clock, "Another kind", at_acceptance=True)
    assert gates_of(accepted(here, clock, title="Before")) == {}
    plan = added(here, clock, at_acceptance=True, usual=True)
    one = accepted(here, clock)
    gates = gates_of(one)
    assert list(gates) == [
        Stage.designing,
        Stage.piloting,
        Stage.rolling_out,
        Stage.proving,
        Stage.realised,
    ]
    pilot = gates[Stage.piloting]
    assert (pilot.name, pilot.due_on, pilot.stage_plan_id) == (
        "Ten homes try it",
        date(2026, 4, 6),
        plan.id,
    )
    assert [(c.measure, c.words) for c in criteria_of([pilot.id])] == [
        (Measure.goal_whole, ""),
        (None, "Ten said yes"),
    ]
    assert kinds(one)[-5:] == ["milestone.planned"] * 5
    event = last_event()
    assert (event.actor_id, event.after["stage_plan_id"]) == (None, plan.id)
    assert verify_stored().faults == []


def test_what_is_planned_already_is_not_planned_twice(here, clock):
    """Nor when another sponsor accepts, nor when its first stage is left and another opens. Planted: every stage ahead planned
    whether or not it has its gate; gates planned at each acceptance; days counted as if there were none."""
    added(here, clock, at_acceptance=True, usual=True)
    made = idea(here, clock())
    with writing():
        own = Milestone.plan(
            made,
            name="Own",
            due_on=date(2026, 5, 4),
            opens=Stage.piloting,
            by=here.lead,
            now=clock(),
        )
        made.propose_sponsor(here.executive, by=here.manager, now=clock())
        made.accept_sponsorship(by=here.executive, now=clock())
    gates = gates_of(made)
    assert gates[Stage.piloting] == own
    assert len(gates) == 5
    assert gates[Stage.rolling_out].due_on == date(2026, 5, 18), "ten working days from there"
    with writing():
        gates[Stage.realised].drop("Not so far.", by=here.lead, now=clock())
        made.propose_sponsor(here.other_executive, by=here.executive, now=clock())
        made.accept_sponsorship(by=here.other_executive, now=clock())
    assert Stage.realised not in gates_of(made)


def test_adopted_work_gets_the_gates_that_lie_ahead(here, clock):
    """Planted: adoption left out."""
    added(here, clock, at_acceptance=True, usual=True)
    one = accepted(here, clock, Stage.piloting)
    assert list(gates_of(one)) == [Stage.rolling_out, Stage.proving, Stage.realised]
    assert gates_of(one)[Stage.rolling_out].due_on == date(2026, 3, 16)


def test_a_stage_that_is_not_in_use_gets_no_gate(here, clock):
    """Planted: the gates of a plan taken as they are listed."""
    added(here, clock, at_acceptance=True, usual=True)
    with writing():
        Organisation.current().change(by=here.admin, now=clock(), designing=False)
    assert Stage.designing not in gates_of(accepted(here, clock))


def test_a_sponsor_accepts_though_there_is_no_room_for_gates(here, clock, monkeypatch):
    """Planted: the room not looked at."""
    added(here, clock, at_acceptance=True, usual=True)
    monkeypatch.setattr(planning, "MOST", 4)
    one = accepted(here, clock)
    assert (one.stage, gates_of(one)) == (Stage.framed, {})


@pytest.mark.parametrize(("switched_on", "most"), [(False, 0), (True, 24)])
def test_accepting_many_takes_as_many_statements_for_each(app, here, clock, switched_on, most):
    """As many as without a plan where it plans nothing then, else a few for each of five gates. Planted: what a plan says read
    for each gate of it; gates planned though the plan does not say so."""
    kept = Organisation.current()  # as a request keeps it
    made = [idea(here, clock(), f"Work {n}") for n in range(10)]
    with writing():
        for one in made:
            one.propose_sponsor(here.executive, by=here.manager, now=clock())

    def taken(some: list[Initiative]) -> int:
        with counted(app) as seen, writing():
            for one in some:
                one.accept_sponsorship(by=here.executive, now=clock())
        return len(seen)

    first, several = taken(made[:1]), taken(made[1:5])
    added(here, clock, at_acceptance=switched_on, usual=True)
    alike = taken(made[5:6]), taken(made[6:10])
    each = (alike[1] - alike[0]) / 3 - (several - first) / 3
    assert each <= most
    assert db.session.scalar(select(func.count(Milestone.id))) == 25 * switched_on
    assert kept.id == 1


def drafts(here: Any, clock: Any, one: Initiative, stage: Stage = Stage.designing) -> Milestone:
    """Ask for a stage whose gate nobody planned, and return the gate."""
    with writing():
        asked = Approval.draft(one, stage, question="Shall it begin?", by=here.lead, now=clock())
    return db.session.get_one(Milestone, asked.milestone_id)


def test_the_gate_of_a_request_comes_from_the_plan_of_the_others(here, clock):
    """Else from the usual one. Planted: always the usual one; a plan that is out of use; the plan of another initiative."""
    assert drafts(here, clock, here.one).stage_plan_id is None
    other = sponsored(here, clock(), "Two bills")
    own = added(here, clock, "Small fix")
    with writing():
        Milestone.plan(
            other, name="Pilot", due_on=date(2026, 5, 4), opens=Stage.piloting, by=here.lead, now=clock(), stage_plan_id=own.id
        )  # fmt: skip
    usual = added(here, clock, "New technology", gates={}, usual=True)
    assert plan_for(here.one) == usual
    gate = drafts(here, clock, other)
    assert gate.stage_plan_id == own.id
    assert [one.measure for one in criteria_of([gate.id])] == [Measure.charter_published]
    with writing():
        own.end(by=here.admin, now=clock())
    assert plan_for(other) == usual


def test_the_database_keeps_what_a_plan_is(here, clock):
    """Planted: each rule taken out of its table."""
    plan = added(here, clock)
    for change in (
        update(StagePlan).values(name=""),
        update(StagePlan).values(usual=True, ended_at=clock()),
        update(StagePlanGate).where(StagePlanGate.plan_id == plan.id).values(days=0),
        update(StagePlanGate).where(StagePlanGate.plan_id == plan.id).values(stage=Stage.idea),
    ):
        with pytest.raises(IntegrityError), writing():
            db.session.execute(change)


def test_no_partner_knows_of_a_plan(here, clock):
    """Planted: a scope that shows partners all of them."""
    plan = added(here, clock)
    assert db.session.scalars(StagePlan.visible_to(here.contact)).all() == []
    assert db.session.scalars(StagePlan.visible_to(here.member)).all() == [plan]


def test_the_trail_names_a_plan(as_: Any, told: Any, cast: SimpleNamespace, clock: Any) -> None:
    """Planted: plans without a namer."""
    told(lambda: added(cast, clock))
    page = as_(cast.manager).get("/activity").text
    assert "added the stage plan" in page
    assert "Small fix" in page
