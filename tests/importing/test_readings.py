"""Readings from a file: what a row may look like, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import START
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.stocktaking import take_stock
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.importing.columns import BadMap, Mapping, guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.importing.reading import read
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading, Source
from tracker.kpis.standing import KpiStanding
from tracker.organisation.units import Unit

Bring = Callable[..., Plan]


def kpi(code: str, **more: Any) -> Kpi:
    with writing():
        return Kpi.add(code=code, name=more.pop("name", code.title()), by=None, now=START, **more)


def share(code: str = "FOUR", **more: Any) -> Kpi:
    fields = {
        "measure": "%",
        "by_parts": True,
        "factor": 100.0,
        "scale_low": 0.0,
        "scale_high": 100.0,
    }
    return kpi(code, **fields | more)


def outcomes(plan: Plan) -> list[str]:
    return [result.outcome.value for result in plan.report.results]


def stand() -> list[Reading]:
    return list(db.session.scalars(select(Reading).order_by(Reading.id)))


@pytest.mark.both
def test_rows_become_readings_of_units_segments_and_periods(bring: Bring, cast: Any) -> None:
    """Canaries: the failed part taken for the part; a day kept as it is instead of the end of its period; a segment spelled
    in capitals as another one."""
    made = share()
    rows = (
        "kpi,org code,type,period,attendances,breaches",
        "FOUR,CARE,1,2026-01-01,200,30",
        "four,customer care,2,2026-01,50,0",
        "Four,IT platforms,Web,Jan 2026,80,20.0",
        "Four,IT platforms,WEB,2025-12-15,80,40",
        "Four,,,31/12/2025,1000,250",
    )
    plan = bring(What.readings, *rows)
    assert outcomes(plan) == ["created"] * 5, [r.words for r in plan.report.results]
    found = [(r.unit_id, r.segment, r.day, r.value, r.numerator, r.denominator) for r in stand()]
    january, december = date(2026, 1, 31), date(2025, 12, 31)
    assert found == [
        (cast.care.id, "1", january, 85.0, 170.0, 200.0),
        (cast.care.id, "2", january, 100.0, 50.0, 50.0),
        (cast.it.id, "Web", january, 75.0, 60.0, 80.0),
        (cast.it.id, "Web", december, 50.0, 40.0, 80.0),
        (None, "", december, 75.0, 750.0, 1000.0),
    ]
    assert {r.source for r in stand()} == {Source.imported}
    told = db.session.scalars(
        select(Event).filter_by(kind="reading.imported").order_by(Event.id)
    ).all()
    assert [event.subject_id for event in told] == [made.id] * 5
    assert told[0].facts["figure"] == "85"
    kept = db.session.get_one(KpiStanding, made.id)
    assert (kept.day, kept.value) == (january, pytest.approx((170 + 50 + 60) / 330 * 100))
    assert outcomes(bring(What.readings, *rows)) == ["unchanged"] * 5


@pytest.mark.both
def test_the_trail_is_whole_and_says_what_the_tables_say_after_an_import(
    bring: Bring, cast: Any
) -> None:
    """Canaries: the births left out of the events of readings; a KPI that is made without an event."""
    take_stock(START)
    head = "question,unit,year,quarter,average score,description"
    bring(
        What.readings,
        head,
        "Ease,Legal,2025,1,4.5,Was it easy?",
        "Ease,Legal,2025,2,No Data,",
        create_missing=True,
    )
    bring(
        What.readings,
        head,
        "Ease,Legal,2025,1,4.6,Was it easy?",
        "Ease,Legal,2025,3,4.1,How easy was it?",
    )
    assert verify_stored().whole
    held = compare(db.session.connection())
    assert held.whole, list(held.lines())
    assert not held.unrecorded
    assert db.session.scalar(select(func.count(Reading.id))) == 4
    kinds = db.session.scalars(
        select(Event.kind).where(Event.kind.like("reading.%")).order_by(Event.id)
    )
    assert sorted(kinds) == [
        "reading.corrected",
        "reading.imported",
        "reading.imported",
        "reading.imported",
    ]


def test_a_kpi_for_the_whole_file_is_a_constant_of_the_map(bring: Bring) -> None:
    """Canary: `same_for_all` leaving the column in the map."""
    kpi("NPS", scale_low=-100.0, scale_high=100.0)
    table = read(b"question,date,value\nWould you?,2026-01-31,-12.5\n", "file.csv")
    mapping, _sure = guessed(What.readings, table)
    mapping.same_for_all("kpi", "nps")
    plan = bring(
        What.readings, body=b"question,date,value\nWould you?,2026-01-31,-12.5\n", mapping=mapping
    )
    assert outcomes(plan) == ["created"]
    assert stand()[0].value == -12.5


def test_a_kpi_that_a_column_names_is_made_with_the_rhythm_of_its_rows(bring: Bring) -> None:
    """Canary: every new KPI monthly."""
    rows = (
        "kpi,date,score",
        "Trust / Confidence,2025-03-31,4.25",
        "Trust / Confidence,2025-06-30,4.3",
    )
    refused = bring(What.readings, *rows)
    assert outcomes(refused) == ["rejected"] * 2
    assert [new.name for new in refused.kpis] == ["Trust / Confidence"]
    plan = bring(
        What.readings, *rows, "信任度,2025-05-05,7 ", "信任度,2025-05-12,8", create_missing=True
    )
    assert outcomes(plan) == ["created"] * 4
    made = db.session.scalars(select(Kpi).order_by(Kpi.id)).all()
    assert [(one.code, one.cadence, one.by_parts, one.places) for one in made] == [
        ("TRUST-CONFIDENCE", Cadence.quarterly, False, 2),
        ("KPI-1", Cadence.weekly, False, 0),
    ]
    assert outcomes(bring(What.readings, *rows, create_missing=True)) == ["unchanged"] * 2


def test_parts_that_never_exceed_their_whole_are_shares_in_per_cent(bring: Bring) -> None:
    """Canary: `_is_share` true for all makes 12 of 5 a share, and refuses it as off its scale."""
    rows = ("kpi,month,year,part,whole", "Solved,1,2025,30,40", "Contacts each,1,2025,12,5")
    plan = bring(What.readings, *rows, create_missing=True)
    assert outcomes(plan) == ["created"] * 2
    assert [r.value for r in stand()] == [75.0, 2.4]
    made = {one.name: (one.measure, one.scale_high) for one in db.session.scalars(select(Kpi))}
    assert made == {"Solved": ("%", 100.0), "Contacts each": ("", None)}


def test_a_constant_that_nobody_knows_is_no_new_kpi(bring: Bring) -> None:
    """Canary: `named` not asking whether the KPI has a column makes one of a slip of the pen."""
    mapping = Mapping(What.readings, {"day": "date", "value": "value"}, {"kpi": "NSP"})
    plan = bring(What.readings, "date,value", "2026-01-31,7", mapping=mapping, create_missing=True)
    assert outcomes(plan) == ["rejected"]
    assert "“NSP” is not known. Write the code" in plan.report.results[0].words
    assert db.session.scalars(select(Kpi)).all() == []


def test_units_that_are_not_known_are_proposed_and_made(bring: Bring) -> None:
    share()
    rows = ("kpi,unit,date,part,whole", "FOUR,RF4,2026-01-31,9,10", "FOUR,RF4,2025-12-31,8,10")
    assert [new.name for new in bring(What.readings, *rows).units] == ["RF4"]
    assert outcomes(bring(What.readings, *rows, create_missing=True)) == ["created"] * 2
    unit = db.session.scalars(select(Unit).filter_by(name="RF4")).one()
    assert {r.unit_id for r in stand()} == {unit.id}


def test_what_no_column_holds_is_asked_for(bring: Bring) -> None:
    """Canary: ONE_OF left out imports rows without figures and says they are so already."""
    with pytest.raises(BadMap) as told:
        bring(What.readings, "unit,remark", "CARE,nothing")
    assert "KPI (code or name), Day or period, Value" in told.value.words
    assert "--kpi in the command" in told.value.words


def test_words_in_place_of_a_figure_are_a_gap_with_its_reason_and_never_a_zero(
    bring: Bring,
) -> None:
    """Canaries: "No Data" read as 0; the reason that stands in the column of the question taken for a question."""
    kpi("CSAT", scale_low=1.0, scale_high=5.0)
    rows = (
        "kpi,date,score,remark,wording",
        "CSAT,2025-09-30,4.5,,Are you satisfied?",
        "CSAT,2025-10-31,No Data,,Fielded from the next quarter on",
        "CSAT,2025-11-30,n/a,The survey was late,Are you satisfied?",
        "CSAT,2025-12-31,-,,",
        "CSAT,2026-01-31,,Nobody was asked,",
        "CSAT,2026-02-28,,,",
    )
    plan = bring(What.readings, *rows)
    assert outcomes(plan) == ["created"] * 5 + ["unchanged"]
    assert "no figure here, and no remark" in plan.report.results[-1].words
    assert [(r.value, r.note, r.wording) for r in stand()] == [
        (4.5, "", "Are you satisfied?"),
        (None, "No Data: Fielded from the next quarter on", ""),
        (None, "n/a: The survey was late", "Are you satisfied?"),
        (None, "-", ""),
        (None, "Nobody was asked", ""),
    ]
    assert outcomes(bring(What.readings, *rows)) == ["unchanged"] * 6


def test_a_whole_of_nothing_is_a_gap_and_is_told(bring: Bring) -> None:
    share()
    plan = bring(
        What.readings,
        "kpi,date,part,whole",
        "FOUR,2026-01-31,0,0",
        "FOUR,2025-12-31,3,0",
        skip_bad=True,
    )
    assert outcomes(plan) == ["created", "rejected"]
    assert plan.report.results[0].words == "There is no value: the whole is 0."
    assert "nothing can be a part of it" in plan.report.results[1].words
    assert (stand()[0].value, stand()[0].denominator) == (None, 0.0)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (
            ["1.234,5", "1.000"],
            [1234.5, 1000.0],
        ),  # a decimal comma anywhere says what the point of the others is
        (["1,234.5", "1,000"], [1234.5, 1000.0]),
        (["4,7", "4.8"], [4.7, 4.8]),
        (["۴٫۷", "٤٫٨"], [4.7, 4.8]),
        (["1 234.5", "2"], [1234.5, 2.0]),
    ],
)
def test_a_column_says_what_its_commas_are(
    bring: Bring, cells: list[str], values: list[float]
) -> None:
    """Canary: `told_mark` answering None refuses 1.000 as a thing of two readings, or takes it for 1."""
    kpi("DAYS")
    rows = [f'DAYS,2025-{month:02d},"{cell}"' for month, cell in enumerate(cells, 1)]
    plan = bring(What.readings, "kpi,period,value", *rows)
    assert [r.words for r in plan.report.results] == [f"{value:,.1f}" for value in values]
    assert [r.value for r in stand()] == values
