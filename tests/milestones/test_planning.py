"""A milestone is planned for a day, and every day that it had stays (rule 12).

Planted faults seen red are named in each test.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.initiatives.stories import idea
from tests.milestones.conftest import DUE, plans
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage
from tracker.milestones import planning
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.moves import moves_of
from tracker.milestones.states import State


def last_event() -> Event:
    return db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


@pytest.mark.both
def test_a_milestone_is_planned_with_its_criteria_and_the_trail_says_so(here, clock):
    """Planted: the event left out of `plan`."""
    made = plans(
        here, clock, criteria=["Ten customers read it", "Ten more"], measures={Measure.no_blockers}
    )
    assert (made.state, made.due_on, made.first_due_on, made.slips) == (State.planned, DUE, DUE, 0)
    assert [(one.measure, one.words) for one in criteria_of([made.id])] == [
        (Measure.no_blockers, ""), (None, "Ten customers read it"), (None, "Ten more")
    ]  # fmt: skip
    event = last_event()
    assert (event.kind, event.subject_id, event.initiative_id) == ("milestone.planned", made.id, here.one.id)  # fmt: skip
    assert event.after["due_on"] == "2026-04-10"
    assert verify_stored().whole


@pytest.mark.both
def test_every_day_that_it_had_stays_and_only_a_later_one_is_a_slip(here, clock):
    """Planted: a slip counted for every move; the row of the move left out; no reason asked for."""
    made = plans(here, clock)
    for day, words in (
        (date(2026, 4, 20), "The printer is late."),
        (date(2026, 4, 15), "It came."),
        (date(2026, 5, 1), "It broke."),
    ):
        with writing():
            made.reschedule(day, words, by=here.lead, now=clock())
    assert (made.due_on, made.first_due_on, made.slips) == (date(2026, 5, 1), DUE, 2)
    assert [(one.from_on.day, one.to_on.day, one.words) for one in moves_of(made.id)] == [
        (15, 1, "It broke."), (20, 15, "It came."), (10, 20, "The printer is late.")
    ]  # fmt: skip
    event = last_event()
    assert (event.before["due_on"], event.after["due_on"], event.private) == (
        "2026-04-15", "2026-05-01", {"words": "It broke."}
    )  # fmt: skip
    for day, words, said in (
        (date(2026, 5, 1), "Why not.", "due on that day already"),
        (date(2026, 3, 1), "Why not.", "today or a later day"),
        (date(2026, 6, 1), "  ", "Say why it gets another day"),
    ):
        with pytest.raises(NotNow, match=said), writing():
            made.reschedule(day, words, by=here.lead, now=clock())
    assert len(moves_of(made.id)) == 3
    assert verify_stored().whole


@pytest.mark.both
def test_a_stage_has_one_gate_and_the_database_says_so(here, clock):
    """Planted: the unique index not unique; the words of the refusal lost."""
    plans(here, clock, opens=Stage.piloting)
    with pytest.raises(NotNow, match="There is a gate to Piloting already"):
        plans(here, clock, opens=Stage.piloting)
    row = {
        "initiative_id": here.one.id, "name": "Another", "opens": Stage.piloting, "due_on": DUE, "first_due_on": DUE, "slips": 0,
        "state": State.planned, "planned_at": clock(), "dropped_words": "", "version": 1,
    }  # fmt: skip
    with pytest.raises(IntegrityError), writing():
        db.session.execute(insert(Milestone.__table__), [row])
    plans(here, clock, "No gate")
    plans(here, clock, "No gate either")


@pytest.mark.parametrize("stage", [Stage.idea, Stage.framed])
def test_a_gate_opens_only_what_lies_ahead(here, clock, stage):
    """Planted: `refuse_behind` not asked in `plan`."""
    with pytest.raises(NotNow, match="opens nothing any more"):
        plans(here, clock, opens=stage)


def test_adopted_work_has_gates_for_later_stages_only(here, clock):
    """Planted: the stages that lie ahead counted from `framed`."""
    one = idea(here, clock(), "Under way")
    with writing():
        one.propose_sponsor(here.executive, by=here.manager, now=clock(), adopt_at=Stage.piloting)
        one.accept_sponsorship(by=here.executive, now=clock())
    assert planning.stages_ahead(one) == [Stage.rolling_out, Stage.proving, Stage.realised]
    here.one = one
    with pytest.raises(NotNow, match="stands at Piloting: a gate to Piloting"):
        plans(here, clock, opens=Stage.piloting)
    assert plans(here, clock, opens=Stage.rolling_out).opens == Stage.rolling_out


def test_what_cannot_be_planned_is_refused_in_words(here, clock, monkeypatch):
    """Planted: a blank name let through; no most."""
    with pytest.raises(NotNow, match="what is reached then"):
        plans(here, clock, "  ")
    with pytest.raises(NotNow, match="today or a later day"):
        plans(here, clock, due_on=date(2026, 3, 1))
    monkeypatch.setattr(planning, "MOST", 1)
    plans(here, clock)
    with pytest.raises(NotNow, match="has 1 milestones"):
        plans(here, clock, "One more")


def test_a_criterion_whose_words_stay_keeps_who_found_it_met(here, clock):
    """Planted: all criteria made anew by `change`."""
    made = plans(here, clock, criteria=["Ten customers read it", "The printer is there"])
    with writing():
        made.find_met(criteria_of([made.id])[0], evidence="We rang them.", by=here.lead, now=clock())  # fmt: skip
    with writing():
        made.change(
            name="The pilot runs", criteria=["A new one", "Ten customers read it"], measures={Measure.goal_whole}, by=here.manager,
            now=clock(),
        )  # fmt: skip
    assert [(one.called, one.met_at is not None) for one in criteria_of([made.id])] == [
        ("The goal is whole: KPI, baseline, target and both days", False), ("A new one", False), ("Ten customers read it", True),
    ]  # fmt: skip
    event = last_event()
    assert (event.kind, event.after["fields"]) == ("milestone.changed", ["criteria"])
    assert event.private["was"]["criteria"] == "Ten customers read it\nThe printer is there"
    before, version = last_event().id, made.version
    with writing():
        made.change(
            name="The pilot runs ", criteria=["A new one", "Ten customers read it"], measures={Measure.goal_whole}, by=here.lead,
            now=clock(),
        )  # fmt: skip
    assert (last_event().id, made.version) == (
        before,
        version,
    )  # nothing changed, so nothing is told
    assert verify_stored().whole


def test_nothing_is_planned_in_what_has_ended(here, clock):
    """Planted: `refuse_ended` not asked."""
    with writing():
        here.one.stop(by=here.executive, now=clock(), words="Enough.")
    with pytest.raises(NotNow, match="has ended; nothing is planned in it any more"):
        plans(here, clock)
