"""A milestone is reached when its criteria are met; a gate by the decision on its stage alone (rules 1, 6 and 12).

Planted faults seen red are named in each test.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from tests import gates
from tests.aims import prove
from tests.initiatives.stories import idea
from tests.milestones.conftest import plans
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.friction import Friction
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.measuring import OnRecord
from tracker.milestones.models import Milestone
from tracker.milestones.states import State
from tracker.organisation.settings import Organisation


def kinds() -> list[str]:
    query = select(Event.kind).where(Event.kind.like("milestone.%")).order_by(Event.id)
    return [kind.removeprefix("milestone.") for kind in db.session.scalars(query)]


def opened(here, clock, *stages: Stage) -> None:
    for stage in stages:
        with writing():
            gates.opened(here.one, stage, by=here.executive, now=clock(), words="Go on.")


@pytest.mark.both
def test_it_is_reached_once_every_criterion_is_met_and_not_before(here, clock):
    """Planted: `reach` without asking what is open; a criterion found met without evidence."""
    made = plans(here, clock, criteria=["Ten customers read it"], measures={Measure.no_blockers})
    with pytest.raises(NotNow, match="Not met yet: Ten customers read it"), writing():
        made.reach(by=here.lead, now=clock())
    (by_hand,) = [one for one in criteria_of([made.id]) if one.measure is None]
    with pytest.raises(NotNow, match="Say what shows that it is met"), writing():
        made.find_met(by_hand, evidence="  ", by=here.lead, now=clock())
    with writing():
        made.find_met(by_hand, evidence="We rang them.", link="https://example.org/ten", by=here.lead, now=clock())  # fmt: skip
    with writing():
        made.reach(by=here.lead, now=clock())
    assert (made.state, made.reached_at, made.reached_by_id) == (State.reached, clock(), here.lead.id)  # fmt: skip
    assert kinds() == ["planned", "criterion_met", "reached"]
    with pytest.raises(NotNow, match="This milestone is reached"), writing():
        made.reach(by=here.lead, now=clock())
    assert verify_stored().whole


def test_who_found_a_criterion_met_may_be_wrong(here, clock):
    """Planted: the evidence kept when it is taken back (the next one could not say who found it)."""
    made = plans(here, clock, criteria=["Ten customers read it"], measures={Measure.no_blockers})
    measured, by_hand = criteria_of([made.id])
    with pytest.raises(NotNow, match="open already"), writing():
        made.find_open(by_hand, by=here.lead, now=clock())
    with writing():
        made.find_met(by_hand, evidence="We rang them.", by=here.lead, now=clock())
    with pytest.raises(NotNow, match="met already"), writing():
        made.find_met(by_hand, evidence="Again.", by=here.lead, now=clock())
    with writing():
        made.find_open(by_hand, by=here.manager, now=clock())
    assert (by_hand.met_at, by_hand.met_by_id, by_hand.evidence) == (None, None, "")
    event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.private == {"criterion": "Ten customers read it", "words": "We rang them."}
    for find in (made.find_open, lambda one, **more: made.find_met(one, evidence="So.", **more)):
        with pytest.raises(NotNow, match="read from what is on record"), writing():
            find(measured, by=here.lead, now=clock())


def test_what_is_on_record_is_measured_anew_each_time(here, clock):
    """Planted: each of the measures answered with yes; a draft taken for a charter."""

    def met():
        return {measure for measure in Measure if OnRecord(here.one, clock()).meets(measure)}

    assert met() == {Measure.goal_whole, Measure.all_signed, Measure.no_blockers}
    with writing():
        Friction.of(here.one).describe(here.one, by=here.lead, now=clock(), words="Three letters a month")  # fmt: skip
        draft = CharterDraft.of(here.one)
        draft.save(here.one, by=here.lead, now=clock(), purpose="One bill")
    assert met() == {Measure.goal_whole, Measure.all_signed, Measure.no_blockers}
    with writing():
        Friction.of(here.one).describe(here.one, by=here.lead, now=clock(), evidence="Twelve calls")
        draft.publish(here.one, note="", wording_only=False, by=here.lead, now=clock())
        Organisation.current().change(by=here.admin, now=clock(), modules={"signatures"})
        Blocker.raise_(
            here.one, title="No data", blocked_unit_id=here.care.id, holder_unit_id=here.it.id, by=here.lead, now=clock()
        )  # fmt: skip
    assert met() == {Measure.customer_evidence, Measure.goal_whole, Measure.charter_published}
    with writing():
        Organisation.current().change(by=here.admin, now=clock(), modules=set())
    opened(here, clock, Stage.designing, Stage.piloting)
    assert Measure.goal_locked in met()


def test_a_gate_is_reached_by_the_decision_that_opens_its_stage_and_by_nothing_else(here, clock):
    """Planted: `reach` that does not look whether it is a gate; `open_gates` not registered."""
    gate = plans(here, clock, "Design", opens=Stage.designing, criteria=["Customers were asked"])
    later = plans(here, clock, "Pilot", opens=Stage.piloting)
    with pytest.raises(NotNow, match="the sponsor reaches it by deciding"), writing():
        gate.reach(by=here.lead, now=clock())
    opened(here, clock, Stage.designing)
    assert (gate.state, gate.reached_by_id, later.state) == (State.reached, here.executive.id, State.planned)  # fmt: skip
    event = db.session.scalars(select(Event).where(Event.kind == "milestone.gate_opened")).one()
    assert (event.after["stage"], event.after["unmet"]) == ("designing", 1)
    with pytest.raises(NotNow, match="steps back from its stage"), writing():
        gate.take_up(by=here.lead, now=clock())
    assert verify_stored().whole


def test_stepping_back_closes_the_gate_and_the_next_decision_reaches_it_again(here, clock):
    """Planted: `close_gates` not registered; the gate of every stage closed."""
    first = plans(here, clock, "Design", opens=Stage.designing)
    second = plans(here, clock, "Pilot", opens=Stage.piloting)
    opened(here, clock, Stage.designing, Stage.piloting)
    with writing():
        here.one.step_back(by=here.executive, now=clock(), words="Too early.")
    assert (first.state, second.state, second.reached_at) == (State.reached, State.planned, None)
    opened(here, clock, Stage.piloting)
    assert second.state == State.reached
    assert kinds()[2:] == ["gate_opened", "gate_opened", "gate_closed", "gate_opened"]


def test_adoption_decides_on_no_gate(here, clock):
    """Planted: the gate of the stage of adoption reached by it; the later gate passed over."""
    here.one = idea(here, clock(), "Under way")
    gates = {
        stage: plans(here, clock, stage, opens=stage)
        for stage in (Stage.framed, Stage.piloting, Stage.rolling_out)
    }
    with writing():
        here.one.propose_sponsor(here.executive, by=here.manager, now=clock(), adopt_at=Stage.piloting)  # fmt: skip
        here.one.accept_sponsorship(by=here.executive, now=clock())
    assert [gate.state for gate in gates.values()] == [State.dropped, State.dropped, State.planned]
    assert kinds()[3:] == ["passed_over", "passed_over"]
    opened(here, clock, Stage.rolling_out)
    assert gates[Stage.rolling_out].state == State.reached
    with pytest.raises(NotNow, match="opens nothing any more"), writing():
        gates[Stage.piloting].take_up(by=here.lead, now=clock())


def test_accepting_the_sponsorship_is_the_decision_on_the_gate_to_framed(here, clock):
    """Planted: every entry after `idea` taken for an adoption."""
    here.one = idea(here, clock(), "New")
    gate = plans(here, clock, "Framed", opens=Stage.framed)
    with writing():
        here.one.propose_sponsor(here.executive, by=here.manager, now=clock())
        here.one.accept_sponsorship(by=here.executive, now=clock())
    assert (gate.state, gate.reached_by_id) == (State.reached, here.executive.id)


@pytest.mark.both
def test_what_was_planned_is_dropped_with_an_initiative_that_is_stopped(here, clock):
    """Planted: `drop_all` not registered; what was reached dropped as well."""
    gate, plain = plans(here, clock, "Pilot", opens=Stage.piloting), plans(here, clock)
    done = plans(here, clock, "Begun")
    with writing():
        done.reach(by=here.lead, now=clock())
        here.one.hold(by=here.executive, now=clock(), words="Until spring.")
    assert (gate.state, plain.state) == (State.planned, State.planned)
    with writing():
        here.one.stop(by=here.executive, now=clock(), words="Enough.")
    assert (gate.state, plain.state, done.state) == (State.dropped, State.dropped, State.reached)
    assert kinds()[-2:] == ["dropped_with_initiative"] * 2
    for one in (gate, done):
        with pytest.raises(NotNow, match="has ended"), writing():
            one.take_up(by=here.lead, now=clock())
    assert verify_stored().whole


def test_nothing_stays_planned_in_what_is_realised(here, clock):
    """Planted: only gates looked at as `realised` is entered."""
    gate, plain = plans(here, clock, "Realised", opens=Stage.realised), plans(here, clock)
    opened(here, clock, Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving)
    clock.forward(days=400)
    with writing():
        prove(here.one, here.lead, clock())
    opened(here, clock, Stage.realised)
    assert (gate.state, plain.state) == (State.reached, State.dropped)


def test_it_is_dropped_in_words_and_taken_up_again(here, clock):
    """Planted: no reason asked for; the second gate of a stage let through as the first is taken up."""
    gate = plans(here, clock, "Pilot", opens=Stage.piloting)
    with pytest.raises(NotNow, match="Say why it is dropped"), writing():
        gate.drop(" ", by=here.lead, now=clock())
    with writing():
        gate.drop("Nobody needs it.", by=here.lead, now=clock())
    assert (gate.state, gate.dropped_words) == (State.dropped, "Nobody needs it.")
    with pytest.raises(NotNow, match="was dropped"), writing():
        gate.reschedule(date(2026, 5, 1), "Later.", by=here.lead, now=clock())
    other = plans(here, clock, "Another pilot", opens=Stage.piloting)
    with pytest.raises(NotNow, match="There is a gate to Piloting already"), writing():
        db.session.get_one(Milestone, gate.id).take_up(by=here.lead, now=clock())
    with writing():
        db.session.get_one(Milestone, other.id).drop("Not this one.", by=here.lead, now=clock())
    with writing():
        gate = db.session.get_one(Milestone, gate.id)
        gate.take_up(by=here.manager, now=clock())
    assert (gate.state, gate.dropped_at, gate.dropped_words) == (State.planned, None, "")
    assert verify_stored().whole
    assert compare(db.session.connection()).whole  # every row is as its events say


def test_what_changed_meanwhile_is_seen_under_the_lock(here, clock):
    """Planted: `again` that reads nothing anew."""
    id_ = plans(here, clock).id
    milestone = Milestone.find(here.lead, id_)
    meanwhile = update(Milestone).where(Milestone.id == id_).values(version=7)
    with writing() as session:
        session.execute(meanwhile, execution_options={"synchronize_session": False})
        fresh = milestone.again(here.lead)
        fresh.drop("Nobody needs it.", by=here.lead, now=clock())
    assert (fresh.version, fresh.state) == (8, State.dropped)
