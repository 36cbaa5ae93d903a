"""Milestones from files: a plan comes in once, again and changed; what people said or decided here, no file changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tests.importing.test_goals import outcomes, why
from tests.initiatives.stories import sponsored
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.db import Model, db, writing
from tracker.importing import planning
from tracker.importing.bulk import Moved
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.milestones import planning as milestones_planning
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.moves import moves_of
from tracker.milestones.states import State
from tracker.milestones.usual import MEASURES

Bring = Callable[..., Plan]
HEAD = "initiative,milestone,gate,due,status,criteria,reason"
PILOT = 'CX-1,The pilot runs,,2026-04-10,planned,"Ten customers use it\nNobody calls twice",'


@pytest.fixture
def one(inside: None, cast: Any, clock: Any) -> Initiative:
    """An initiative at `framed` that Lena leads and Emil sponsors."""
    db.session.add_all(each for each in vars(cast).values() if isinstance(each, Model))
    return sponsored(cast, clock())


@pytest.fixture
def file(bring: Bring, one: Initiative) -> Bring:
    """Bring rows under the usual headings."""
    return lambda *rows, **more: bring(What.milestones, HEAD, *rows, **more)


def stood() -> Sequence[Milestone]:
    return db.session.scalars(select(Milestone).order_by(Milestone.id)).all()


def planned_for(*rows: str, importer: Any = None) -> Plan:
    """Return what a file would do, on the word of `importer`."""
    table = read("\n".join((HEAD, *rows)).encode(), "file.csv")
    columns = guessed(What.milestones, table)[0]
    return planning.plan(table, columns, today=START.date(), importer=importer)


def kinds() -> list[str]:
    told = select(Event.kind).where(Event.subject_type == "milestone").order_by(Event.number)
    return list(db.session.scalars(told))


def words_of(milestone: Milestone) -> list[str]:
    return [each.words for each in criteria_of([milestone.id]) if each.measure is None]


@pytest.mark.both
def test_a_plan_comes_in_once_and_says_nothing_new_the_second_time(file: Bring) -> None:
    """Canary: `find` answering None, so that every row was new again (the second gate broke the import)."""
    rows = (
        PILOT,
        "CX-1,,piloting,15/05/2026,,,",
        "CX-1,Contract signed,,2026-01-20,complete,,",
        "CX-1,A portal,,2026-06-01,cancelled,,Too dear",
        "CX-1,Long overdue,,2026-02-02,late,,",
    )
    found = file(*rows)
    assert outcomes(found) == ["created"] * 5, why(found)
    pilot, gate, contract, portal, overdue = stood()
    assert (pilot.name, pilot.due_on, pilot.opens) == ("The pilot runs", date(2026, 4, 10), None)
    assert words_of(pilot) == ["Ten customers use it", "Nobody calls twice"]
    assert (gate.opens, gate.due_on) == (Stage.piloting, date(2026, 5, 15))
    assert {c.measure for c in criteria_of([gate.id]) if c.measure} == {*MEASURES[Stage.piloting]}
    assert [each.state for each in stood()] == [
        State.planned, State.planned, State.reached, State.dropped, State.planned,
    ]  # fmt: skip
    assert contract.reached_at == START
    assert portal.dropped_words == "Too dear"
    assert overdue.due_on == date(2026, 2, 2)
    assert verify_stored().whole
    before = kinds()
    again = file(*rows, now=START + timedelta(days=1))
    assert outcomes(again) == ["unchanged"] * 5, why(again)
    assert kinds() == before


@pytest.mark.both
def test_a_changed_file_moves_days_and_criteria_and_keeps_what_was_found_met(
    file: Bring, one: Initiative, cast: Any
) -> None:
    """Canary: the criteria of a row put in place of those that are measured."""
    file(PILOT, "CX-1,Go,rolling out,2026-08-01,,,")
    pilot, gate = stood()
    with writing():
        pilot = pilot.again(cast.lead)
        pilot.find_met(criteria_of([pilot.id])[0], evidence="Twelve do", by=cast.lead, now=START)
    changed = file(
        'CX-1,the PILOT runs,,2026-05-08,,"Ten customers use it\nStaff like it",The supplier is late',
        "CX-1,Into every region,rolling out,2026-08-01,,Regions agree,",
    )
    assert outcomes(changed) == ["changed", "changed"], why(changed)
    pilot, gate = stood()
    assert (pilot.due_on, pilot.first_due_on, pilot.slips) == (date(2026, 5, 8), date(2026, 4, 10), 1)  # fmt: skip
    assert [move.words for move in moves_of(pilot.id)] == ["The supplier is late"]
    criteria = criteria_of([pilot.id])
    assert [(each.words, each.evidence) for each in criteria] == [
        ("Ten customers use it", "Twelve do"), ("Staff like it", ""),
    ]  # fmt: skip
    assert gate.name == "Into every region"
    assert {c.measure for c in criteria_of([gate.id]) if c.measure} == {*MEASURES[Stage.rolling_out]}  # fmt: skip
    assert words_of(gate) == ["Regions agree"]
    assert verify_stored().whole


def test_a_day_that_moves_without_a_reason_says_that_there_was_none(file: Bring) -> None:
    file(PILOT)
    file("CX-1,The pilot runs,,2026-05-08,,,")
    assert [move.words for move in moves_of(stood()[0].id)] == ["The file says so; it gives no reason."]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("CX-9,A,,2026-04-01,,,", "initiative", "No initiative goes by “CX-9”."),
        ("CX-1,,,2026-04-01,,,", "milestone", "Say what is reached then, or which stage it opens."),
        ("CX-1,A,,,,,", "due", "Say by when it is due."),
        ("CX-1,A,framed,2026-04-01,,,", "gate", "a gate to Framed opens nothing any more"),
        ("CX-1,A,dancing,2026-04-01,,,", "gate", "“dancing” is not known here"),
        ("CX-1,A,,2026-04-01,perhaps,,", "status", "Allowed are: planned, reached, dropped."),
        ("CX-1,The pilot runs,,2026-01-08,,,", "due", "Choose today or a later day."),
        ("CX-1,The pilot runs,piloting,2026-04-10,,,", "gate", "It stands here as no gate"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words_at_its_place(
    file: Bring, row: str, column: str, words: str
) -> None:
    """Canary: without the look at what is no gate the row planned a second one of that name."""
    file(PILOT)
    found = file(row, skip_bad=True)
    (result,) = found.report.results
    assert (result.outcome.value, result.column) == ("rejected", column), result.words
    assert words in result.words
    assert len(stood()) == 1


def test_what_people_said_or_decided_stays(file: Bring, one: Initiative, cast: Any) -> None:
    """Canary: `MOVES` not asked, so that a file moved what was reached."""
    file("CX-1,Signed,,2026-04-10,,,", "CX-1,Portal,,2026-04-10,,,", "CX-1,Ahead,,2026-04-10,,,")
    signed, portal, _ahead = stood()
    with writing():
        signed.again(cast.lead).reach(by=cast.lead, now=START)
    with writing():
        portal.again(cast.lead).drop("Too dear", by=cast.lead, now=START)
    found = file(
        "CX-1,Signed,,2026-05-10,,,",
        "CX-1,Portal,,2026-05-10,,,",
        "CX-1,Ahead,,2026-04-10,reached,,",
    )
    assert outcomes(found) == ["unchanged"] * 3
    assert [result.words for result in found.report.results] == [
        "It is reached, and is kept as it was.",
        "It was dropped, and is kept as it was.",
        "Whether it is reached or dropped is said on its page; that stays.",
    ]
    assert [each.due_on for each in stood()] == [date(2026, 4, 10)] * 3


def test_a_gate_and_what_has_criteria_begin_as_planned(file: Bring) -> None:
    """Canary: a gate from a file reached without its decision."""
    found = file("CX-1,,designing,2026-02-10,done,,", 'CX-1,Tried,,2026-02-10,done,"Ten did",')
    assert [each.state for each in stood()] == [State.planned, State.planned]
    gate, tried = found.report.results
    assert "a gate is reached by the sponsor's decision" in gate.words
    assert "what is met of it is said here" in tried.words


def test_only_whoever_leads_or_a_manager_brings_them(file: Bring, cast: Any) -> None:
    """Canary: without `May.plan_milestone` the member's file went in."""
    file(PILOT)
    row = "CX-1,Another,,2026-04-10,,,"
    assert outcomes(planned_for(row, importer=cast.lead)) == ["created"]
    assert outcomes(planned_for(row, importer=cast.manager)) == ["created"]
    refused = planned_for(row, importer=cast.member)
    assert "brought by whoever leads it, or by a manager" in why(refused)
    assert outcomes(refused) == ["rejected"]


def test_nothing_is_planned_in_what_has_ended_nor_past_the_most(
    file: Bring, one: Initiative, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canary: the rows of one file not counted together (one too many broke the import)."""
    monkeypatch.setattr("tracker.importing.milestones.MOST", 2)
    monkeypatch.setattr(milestones_planning, "MOST", 2)
    rows = [f"CX-1,Milestone {n},,2026-04-10,,," for n in range(3)]
    found = file(*rows, skip_bad=True)
    assert outcomes(found) == ["created", "created", "rejected"], why(found)
    with writing():
        db.session.get_one(Initiative, one.id).stop(by=cast.executive, now=START, words="Enough")
    assert "has ended" in why(file("CX-1,More,,2026-04-10,,,", skip_bad=True))


@pytest.mark.both
def test_a_plan_does_not_overwrite_what_was_said_meanwhile(
    file: Bring, one: Initiative, cast: Any
) -> None:
    """Canary: `_refuse_moved` left out, so that a day that somebody chose was moved once more."""
    file(PILOT)
    planned = planned_for("CX-1,The pilot runs,,2026-06-05,,,")
    planning.make_ready(planned, by=cast.manager, now=START)
    with writing():
        stood()[0].again(cast.lead).reschedule(date(2026, 5, 1), "Holidays", by=cast.lead, now=START)  # fmt: skip
    with pytest.raises(Moved), writing():
        planning.write(planned, by=cast.manager, now=START)
    assert stood()[0].due_on == date(2026, 5, 1)
