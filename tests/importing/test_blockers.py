"""Blockers from files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tracker.activity.models import Event
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.silos import SiloPair
from tracker.blockers.states import State
from tracker.db import db, writing
from tracker.importing.columns import Mapping
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.initiatives.models import Initiative

Bring = Callable[..., Plan]


@pytest.fixture
def initiative(inside: None, cast: Any) -> Initiative:
    with writing():
        return Initiative.create(
            title="Shorter waits",
            lead_unit_id=cast.care.id,
            by=cast.manager,
            now=START,
            outside_id="P1",
        )


def outcomes(plan: Plan) -> list[str]:
    return [result.outcome.value for result in plan.report.results]


@pytest.mark.both
def test_blockers_are_raised_with_their_holder_and_counted(
    bring: Bring, initiative: Initiative, cast: Any
) -> None:
    rows = (
        "id,initiative,blocker,blocked unit,holder,answerer,category,needed by,raised,promised,resolved",
        "B1,CX-1,No test system,,IT platforms,head@example.org,tooling,2026-04-01,2026-02-16,,",
        "B2,P1,No window,Billing,Brightline,,supplier,,2026-02-20,2026-03-20,",
        "B3,shorter WAITS,No answer from the city,,City council,,,,,,",
        "B4,CX-1,Old story,,IT,,policy,,2026-01-05,,2026-01-20",
    )
    plan = bring(What.blockers, *rows)
    assert outcomes(plan) == ["created"] * 4
    stand = db.session.scalars(select(Blocker).order_by(Blocker.outside_id)).all()
    assert [b.state for b in stand] == [
        State.raised,
        State.committed,
        State.raised,
        State.confirmed,
    ]
    assert stand[0].open_since == date(2026, 2, 16)
    assert stand[0].blocked_unit_id == cast.care.id
    assert (stand[0].holder_unit_id, stand[0].answerer_id) == (cast.it.id, cast.head.id)
    assert (stand[1].holder_partner_id, stand[1].promised_on) == (
        cast.vendor.id,
        date(2026, 3, 20),
    )
    assert stand[2].holder_outside == "City council"
    assert all(b.due_on for b in stand[:3])
    assert db.session.get_one(Initiative, initiative.id).open_blockers == 3
    turns = db.session.scalars(select(BlockerHolding).order_by(BlockerHolding.blocker_id)).all()
    assert turns[3].ends == date(2026, 1, 20)
    pair = db.session.get_one(SiloPair, (f"u{cast.it.id}", f"u{cast.care.id}"))
    assert (pair.open_count, pair.over_count) == (1, 1)
    assert pair.oldest_on == date(2026, 2, 16)
    raised = db.session.scalars(select(Event).filter_by(kind="blocker.raised")).all()
    assert [event.initiative_id for event in raised] == [initiative.id] * 4
    assert outcomes(bring(What.blockers, *rows)) == ["unchanged"] * 4


def test_what_a_raiser_may_edit_changes_and_the_rest_is_left_to_people(
    bring: Bring, initiative: Initiative, cast: Any
) -> None:
    head = "id,initiative,blocker,holder,needed by,blocked unit"
    bring(What.blockers, head, "B1,CX-1,No test system,IT,,CARE")
    plan = bring(What.blockers, head, "B1,CX-1,No test system yet,Brightline,2026-04-01,BILL")
    assert outcomes(plan) == ["changed"]
    assert "passes it on" in plan.report.results[0].words
    stands = db.session.scalars(select(Blocker)).one()
    assert (stands.title, stands.needed_by) == ("No test system yet", date(2026, 4, 1))
    assert (stands.holder_unit_id, stands.blocked_unit_id) == (cast.it.id, cast.billing.id)
    turn = db.session.scalars(select(BlockerHolding)).one()
    assert turn.blocked_unit_id == cast.billing.id
    changed = db.session.scalars(select(Event).filter_by(kind="blocker.changed")).one()
    assert changed.after["blocked_unit_id"] == cast.billing.id


def test_a_partner_may_be_the_one_who_waits_and_stays_so(
    bring: Bring, initiative: Initiative, cast: Any
) -> None:
    """Canary: the lead unit in the place of a partner that no column names."""
    head = "id,initiative,blocker,holder,needed by,blocked unit"
    bring(What.blockers, head, "B1,CX-1,No key,IT,,Brightline")
    stands = db.session.scalars(select(Blocker)).one()
    assert (stands.blocked_unit_id, stands.blocked_partner_id) == (None, cast.vendor.id)
    turn = db.session.scalars(select(BlockerHolding)).one()
    assert (turn.blocked_key, turn.blocked_partner_id) == (f"p{cast.vendor.id}", cast.vendor.id)
    less = "id,initiative,blocker,holder,needed by"
    assert outcomes(bring(What.blockers, less, "B1,CX-1,No key,IT,")) == ["unchanged"]
    assert outcomes(bring(What.blockers, head, "B1,CX-1,No key,IT,,BILL")) == ["changed"]
    db.session.expire_all()
    turn = db.session.scalars(select(BlockerHolding)).one()
    assert (turn.blocked_key, turn.blocked_partner_id) == (f"u{cast.billing.id}", None)
    assert [pair.blocked_key for pair in db.session.scalars(select(SiloPair)) if pair.open_count] == [f"u{cast.billing.id}"]  # fmt: skip
    itself = bring(What.blockers, head, "B2,CX-1,No form,Brightline,,Brightline")
    assert outcomes(itself) == ["rejected"]


def test_without_an_id_the_initiative_and_the_words_decide(
    bring: Bring, initiative: Initiative
) -> None:
    rows = ("initiative,blocker,holder", "CX-1,No test system,IT")
    bring(What.blockers, *rows)
    plan = bring(What.blockers, "initiative,blocker,holder", "P1,no  TEST system,IT")
    assert outcomes(plan) == ["changed"]
    assert "Matched by name." in plan.report.results[0].words


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("CX-9,W,IT,,,", "initiative", "No initiative"),
        ("CX-1,W,,,,", "holder", "blank"),
        ("CX-1,W,IT; Brightline,,,", "holder", "one holder"),
        ("CX-1,W,CARE,,,", "holder", "wait for itself"),
        ("CX-1,W,IT,contact@example.org,,", "answerer", "cannot answer"),
        ("CX-1,W,IT,,2027-01-01,", "raised", "ahead"),
        ("CX-1,W,IT,,2026-02-01,2026-01-01", "resolved", "before"),
        ("CX-1,W,IT,,0000-00-00,", "raised", "not a day"),
    ],
)
def test_impossible_blockers_are_refused(
    bring: Bring, initiative: Initiative, row: str, column: str, why: str
) -> None:
    # Canary: _holder() taking "IT; Brightline" for an outside party.
    plan = bring(What.blockers, "initiative,blocker,holder,answerer,raised,resolved", row)
    assert outcomes(plan) == ["rejected"]
    assert plan.report.results[0].column == column
    assert why in plan.report.results[0].words
    assert db.session.scalars(select(Blocker)).all() == []


def test_nothing_waits_for_what_was_stopped(
    bring: Bring, initiative: Initiative, cast: Any
) -> None:
    with writing():
        db.session.get_one(Initiative, initiative.id).stop(by=cast.manager, now=START, words="x")
    plan = bring(What.blockers, "initiative,blocker,holder", "CX-1,W,IT")
    assert "stopped" in plan.report.results[0].words


@pytest.mark.parametrize(
    ("first", "second"),
    [("Holder unit", "Holder partner"), ("Holder", "Partner"), ("Owner", "Waiting on")],
)
def test_a_row_with_a_holder_in_each_of_two_columns_is_refused_at_the_second(
    bring: Bring, initiative: Initiative, first: str, second: str
) -> None:
    """Canary: Rivals.problems() answering nothing raises it against IT and forgets Brightline."""
    head = f"initiative,blocker,{first},{second}"
    rows = ("CX-1,W,IT,Brightline", "CX-1,V,IT,", "CX-1,U,IT,it", "CX-1,T,IT,n/a")
    plan = bring(What.blockers, head, *rows, skip_bad=True)
    assert outcomes(plan) == ["rejected", "created", "created", "created"]
    (refused, *_others) = plan.report.results
    read, unread = (first, second) if refused.column == second else (second, first)
    assert refused.column == unread
    assert "exactly one holder" in refused.words
    assert "Brightline" in refused.words
    assert [b.holder_unit_id is not None for b in db.session.scalars(select(Blocker))] == [True] * 3
    (note,) = plan.notes
    assert str(note) == (
        f"The columns “{read}” and “{unread}” both look like Holder (unit, partner or outside "
        f"party); only “{read}” is read."
    )


def test_a_second_column_that_has_a_field_of_its_own_names_no_holder(
    bring: Bring, initiative: Initiative
) -> None:
    mapping = Mapping(
        What.blockers,
        {"initiative": "initiative", "what": "blocker", "holder": "holder", "effect": "partner"},
    )
    rows = ("initiative,blocker,holder,partner", "CX-1,W,IT,Brightline cannot begin")
    plan = bring(What.blockers, *rows, mapping=mapping)
    assert (outcomes(plan), plan.notes) == (["created"], [])
