"""Readings that come again: the same is unchanged, other figures correct, and a reworded question begins a series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tests.importing.test_races import meanwhile
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading, Source
from tracker.kpis.series import stood
from tracker.kpis.standing import KpiStanding

Bring = Callable[..., Plan]
HEAD = "kpi,month,year,value,question"
ANEW = "The question was worded anew."


@pytest.fixture
def kpi(inside: None, cast: Any) -> Kpi:
    with writing():
        return Kpi.add(code="EASE", name="Ease", owner_id=cast.lead.id, by=None, now=START)


def rows(*values: str, first: int = 1, question: str = "Was it easy?") -> list[str]:
    return [f"EASE,{month},2025,{value},{question}" for month, value in enumerate(values, first)]


def outcomes(plan: Plan) -> list[str]:
    return [result.outcome.value for result in plan.report.results]


def standing() -> list[tuple[int, float | None, str]]:
    found = db.session.scalars(select(Reading).where(stood()).order_by(Reading.day))
    return [(r.day.month, r.value, r.breaks) for r in found]


@pytest.mark.both
def test_other_figures_are_a_correction_that_names_what_it_corrects(bring: Bring, kpi: Kpi) -> None:
    """Canary: a correction that names nothing."""
    bring(What.readings, HEAD, *rows("4.5", "4.6"))
    plan = bring(What.readings, HEAD, *rows("4.5", "4.2", "4.3"))
    assert outcomes(plan) == ["unchanged", "changed", "created"]
    assert plan.report.results[1].words == "Corrected from 4.6 to 4.2."
    assert plan.report.results[1].fields == ("value",)
    made = db.session.scalars(select(Reading).order_by(Reading.id)).all()
    assert [(r.value, r.corrects_id) for r in made][:2] == [(4.5, None), (4.6, None)]
    assert [(r.value, r.corrects_id, r.source) for r in made if r.corrects_id] == [
        (4.2, made[1].id, Source.imported)
    ]
    told = db.session.scalars(select(Event).filter_by(kind="reading.corrected")).one()
    assert (told.before, told.facts["figure"]) == ({"figure": "4.6"}, "4.2")
    kept = db.session.get_one(KpiStanding, kpi.id)
    assert (kept.value, [point.value for point in kept.points]) == (4.3, [4.5, 4.2, 4.3])
    assert outcomes(bring(What.readings, HEAD, *rows("4.5", "4.2", "4.3"))) == ["unchanged"] * 3


def test_what_somebody_corrected_since_stays_however_often_the_file_comes(
    bring: Bring, kpi: Kpi, cast: Any
) -> None:
    """Canary: `_compared` not looking at what a file said before puts the old figure back."""
    bring(What.readings, HEAD, *rows("45"))
    with writing():
        reading = db.session.scalars(select(Reading)).one()
        reading.correct(db.session.get_one(Kpi, kpi.id), by=cast.lead, now=START, value=4.5)
    plan = bring(What.readings, HEAD, *rows("45"))
    assert outcomes(plan) == ["unchanged"]
    assert "the correction stands" in plan.report.results[0].words
    assert standing() == [(1, 4.5, "")]
    assert outcomes(bring(What.readings, HEAD, *rows("4.6"))) == ["changed"]
    assert standing() == [(1, 4.6, "")]


def test_a_file_that_says_less_changes_nothing(bring: Bring, inside: None) -> None:
    """The value alone, where part and whole stand; no remark, no wording. Canary: blank cells compared as well."""
    with writing():
        Kpi.add(
            code="FCR",
            name="Solved at once",
            measure="%",
            by_parts=True,
            factor=100.0,
            by=None,
            now=START,
        )
    bring(
        What.readings,
        "kpi,date,part,whole,remark,wording",
        "FCR,2025-01-31,45,60,Estimated,Solved?",
    )
    assert outcomes(bring(What.readings, "kpi,date,value", "FCR,2025-01-31,75")) == ["unchanged"]
    assert outcomes(bring(What.readings, "kpi,date,value", "FCR,2025-01-31,")) == ["unchanged"]
    assert outcomes(bring(What.readings, "kpi,date,value", "FCR,2025-01-31,76")) == ["changed"]
    newest = db.session.scalars(select(Reading).where(stood())).one()
    assert (newest.value, newest.numerator, newest.note, newest.wording) == (
        76.0,
        None,
        "Estimated",
        "Solved?",
    )


def test_what_is_no_figure_after_all_takes_its_place(bring: Bring, kpi: Kpi) -> None:
    bring(What.readings, HEAD, *rows("4.5"))
    plan = bring(What.readings, HEAD, *rows("No Data"))
    assert outcomes(plan) == ["changed"]
    assert plan.report.results[0].words == "Corrected from 4.5 to –."
    assert standing() == [(1, None, "")]


@pytest.mark.both
def test_a_question_that_is_worded_anew_begins_a_series(bring: Bring, kpi: Kpi) -> None:
    """Case and marks make no other question, a gap asks none, and the order of the file does not matter.
    Canaries: wordings compared as they are written; a gap between taken for a question; rows in the order of the file."""
    easy, hard = "Was it easy?", "How hard was it?"
    lines = [
        *rows("4.5", "4.6"),
        *rows("No Data", first=3, question="Not fielded"),
        *rows("4.4", first=4, question="was it EASY"),
        *rows("3.1", "3.2", first=5, question=hard),
        *rows("n/a", first=7, question=easy),
        *rows("3.3", first=8, question=hard),
    ]
    plan = bring(What.readings, HEAD, *reversed(lines))
    assert [(month, breaks) for month, _value, breaks in standing() if breaks] == [(5, ANEW)]
    assert [r.line for r in plan.report.results if "A new series begins here" in r.words] == [5]
    assert db.session.get_one(KpiStanding, kpi.id).stretch_count == 3
    told = db.session.scalars(
        select(Event).filter_by(kind="reading.imported").order_by(Event.id)
    ).all()
    assert [event.private for event in told if event.private and ANEW in str(event.private)]
    assert outcomes(bring(What.readings, HEAD, *lines)) == ["unchanged"] * 8


@pytest.mark.both
def test_an_earlier_wording_that_comes_later_breaks_the_series_where_it_changed(
    bring: Bring, kpi: Kpi
) -> None:
    """The reading that stands is corrected by one that says so, on the account of the row that showed it.
    Canary: only readings of the file looked at."""
    bring(What.readings, HEAD, *rows("3.1", "3.2", first=5, question="How hard was it?"))
    assert not [breaks for _month, _value, breaks in standing() if breaks]
    plan = bring(What.readings, HEAD, *rows("4.4", first=4))
    assert outcomes(plan) == ["created"]
    assert "The series begins anew with" in plan.report.results[0].words
    assert standing() == [(4, 4.4, ""), (5, 3.1, ANEW), (6, 3.2, "")]
    corrected = db.session.scalars(select(Reading).where(Reading.corrects_id.is_not(None))).one()
    assert (corrected.day, corrected.value) == (date(2025, 5, 31), 3.1)
    both = rows("4.4", first=4) + rows("3.1", "3.2", first=5, question="How hard was it?")
    assert outcomes(bring(What.readings, HEAD, *both)) == ["unchanged"] * 3


def test_a_row_that_is_so_already_answers_for_the_break_that_falls_on_it(
    bring: Bring, kpi: Kpi
) -> None:
    later = rows("3.1", first=5, question="How hard was it?")
    bring(What.readings, HEAD, *later)
    plan = bring(What.readings, HEAD, *later, *rows("4.4", first=4))
    assert outcomes(plan) == ["changed", "created"]
    assert standing() == [(4, 4.4, ""), (5, 3.1, ANEW)]


def test_a_break_that_somebody_took_back_stays_away(bring: Bring, kpi: Kpi, cast: Any) -> None:
    """Canary: `broke` looking at the reading that stands alone."""
    lines = [*rows("4.4"), *rows("3.1", first=2, question="How hard was it?")]
    bring(What.readings, HEAD, *lines)
    with writing():
        broken = db.session.scalars(select(Reading).filter_by(breaks=ANEW)).one()
        broken.correct(db.session.get_one(Kpi, kpi.id), by=cast.lead, now=START, value=3.1)
    assert outcomes(bring(What.readings, HEAD, *lines)) == ["unchanged"] * 2
    bring(What.readings, HEAD, *rows("4.3", first=1), *lines[1:])
    assert standing() == [(1, 4.3, ""), (2, 3.1, "")]


@pytest.mark.both
def test_a_reading_that_somebody_enters_meanwhile_is_met(
    bring: Bring, kpi: Kpi, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canary: IntegrityError let through instead of `Moved`."""

    def enter() -> None:
        own = db.session.get_one(Kpi, kpi.id)
        Reading.add(own, day=date(2025, 1, 9), value=4.1, by=cast.lead, now=START)

    done = meanwhile(monkeypatch, 1, enter)
    plan = bring(What.readings, HEAD, *rows("4.5", "4.6"))
    assert done == [1]
    assert outcomes(plan) == ["changed", "created"]
    assert standing() == [(1, 4.5, ""), (2, 4.6, "")]


@pytest.mark.both
def test_a_kpi_that_is_changed_meanwhile_is_read_again(
    bring: Bring, kpi: Kpi, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scale is another by then. Canary: neither the epoch nor the versions looked at lets 4.5 in."""

    def rescale() -> None:
        db.session.get_one(Kpi, kpi.id).change(by=cast.manager, now=START, scale_high=3.0)

    meanwhile(monkeypatch, 1, rescale)
    plan = bring(What.readings, HEAD, *rows("4.5"))
    assert outcomes(plan) == ["rejected"]
    assert standing() == []


def test_after_three_tries_nothing_is_entered(
    bring: Bring, kpi: Kpi, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: Iterator[str] = iter("abcdefgh")

    def rename() -> None:
        db.session.get_one(Kpi, kpi.id).change(by=cast.manager, now=START, name=next(names))

    meanwhile(monkeypatch, 9, rename)
    with pytest.raises(NotNow):
        bring(What.readings, HEAD, *rows("4.5"))
    db.session.rollback()
    assert standing() == []
