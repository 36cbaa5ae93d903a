"""Stages: forward by the sponsor's decision, back, on hold, stopped (rules 1 and 6).

Planted faults seen red: `open_stage` that takes any stage; `step_back` without `to`; a request left open by a stop.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.aims import prove
from tests.initiatives.stories import idea, kinds, last_event, sponsored
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives import staging
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.holds import Hold
from tracker.initiatives.spells import StageSpell
from tracker.initiatives.stages import Stage
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.usefixtures("present")


def granted(one, stage, cast, now, **more):
    """Ask for a stage, as its lead, and open it: what a decision on its gate does to the initiative."""
    one.ask_stage(by=cast.lead, now=now, words="Please.")
    one.open_stage(stage, **{"by": cast.executive, "now": now, "words": "Go.", **more})


@pytest.fixture
def one(cast, clock, present):
    return sponsored(cast, clock())


def test_the_sponsor_opens_stage_after_stage_in_words(one, cast, clock):
    for stage in (
        Stage.designing,
        Stage.piloting,
        Stage.rolling_out,
        Stage.proving,
        Stage.realised,
    ):
        clock.forward(days=7)
        with writing():
            if stage == Stage.realised:
                prove(one, cast.lead, clock())
            granted(one, stage, cast, clock())
        assert (one.stage, one.stage_since) == (stage, clock())
        assert (last_event().kind, last_event().private) == ("stage.opened", {"words": "Go."})
    assert one.ended
    spells = db.session.scalars(select(StageSpell).order_by(StageSpell.id)).all()
    assert [spell.days for spell in spells] == [5, 5, 5, 5, 5, None]


def test_no_stage_is_passed_over(one, cast, clock):
    with pytest.raises(NotNow, match="stands at Framed by now"), writing():
        one.open_stage(Stage.piloting, by=cast.executive, now=clock(), words="Go.")


def test_designing_may_be_switched_off(one, cast, clock):
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), designing=False)
        granted(one, Stage.piloting, cast, clock())
    assert one.previous_stage == Stage.framed


def test_two_decide_and_the_second_is_told(one, cast, clock):
    with writing():
        granted(one, Stage.designing, cast, clock())
    before = kinds(one)
    with pytest.raises(NotNow, match="somebody moved it first"), writing():
        one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go.")
    assert (one.stage, kinds(one)) == (Stage.designing, before)


def test_an_idea_needs_a_sponsor_first(cast, clock):
    made = idea(cast, clock())
    with pytest.raises(NotNow, match="needs a sponsor"), writing():
        made.ask_stage(by=cast.lead, now=clock(), words="Please.")


def test_no_stage_opens_that_nobody_asked_for(one, cast, clock):
    """Planted: `open_stage` without a look at what was asked."""
    with pytest.raises(NotNow, match="Nobody has asked to open Designing"), writing():
        one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go.")
    assert (one.stage, kinds(one)[-1]) == (Stage.framed, "sponsor.accepted")


def test_asked_then_granted(one, cast, clock):
    with writing():
        one.ask_stage(by=cast.lead, now=clock(), words="The team is whole.")
    assert (one.asked_stage, one.stage) == (Stage.designing, Stage.framed)
    with writing():
        one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go.")
    ask = db.session.scalars(select(StageAsk)).one()
    assert (ask.state, ask.answer_words, one.asked_stage) == (AskState.granted, "Go.", None)


def test_who_asks_does_not_decide_and_who_decides_does_not_ask(one, cast, clock):
    with pytest.raises(NotNow, match="You are the sponsor"), writing():
        one.ask_stage(by=cast.executive, now=clock(), words="Please.")
    with writing():
        one.ask_stage(by=cast.other_executive, now=clock(), words="Please.")
    for act in (
        lambda: one.open_stage(Stage.designing, by=cast.other_executive, now=clock(), words="Go."),
        lambda: one.decline_ask(by=cast.other_executive, now=clock(), words="No."),
    ):
        with pytest.raises(NotNow, match="You asked for this"), writing():
            act()


def test_one_request_at_a_time_declined_or_withdrawn(one, cast, clock):
    with writing():
        one.ask_stage(by=cast.lead, now=clock(), words="Please.")
    with pytest.raises(NotNow, match="has been asked to open Designing already"), writing():
        one.ask_stage(by=cast.manager, now=clock(), words="Please.")
    with writing():
        one.decline_ask(by=cast.executive, now=clock(), words="After the summer.")
        one.ask_stage(by=cast.manager, now=clock(), words="It is autumn.")
        one.withdraw_ask(by=cast.manager, now=clock())
    states = db.session.scalars(select(StageAsk.state).order_by(StageAsk.id)).all()
    assert states == [AskState.declined, AskState.withdrawn]
    for act in (one.withdraw_ask, lambda **k: one.decline_ask(words="No.", **k)):
        with pytest.raises(NotNow, match="Nothing is being asked"), writing():
            act(by=cast.executive, now=clock())


@pytest.mark.both
def test_the_database_refuses_two_open_requests(one, cast, clock):
    row = {"one": one.id, "by": cast.lead.id, "now": "2026-03-02 09:00:00"}
    insert = text(
        "INSERT INTO stage_ask (initiative_id, stage, words, state, asked_by_id, asked_at, "
        "answer_words) VALUES (:one, 'designing', '', 'open', :by, :now, '')"
    )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(insert, [row, row])


def test_a_deputy_decides_on_behalf_of_the_sponsor(one, cast, clock):
    with writing():
        granted(
            one, Stage.designing, cast, clock(), by=cast.other_executive, for_sponsor=cast.executive
        )
    event = last_event()
    assert (event.actor_id, event.on_behalf_of_id) == (cast.other_executive.id, cast.executive.id)


def test_on_hold_nothing_goes_forward_until_it_is_resumed(one, cast, clock):
    told = []
    staging.when_held.append(
        lambda initiative, _clocks: told.append(initiative.held_at is not None)
    )
    try:
        with writing():
            one.hold(by=cast.executive, now=clock(), words="The vendor moves house.")
        for refused in (
            lambda: one.hold(by=cast.executive, now=clock(), words="Again."),
            lambda: one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go."),
            lambda: one.ask_stage(by=cast.lead, now=clock(), words="Please."),
        ):
            with pytest.raises(NotNow, match="on hold"), writing():
                refused()
        clock.forward(days=3)
        with writing():
            one.resume(by=cast.executive, now=clock())
        with pytest.raises(NotNow, match="is not on hold"), writing():
            one.resume(by=cast.executive, now=clock())
    finally:
        staging.when_held.pop()
    assert told == [True, False]
    hold = db.session.scalars(select(Hold)).one()
    assert (hold.ended_at - hold.begun_at).days == 3


def test_back_one_stage_and_never_into_idea(one, cast, clock):
    with writing():
        granted(one, Stage.designing, cast, clock())
        one.ask_stage(by=cast.lead, now=clock(), words="Please.")
        one.step_back(by=cast.executive, now=clock(), words="Too early.", to=Stage.framed)
    assert (one.stage, one.asked_stage) == (Stage.framed, None)
    with pytest.raises(NotNow, match="cannot step back"), writing():
        one.step_back(by=cast.executive, now=clock(), words="More.")


def test_two_step_back_and_it_goes_back_once(one, cast, clock):
    """Canary: without `to` the second press takes it back another stage."""
    with writing():
        granted(one, Stage.designing, cast, clock())
        granted(one, Stage.piloting, cast, clock())
        one.step_back(by=cast.executive, now=clock(), words="Too early.", to=Stage.designing)
    with pytest.raises(NotNow, match="somebody moved it first"), writing():
        one.step_back(by=cast.executive, now=clock(), words="Too early.", to=Stage.designing)
    assert one.stage == Stage.designing


def test_stopped_with_its_reason_everything_open_ends(one, cast, clock):
    closed = []
    staging.when_stopped.append(lambda initiative, _by, _now: closed.append(initiative.ref))
    try:
        with writing():
            one.ask_stage(by=cast.lead, now=clock(), words="Please.")
            one.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
            one.hold(by=cast.executive, now=clock(), words="Wait.")
            one.stop(by=cast.executive, now=clock(), words="A law made it needless.")
    finally:
        staging.when_stopped.pop()
    assert closed == [one.ref]
    assert (one.asked_stage, one.proposed_sponsor_id, one.held_at) == (None, None, None)
    assert (one.stopped_words, one.ended) == ("A law made it needless.", True)
    assert kinds(one)[-2:] == ["sponsor.withdrawn", "stage.stopped"]
    for refused in (
        lambda: one.stop(by=cast.executive, now=clock(), words="Again."),
        lambda: one.edit(by=cast.lead, now=clock(), title="New"),
        lambda: one.set_lead(cast.member, by=cast.manager, now=clock()),
        lambda: one.add_member(cast.member, by=cast.manager, now=clock()),
        lambda: one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go."),
    ):
        with pytest.raises(NotNow, match="was stopped"), writing():
            refused()


def test_realised_ends_an_open_proposal(one, cast, clock):
    with writing():
        for stage in (Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving):
            granted(one, stage, cast, clock())
        one.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
        prove(one, cast.lead, clock())
        granted(one, Stage.realised, cast, clock(), words="Achieved.")
    assert (one.proposed_sponsor_id, one.ended, one.next_stage) == (None, True, None)
    with pytest.raises(NotNow, match="nothing comes after it"), writing():
        one.step_back(by=cast.executive, now=clock(), words="No.")


def test_what_stands_in_the_way_is_said(one, cast, clock):
    staging.conditions.append(lambda _one, stage, _now: f"Not {stage} yet.")
    try:
        with pytest.raises(NotNow, match="Not designing yet"), writing():
            one.open_stage(Stage.designing, by=cast.executive, now=clock(), words="Go.")
    finally:
        staging.conditions.pop()
