"""The proof on a real file: 402 rows of two annual reports are 232 initiatives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from tracker.activity.models import Event
from tracker.db import db
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.importing.report import Outcome
from tracker.initiatives.models import Initiative
from tracker.initiatives.team import Participation
from tracker.organisation.units import Unit
from tracker.updates.models import Source, Update

Bring = Callable[..., Plan]


def initiative(outside_id: str) -> Initiative:
    return db.session.scalars(select(Initiative).filter_by(outside_id=outside_id)).one()


@pytest.mark.both
def test_402_rows_are_232_initiatives_and_a_report_for_each_rated_row(
    bring: Bring, portfolio: bytes
) -> None:
    # Canary: grouping by name instead of by id makes 244.
    plan = bring(What.initiatives, body=portfolio, create_missing=True)
    totals = plan.report.totals()
    assert totals == {"rows": 402, "created": 232, "changed": 147, "unchanged": 23, "rejected": 0}
    assert db.session.scalar(select(func.count(Initiative.id))) == 232
    assert db.session.scalar(select(func.count(Initiative.outside_id))) == 230
    assert db.session.scalar(select(func.count(Update.id))) == 402 - 235  # 235 have no rating
    assert set(db.session.scalars(select(Update.source))) == {Source.imported}
    assert len(plan.units) == 21


@pytest.mark.both
def test_a_second_run_says_402_unchanged_and_writes_nothing(bring: Bring, portfolio: bytes) -> None:
    bring(What.initiatives, body=portfolio, create_missing=True)
    events = db.session.scalar(select(func.count(Event.id)))
    numbers = dict(db.session.execute(select(Initiative.id, Initiative.version)).all())
    plan = bring(What.initiatives, body=portfolio, create_missing=True)
    assert plan.report.totals()["unchanged"] == 402
    assert db.session.scalar(select(func.count(Event.id))) == events
    assert dict(db.session.execute(select(Initiative.id, Initiative.version)).all()) == numbers
    named = [r.name for r in plan.report.results if r.words == "Matched by name."]
    assert named == [
        "Flood and Coastal Risk Management (FCRM) Investment Programme 2026-2029",
        "Children's Homes Capital Programme",
    ]


def test_two_rows_of_one_id_are_two_dated_reports_of_one_initiative(
    bring: Bring, portfolio: bytes
) -> None:
    bring(What.initiatives, body=portfolio, create_missing=True)
    campus = initiative("CO_0438_2425-Q3")
    reports = db.session.execute(
        select(Update.day, Update.period, Update.colour)
        .filter_by(initiative_id=campus.id)
        .order_by(Update.day)
    ).all()
    assert [(r.day, r.period) for r in reports] == [
        (date(2025, 3, 31), "2024-25"),
        (date(2026, 3, 31), "2025-26"),
    ]
    assert campus.colour == reports[-1].colour
    assert campus.reported_on == date(2026, 3, 31)


def test_the_later_name_wins_and_shouting_is_no_other_name(bring: Bring, portfolio: bytes) -> None:
    # Canary: taking rows in the order of the file backwards.
    plan = bring(What.initiatives, body=portfolio, create_missing=True)
    assert initiative("DBT_0293_2324-Q3").title == "Post Office - Transformation"
    assert initiative("DFE_0018_2021-Q3").title == "School Rebuilding Programme"
    school = [r for r in plan.report.results if r.name == "School Rebuilding Programme"]
    assert all("name" not in result.fields for result in school)
    renamed = [r for r in plan.report.results if r.name == "Post Office - Transformation"]
    assert "name" in renamed[0].fields


def test_a_changed_department_keeps_its_history(bring: Bring, portfolio: bytes) -> None:
    bring(What.initiatives, body=portfolio, create_missing=True)
    bootcamps = initiative("DFE_0017_2021-Q3")
    units = dict(db.session.execute(select(Unit.name, Unit.id)).all())
    assert bootcamps.lead_unit_id == units["DWP"]
    others = db.session.scalars(select(Participation.unit_id).filter_by(initiative_id=bootcamps.id))
    assert list(others) == [units["DFE"]]
    moved = db.session.scalars(
        select(Event).filter_by(kind="initiative.lead_unit_changed", subject_id=bootcamps.id)
    ).one()
    assert moved.before == {"lead_unit_id": units["DFE"]}
    assert moved.facts == {"lead_unit_id": units["DWP"]}


def test_costs_in_millions_and_blank_ratings(bring: Bring, portfolio: bytes) -> None:
    bring(What.initiatives, body=portfolio, create_missing=True)
    hubs = initiative("CO_0133_2223-Q1")
    assert hubs.colour is None
    assert hubs.budget is not None
    assert hubs.budget % 100_000 == 0
    assert initiative("CO_0438_2425-Q3").budget is not None


def test_without_leave_unknown_units_are_only_proposed(bring: Bring, portfolio: bytes) -> None:
    plan = bring(What.initiatives, body=portfolio)
    assert plan.report.totals()["rejected"] == 402
    assert [unit.name for unit in plan.units][:3] == ["CO", "DBT", "DCMS"]
    assert db.session.scalar(select(func.count(Initiative.id))) == 0
    assert not plan.applies


def test_the_older_report_alone_comes_later_and_changes_no_description(
    bring: Bring, portfolio: bytes
) -> None:
    head, *rows = portfolio.decode().splitlines()
    newer = "\n".join([head, *(row for row in rows if ",2025-26," in row)]).encode()
    older = "\n".join([head, *(row for row in rows if ",2024-25," in row)]).encode()
    bring(What.initiatives, body=newer, create_missing=True)
    bring(What.initiatives, body=older, create_missing=True)
    assert initiative("DBT_0293_2324-Q3").title == "Post Office - Transformation"
    assert db.session.scalar(select(func.count(Initiative.id))) == 232
    assert db.session.scalar(select(func.count(Update.id))) == 167
    plan = bring(What.initiatives, body=portfolio, create_missing=True)
    assert plan.report.totals()["unchanged"] == 402


def test_every_row_is_in_the_report_once_in_the_order_of_the_file(
    bring: Bring, portfolio: bytes
) -> None:
    plan = bring(What.initiatives, body=portfolio, create_missing=True)
    lines = [result.line for result in plan.report.results]
    assert lines == sorted(set(lines))
    assert lines == list(range(2, 404))
    assert {result.outcome for result in plan.report.results} == {
        Outcome.created,
        Outcome.changed,
        Outcome.unchanged,
    }
