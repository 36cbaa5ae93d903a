"""What a decision asks for: an action, which the sponsor accepts or waives before the next gate (rule 16)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from tests import gates
from tests.aims import prove
from tests.approvals.conftest import asks, decides
from tracker.actions.models import Action
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.approvals.conditions import ApprovalCondition, Settled, settle
from tracker.approvals.deciding import Wanted
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.errors import Missing, NotNow
from tracker.initiatives.stages import Stage

WORDS = "Ring ten customers"


def conditional(here, clock, **more):
    made = asks(here, clock)
    wanted = Wanted(WORDS, here.member.id, clock().date() + timedelta(days=9))
    decides(made, here, clock, Decision.conditional, condition=wanted._replace(**more))
    (one,) = db.session.scalars(select(ApprovalCondition)).all()
    return SimpleNamespace(approval=made, one=one)


@pytest.mark.both
def test_a_condition_becomes_an_action_with_owner_and_day(here, clock):
    """Planted: the stage left closed; the action given to whoever decides."""
    made = conditional(here, clock)
    action = db.session.get_one(Action, made.one.action_id)
    assert (action.title, action.assignee_id, action.due_on) == (WORDS, here.member.id, clock().date() + timedelta(days=9))  # fmt: skip
    assert (action.initiative_id, here.one.stage) == (here.one.id, Stage.designing)
    assert (made.approval.words, made.approval.decision) == (WORDS, Decision.conditional)
    told = db.session.scalars(select(Event).where(Event.kind == "approval.decided")).one()
    assert told.facts["action_id"] == action.id
    assert compare(db.session.connection()).whole


@pytest.mark.parametrize(
    ("more", "said"),
    [({"words": " "}, "Say in words"), ({"owner_id": 0}, "who does it"), ({"due_on": None}, "")],
)
def test_a_condition_has_words_owner_and_day(here, clock, more, said):
    """Nothing is half done. Planted: `refuse_unconditional` after the stage was opened and the write kept."""
    if "due_on" in more:
        more, said = {"due_on": clock().date() - timedelta(days=1)}, "today or a later day"
    with pytest.raises(NotNow, match=said):
        conditional(here, clock, **more)
    assert (here.one.stage, db.session.query(Action).count()) == (Stage.framed, 0)


def test_a_condition_of_nobody_of_ours_is_refused(here, clock):
    """Planted: the action added without a look at who does it."""
    for who in (here.auditor, here.contact, here.ended):
        with pytest.raises(NotNow, match="somebody of ours"):
            conditional(here, clock, owner_id=who.id)
        with writing():
            here.one.forget_team()
            made = gates.Approval.open_of(here.one.id)
            assert made is not None
            made.withdraw(by=here.lead, now=clock())


def test_the_next_gate_waits_while_one_is_open(here, clock):
    """To be asked for as well as to be decided. Planted: `condition_in_the_way` not hung on the conditions of stages."""
    made = conditional(here, clock)
    with pytest.raises(NotNow, match="set a condition that is open: “Ring ten customers”"):
        asks(here, clock)
    with writing():
        settle(made.approval, made.one.id, Settled.accepted, by=here.executive, now=clock())
    later = asks(here, clock)
    with writing() as session:  # as if it had been set meanwhile
        session.execute(
            update(ApprovalCondition).values(settled=None, settled_at=None, settled_by_id=None)
        )
    with pytest.raises(NotNow, match="set a condition that is open"):
        decides(later, here, clock, Decision.approved)
    assert here.one.stage == Stage.designing


def test_a_condition_is_waived_in_words_and_once(here, clock):
    """Planted: waiving without words; a settled one settled again."""
    made = conditional(here, clock)
    told = {"by": here.executive, "now": clock()}
    with pytest.raises(NotNow, match="Say why the condition is waived"), writing():
        settle(made.approval, made.one.id, Settled.waived, words=" ", **told)
    with writing():
        settle(made.approval, made.one.id, Settled.waived, words="They rang us.", **told)
    one = db.session.scalars(select(ApprovalCondition)).one()
    assert (one.settled, one.settled_words, one.settled_by_id) == (Settled.waived, "They rang us.", here.executive.id)  # fmt: skip
    with pytest.raises(NotNow, match="settled already"), writing():
        settle(made.approval, made.one.id, Settled.accepted, **told)
    assert asks(here, clock).opens == Stage.piloting


def test_closing_its_action_does_not_settle_it(here, clock):
    """Only the sponsor does. Planted: an action that is done counted as accepted."""
    made = conditional(here, clock)
    with writing():
        action = db.session.get_one(Action, made.one.action_id)
        action.finish(by=here.member, now=clock())
    with pytest.raises(NotNow, match="set a condition that is open"):
        asks(here, clock)


def test_another_decisions_condition_is_not_found(here, clock):
    """Planted: the condition looked up by its number alone."""
    made = conditional(here, clock)
    with writing():
        settle(made.approval, made.one.id, Settled.accepted, by=here.executive, now=clock())
    later = asks(here, clock)
    with pytest.raises(Missing), writing():
        settle(later, made.one.id, Settled.accepted, by=here.executive, now=clock())


def test_the_last_gate_takes_none(here, clock):
    """Nobody would answer for it. Planted: the question left out."""
    with writing():
        for _stage in range(4):
            gates.opened(here.one, by=here.executive, now=clock())
        prove(here.one, here.lead, clock())
    with pytest.raises(NotNow, match="Nothing comes after this gate"):
        conditional(here, clock)


@pytest.mark.both
def test_the_database_keeps_what_a_condition_is(here, clock):
    """Planted: the checks left out of the table."""
    made = conditional(here, clock)
    for change in ("words = ''", "settled = 'accepted'", "settled = 'waived', settled_at = set_at"):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(text(f"UPDATE approval_condition SET {change} WHERE id = :id"), {"id": made.one.id})  # fmt: skip
