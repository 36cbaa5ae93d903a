"""What the sponsor takes back, and what waits for too long, where finance decides second."""

from __future__ import annotations

import pytest

from tests import gates
from tests.approvals.conftest import asks, decides
from tests.approvals.ruled import SECOND, set_rules
from tests.approvals.test_clocks import TOLD, notices, sweep, work
from tests.approvals.test_undoing import WORDS, undoes, whole
from tracker.approvals.clocks import REMIND_AFTER
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.asking import StageAsk
from tracker.initiatives.stages import Stage
from tracker.notices.kinds import Tell


@pytest.fixture
def made(here, clock) -> Approval:
    """A request at a gate where finance decides second."""
    set_rules(SECOND, here, clock())
    with writing():
        gates.opened(here.one, Stage.designing, by=here.executive, now=clock())
    return asks(here, clock)


@pytest.mark.both
def test_the_sponsor_takes_back_what_finance_has_not_decided(here, clock, made):
    """Planted: the approval left beside the open request; what was asked left as agreed to."""
    decides(made, here, clock, Decision.approved)
    assert made.state == State.agreed
    again = undoes(made, here, clock)
    assert again is made
    assert made.state == State.submitted
    kept = (made.decision, made.decided_by_id, made.agreed_at, made.decided_in)
    assert kept == (None, None, None, None)
    ask = db.session.query(StageAsk).order_by(StageAsk.id.desc()).first()
    assert (ask.state, ask.agreed_at) == ("open", None)
    assert whole()
    assert decides(made, here, clock, Decision.approved)
    with writing():
        assert made.second(by=here.finance, now=clock())
    assert here.one.stage == Stage.piloting
    with pytest.raises(NotNow, match="Two people"):
        undoes(made, here, clock)
    assert not made.can_undo(here.executive, clock())
    assert whole()


def test_what_finance_sent_back_is_not_taken_back(here, clock, made):
    """Planted: finance's act not asked for."""
    decides(made, here, clock, Decision.approved)
    with writing():
        made.give_back(by=here.finance, now=clock(), words=WORDS)
    for who in (here.finance, here.executive):
        assert not made.can_undo(who, clock())
        with pytest.raises(NotNow):
            undoes(made, here, clock, by=who)


def test_finance_is_reminded_in_its_turn(here, clock, made):
    """Planted: the clocks of the sponsor go on; the sponsor reminded of what finance has."""
    work(here, clock, REMIND_AFTER)
    sweep(clock)
    decides(made, here, clock, Decision.approved)
    assert made.decided_in == REMIND_AFTER
    assert sweep(clock) == 0
    work(here, clock, REMIND_AFTER)
    assert sweep(clock) == 1
    assert notices()[-1] == (Tell.decision_waits, here.finance.id)
    assert len(TOLD) == len(notices()) == 2
    with writing():
        made.second(by=here.finance, now=clock())
    assert made.decided_in == REMIND_AFTER
    assert whole()
