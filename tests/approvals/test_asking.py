"""Requests are drafted, put to the sponsor with all they stand on, and taken back (rules 13 to 15)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests import gates
from tests.approvals.conftest import asks, drafts
from tests.initiatives.stories import idea
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.states import State as Reached


def kinds(*beginnings: str) -> list[str]:
    found = db.session.scalars(select(Event.kind).order_by(Event.id))
    return [kind for kind in found if kind.startswith(beginnings or ("approval.", "stage."))]


@pytest.mark.both
def test_a_draft_is_the_authors_own_until_it_is_put_to_the_sponsor(here, clock):
    """Planted: `draft` that asks at once."""
    made = drafts(here, clock)
    assert (made.state, made.digest, made.frozen, here.one.asked_stage) == (State.draft, "", None, None)  # fmt: skip
    with writing():
        made.submit(by=here.lead, now=clock())
    assert (made.state, here.one.asked_stage, here.one.stage) == (State.submitted, Stage.designing, Stage.framed)  # fmt: skip
    assert len(made.digest) == 64
    assert kinds() == ["approval.drafted", "stage.asked", "approval.submitted"]
    assert verify_stored().whole


def test_a_gate_that_nobody_planned_is_planned_with_the_request(here, clock):
    """Planted: a gate without its usual criteria."""
    made = asks(here, clock)
    gate = db.session.get_one(Milestone, made.milestone_id)
    assert (gate.opens, gate.name, gate.due_on) == (Stage.designing, "Gate to Designing", made.decide_by)  # fmt: skip
    assert [one.called for one in criteria_of([gate.id])][-1] == "Customers have told in their own words what goes wrong"  # fmt: skip
    with writing():
        made.withdraw(by=here.lead, now=clock())
    again = asks(here, clock)
    assert again.milestone_id == gate.id
    assert db.session.query(Milestone).count() == 1


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"gain": ""}, "the gain"),
        ({"waiting": " "}, "what happens if it waits"),
        ({"risk": ""}, "the open risk"),
        ({"decide_by": None}, "by when to decide"),
        ({"cost": None, "cost_words": ""}, "the cost"),
    ],
)
def test_what_a_request_does_not_say_is_listed(here, clock, lacking, words):
    """Planted: each of the five taken out of `missing` in turn."""
    made = drafts(here, clock, **lacking)
    with pytest.raises(NotNow, match=f"does not say yet: {words}"), writing():
        made.submit(by=here.lead, now=clock())
    assert here.one.asked_stage is None


def test_a_request_begins_with_a_question_and_ends_before_its_day_has_passed(here, clock):
    """Planted: the question not asked for; the day not compared."""
    with pytest.raises(NotNow, match="in one question"), writing():
        gates.drafted(here.one, now=clock(), question="  ")
    made = drafts(here, clock, decide_by=date(2026, 3, 3))
    clock.forward(days=2)
    with pytest.raises(NotNow, match="has passed"), writing():
        made.submit(by=here.lead, now=clock())


def test_what_is_not_met_is_shown_and_not_refused(here, clock):
    """The sponsor sees it and may decide all the same. Planted: an unmet criterion that refuses the request."""
    made = asks(here, clock)
    assert [one["met"] for one in made.frozen["criteria"].values()].count(False) > 0
    with writing():
        assert made.decide(Decision.approved, by=here.executive, now=clock())
    assert here.one.stage == Stage.designing


def test_one_request_for_a_gate_at_a_time(here, clock):
    """Planted: the partial index left out."""
    asks(here, clock)
    with pytest.raises(NotNow, match="Somebody has a request to open Designing already"), writing():
        gates.drafted(here.one, now=clock(), by=here.manager)


@pytest.mark.both
def test_the_database_refuses_two_open_requests_and_a_decision_of_the_requester(here, clock):
    """Planted: `uq_approval_open` left out; the check `decided_by_another` left out."""
    made = asks(here, clock)
    columns = ", ".join(c.name for c in Approval.__table__.columns if c.name != "id")
    row = {"id": made.id}
    for refused in (
        f"INSERT INTO approval ({columns}) SELECT {columns} FROM approval WHERE id = :id",
        "UPDATE approval SET state = 'decided', decision = 'approved', closed_at = asked_at, decided_by_id = asked_by_id WHERE id = :id",
        "UPDATE approval SET state = 'decided', closed_at = asked_at WHERE id = :id",
    ):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(text(refused), row)


def test_who_decides_does_not_ask(here, clock):
    """Planted: `refuse_sponsor` left out of `draft`, of `change`, of `submit`."""
    with (
        pytest.raises(NotNow, match="You are the sponsor: you decide, and somebody of the team"),
        writing(),
    ):
        gates.drafted(here.one, now=clock(), by=here.executive)
    made = drafts(here, clock)
    for act in (
        lambda: made.submit(by=here.executive, now=clock()),
        lambda: made.change({"gain": "Mine"}, by=here.executive, now=clock()),
    ):
        with (
            pytest.raises(
                NotNow, match="You are the sponsor: you decide, and somebody of the team"
            ),
            writing(),
        ):
            act()


def test_nothing_is_asked_about_an_idea_a_later_stage_or_what_has_ended(here, cast, clock):
    """Planted: `refuse_unaskable` without each of its questions."""
    young = idea(cast, clock(), "Young")
    with pytest.raises(NotNow, match="when an executive accepts"), writing():
        gates.drafted(young, now=clock())
    with pytest.raises(NotNow, match="stands at Framed by now"), writing():
        Approval.draft(here.one, Stage.piloting, by=here.lead, now=clock(), question="Shall we?")
    made = drafts(here, clock)
    with writing():
        here.one.stop(by=here.executive, now=clock(), words="Enough.")
    assert (made.state, kinds()[-2:]) == (State.withdrawn, ["approval.closed", "stage.stopped"])
    with pytest.raises(NotNow, match="was withdrawn"), writing():
        made.submit(by=here.lead, now=clock())
    with pytest.raises(NotNow, match="has ended"), writing():
        gates.drafted(here.one, now=clock())


def test_on_hold_nothing_is_put_to_the_sponsor(here, clock):
    """Planted: `ask_stage` left out of `submit`."""
    made = drafts(here, clock)
    with writing():
        here.one.hold(by=here.executive, now=clock(), words="Wait.")
    with pytest.raises(NotNow, match="on hold"), writing():
        made.submit(by=here.lead, now=clock())
    assert made.state == State.draft


def test_who_asked_takes_it_back_and_asks_anew(here, clock):
    """Planted: the card left wearing "asked"."""
    made = asks(here, clock)
    with writing():
        made.withdraw(by=here.lead, now=clock())
    assert (made.state, made.closed_at, here.one.asked_stage) == (State.withdrawn, clock(), None)
    with pytest.raises(NotNow, match="was withdrawn"), writing():
        made.withdraw(by=here.lead, now=clock())
    assert asks(here, clock, by=here.manager).state == State.submitted
    assert compare(db.session.connection()).whole


def test_what_the_sponsor_has_is_put_to_them_anew_when_it_changes(here, clock):
    """Planted: `submit` that keeps what was frozen first; one that puts the same once more."""
    made = asks(here, clock)
    first = made.digest
    with pytest.raises(NotNow, match="nothing of it has changed"), writing():
        made.submit(by=here.lead, now=clock())
    clock.forward(hours=1)
    with writing():
        made.change({"gain": "Twice as much"}, by=here.manager, now=clock())
        made.submit(by=here.manager, now=clock())
    assert (made.digest != first, made.asked_at, made.asked_by_id) == (True, clock(), here.manager.id)  # fmt: skip
    assert (here.one.asked_by_id, made.frozen["says"]["gain"]) == (here.manager.id, "Twice as much")
    assert kinds()[-4:] == ["approval.changed", "stage.ask_withdrawn", "stage.asked", "approval.submitted"]  # fmt: skip
    with pytest.raises(NotNow, match="You asked for this"), writing():
        made.decide(Decision.approved, by=here.lead, now=clock())


def test_what_was_asked_before_there_were_requests_becomes_one(here, clock):
    """It has no request to decide on. Planted: `asked_stage` not looked at."""
    with writing():
        here.one.ask_stage(by=here.manager, now=clock(), words="Please.")
    made = asks(here, clock)
    assert (here.one.asked_by_id, made.state) == (here.lead.id, State.submitted)
    with writing():
        made.decide(Decision.approved, by=here.executive, now=clock())
    assert here.one.stage == Stage.designing


def test_a_gate_that_is_asked_about_is_not_dropped(here, clock):
    """Planted: the hook left out."""
    made = asks(here, clock)
    gate = db.session.get_one(Milestone, made.milestone_id)
    with pytest.raises(NotNow, match="A request is open about this gate"), writing():
        gate.drop("Not needed.", by=here.lead, now=clock())
    with writing():
        made.withdraw(by=here.lead, now=clock())
        gate.drop("Not needed.", by=here.lead, now=clock())
    assert gate.state == Reached.dropped


def test_stepping_back_ends_what_was_asked_about_the_stage_after(here, clock):
    """Planted: `close_behind` not hung on stepping back."""
    with writing():
        gates.opened(here.one, by=here.executive, now=clock())
    made = asks(here, clock)
    with writing():
        here.one.step_back(by=here.executive, now=clock(), words="Too early.")
    assert (made.opens, made.state, here.one.asked_stage) == (Stage.piloting, State.withdrawn, None)
    again = asks(here, clock, decide_by=clock().date() + timedelta(days=3))
    assert again.opens == Stage.designing
