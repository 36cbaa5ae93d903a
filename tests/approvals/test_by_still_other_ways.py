"""What was tried against taking back, finance and the rules of deciding, and is refused or told since."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import gates
from tests.approvals.conftest import asks, decides
from tests.approvals.ruled import SECOND, set_rules
from tests.approvals.test_clocks import sweep, work
from tests.approvals.test_undoing import undoes, whole
from tracker.activity.comparing import compare
from tracker.approvals.clocks import ESCALATE_AFTER
from tracker.approvals.deciders import finance_for
from tracker.approvals.rules import Fresh, Rules
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.initiatives.stages import Stage
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.settings import day_of
from tracker.policy import May, may


@pytest.fixture
def made(here, clock):
    """A request at a gate where finance decides second."""
    set_rules(SECOND, here, clock())
    with writing():
        gates.opened(here.one, Stage.designing, by=here.executive, now=clock())
    return asks(here, clock)


def test_taking_an_approval_back_forgets_no_waiting(here, clock, made):
    """Planted: the clocks begun anew as finance is asked, or as it is not any more."""
    work(here, clock, ESCALATE_AFTER)
    sweep(clock)
    kept = (made.waits_since, made.reminded_at, made.escalated_at)
    decides(made, here, clock, Decision.approved)
    undoes(made, here, clock)
    assert (made.waits_since, made.reminded_at, made.escalated_at) == kept
    decides(made, here, clock, Decision.approved)
    assert made.decided_in == ESCALATE_AFTER
    assert whole()


def test_whoever_stands_in_no_more_takes_nothing_back(here, clock):
    """Planted: the policy without the sponsor and the deputy."""
    with writing():
        stands_in = Deputyship.appoint(
            here.executive, here.other_executive, Capacity.sponsor, starts=day_of(clock()),
            ends=day_of(clock()) + timedelta(days=3), by=here.executive, now=clock(),
        )  # fmt: skip
    made = asks(here, clock)
    decides(
        made, here, clock, Decision.approved, by=here.other_executive, for_sponsor=here.executive
    )
    assert _may_undo(here, made)
    with writing():
        stands_in.revoke(by=here.executive, now=clock())
    assert not _may_undo(here, made)


def _may_undo(here, made) -> bool:
    here.other_executive.forget_duties()
    return may(here.other_executive, May.undo_decision, made)


@pytest.mark.both
def test_frozen_words_that_were_changed_behind_it_open_nothing(here, clock):
    """And a digest that was changed is named alone: what it stands for is held against the one that was recorded.

    Planted: the digest held against what stands alone; the digest of the table not reckoned anew, or held against the row.
    """
    made = asks(here, clock)
    assert made.changed(clock()) == []
    change = text("UPDATE approval SET frozen = replace(CAST(frozen AS TEXT), 'Two people', 'Ten people') WHERE id = :id")  # fmt: skip
    with writing() as session:
        session.execute(change, {"id": made.id})
    db.session.refresh(made)
    (words,) = made.changed(clock())
    assert words.startswith("What was frozen")
    (told,) = compare(db.session.connection()).lines()
    assert (
        told
        == f"CHANGED BEHIND THE TRAIL: approval {made.id}, frozen: it is not what its digest was made of"
    )
    with writing() as session:
        back = text(
            str(change.text).replace("'Two people', 'Ten people'", "'Ten people', 'Two people'")
        )
        session.execute(back, {"id": made.id})
        session.execute(text("UPDATE approval SET digest = 'a' WHERE id = :id"), {"id": made.id})
    (told,) = compare(db.session.connection()).lines()
    assert f"approval {made.id}, digest: event" in told


@pytest.mark.parametrize(
    ("cost", "words", "guarded"),
    [
        (0, "two million", True),
        (None, "two million", True),
        (0, "", False),
        (900, "two days", False),
    ],
)
def test_nothing_beside_words_is_no_amount(here, clock, cost, words, guarded):
    """Planted: 0 taken for an amount within the limit."""
    links = Rules(
        links=True, links_up_to=Decimal(5000), fresh=Fresh.above, fresh_above=Decimal(20000)
    )
    set_rules(links, here, clock())
    made = asks(here, clock, cost=None if cost is None else Decimal(cost), cost_words=words)
    assert (made.fresh_wanted, made.link_hours is None) == (guarded, guarded)


def test_of_finance_whoever_wrote_an_earlier_version_is_not_named(here, clock, made):
    """Planted: only who asked last and who drafted it left out."""
    assert here.finance.id in finance_for(made)
    with writing():
        made.change({"risk": "As finance sees it"}, by=here.finance, now=clock())
        made.submit(by=here.lead, now=clock())
    assert here.finance.id not in finance_for(made)
