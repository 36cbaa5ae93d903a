"""What the pages of KPIs make of readings that came in from a file: breaks, gaps, parts added up, in few statements."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from tests.cast import START
from tests.conftest import counted
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import run
from tracker.importing.reading import read
from tracker.kpis.around import readings_of
from tracker.kpis.chart import DRAWN
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.series import measured, points_of
from tracker.kpis.targets import Benchmark, Target
from tracker.kpis.xmr import stretches

MOST = 12  # statements behind a page


def bring(*lines: str) -> None:
    table = read("\n".join(lines).encode(), "file.csv")
    made = run(table, guessed(What.readings, table)[0], by=None, now=START)
    assert made.applies, made.report.results


def share(code: str, **more: Any) -> Kpi:
    return Kpi.add(
        code=code, name=code.title(), measure="%", by_parts=True, factor=100.0, scale_low=0.0, scale_high=100.0, by=None, now=START, **more
    )  # fmt: skip


def months(count: int) -> list[date]:
    return [date(2025, 1, 31) + timedelta(days=31 * n) for n in range(count)]


@pytest.mark.both
def test_a_part_is_counted_where_its_whole_was_not_measured_and_a_segment_shows_itself(
    inside: None, cast: SimpleNamespace
) -> None:
    """Canaries: the segments of Billing added to Billing as a whole (40 of 70); the segment of Billing kept from its own
    chart because Billing was measured as a whole."""
    with writing():
        kpi = share("FCR")
    bring(
        "kpi,unit,segment,date,part,whole",
        "FCR,CARE,Web,2026-01-31,10,20",
        "FCR,CARE,Phone,2026-01-31,20,20",
        "FCR,BILL,,2026-01-31,5,20",
        "FCR,BILL,Web,2026-01-31,5,10",
    )
    (whole,) = measured({kpi.id: 100.0})[kpi.id]
    assert (whole.numerator, whole.denominator) == (35.0, 60.0)
    (web,) = measured({kpi.id: 100.0}, segment="Web")[kpi.id]
    assert (web.numerator, web.denominator) == (15.0, 30.0)
    (billing,) = measured({kpi.id: 100.0}, unit_id=cast.billing.id)[kpi.id]
    assert billing.value == 25.0
    (web,) = measured({kpi.id: 100.0}, unit_id=cast.billing.id, segment="Web")[kpi.id]
    assert web.value == 50.0
    of_each = measured({kpi.id: 100.0}, unit_ids=[cast.care.id, cast.billing.id])
    assert [of_each[one.id][0].value for one in (cast.care, cast.billing)] == [75.0, 25.0]


def test_the_limits_begin_anew_where_the_question_was_worded_anew(
    inside: None, cast: SimpleNamespace
) -> None:
    """Canary: `starts` of a point not taken from `breaks` draws one stretch of sixteen."""
    with writing():
        kpi = Kpi.add(code="EASE", name="Ease", by=None, now=START - timedelta(days=900))
    days = [date(2024, 9, 30), *(date(2024 + n // 12, n % 12 + 1, 28) for n in range(9, 24))]
    lines = [
        f"EASE,{day},{4 + n % 3 / 10},{'Was it easy?' if n < 8 else 'How hard was it?'}"
        for n, day in enumerate(days)
    ]
    bring("kpi,date,value,wording", *lines)
    found = stretches(points_of(measured({kpi.id: 1.0})[kpi.id]))
    assert [len(one.points) for one in found] == [8, 8]
    assert all(one.limits and one.limits.provisional for one in found)


def test_the_page_of_a_kpi_with_much_around_it_asks_no_more_than_twelve_times(
    app: Flask, cast: SimpleNamespace
) -> None:
    """As its owner, who is shown the form, with units and segments, targets, benchmarks, and KPIs below it.
    Canary: the targets of the KPIs below asked for by themselves."""
    with app.app_context():
        with writing():
            kpi = share("FCR", owner_id=cast.lead.id)
            for n in range(3):
                below = share(f"FCR{n}", parent_id=kpi.id)
                Target.put(below, day=date(2026, 12, 31), value=80.0, by=None, now=START)
            Target.put(kpi, day=date(2026, 12, 31), value=90.0, by=None, now=START)
            Benchmark.add(
                kpi, day=date(2025, 12, 31), value=85.0, source="A panel", by=None, now=START
            )
        rows = [
            f"FCR,{unit},{segment},{day},{8 + n % 2},10"
            for n, day in enumerate(months(13))
            for unit in ("CARE", "IT")
            for segment in ("Web", "")
        ]
        bring("kpi,unit,segment,date,part,whole", *rows)
        slug = cast.care.slug
    tab = app.test_client().sign_in(cast.lead)
    for address in (
        "/kpis/FCR",
        f"/kpis/FCR?unit={slug}",
        f"/kpis/FCR?unit={slug}&segment=Web",
        "/goals",
    ):
        tab.get(address)
        with counted(app) as statements:
            assert tab.get(address).status_code == 200
        assert len(statements) <= MOST, "\n".join([address, *statements])
    page = tab.get("/kpis/FCR").text
    assert "Fcr1" in page
    assert "52 readings stand" in page


def test_a_page_behind_the_last_one_still_knows_how_many_readings_there_are(inside: None) -> None:
    """Canary: the count taken from the rows of the page alone."""
    with writing():
        kpi = share("FCR")
    bring("kpi,date,part,whole", *(f"FCR,{day},8,10" for day in months(3)))
    assert [(len(rows), count) for rows, count in (readings_of(kpi, None, None, 2, first) for first in (0, 2, 4))] == [
        (2, 3), (1, 3), (0, 3),
    ]  # fmt: skip


def test_a_remark_that_there_is_nothing_hides_nothing_that_was_measured(
    inside: None, cast: SimpleNamespace
) -> None:
    """Planted: gaps ranked as what was measured; a whole without a value that keeps its segments out."""
    with writing():
        kpi = share("FCR")
        for told in (
            {"note": "No survey.", "breaks": "Asked anew from here."},
            {"unit_id": cast.it.id, "note": "No survey."},
            {"unit_id": cast.it.id, "segment": "Web", "numerator": 7.0, "denominator": 10.0},
        ):
            Reading.add(kpi, day=date(2026, 1, 31), by=None, now=START, **told)  # type: ignore[arg-type]
    (only,) = measured({kpi.id: 100.0})[kpi.id]
    assert (only.value, only.parts, only.breaks) == (70.0, 1, "Asked anew from here.")


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(500.0, 0.0, "nothing can be a part of it"), (9e14, 1e-9, "too large")]
)  # fmt: skip
def test_a_part_of_nothing_and_a_value_that_no_page_could_show_are_refused(
    inside: None, part: float, whole: float, words: str
) -> None:
    """Planted: the whole taken for unsaid because it is 0; the value not held to the largest figure."""
    with writing():
        kpi = share("FCR")
    with pytest.raises(NotNow, match=words), writing():
        Reading.add(kpi, day=date(2026, 1, 31), by=None, now=START, numerator=part, denominator=whole)  # fmt: skip


def test_the_page_says_that_some_of_the_newest_value_is_not_in_yet(
    app: Flask, cast: SimpleNamespace, as_: Any, told: Any
) -> None:
    """Planted: the readings behind the newest value not compared with those behind the one before."""

    def begin() -> None:
        with writing():
            kpi = share("FCR")
            for day, unit in (
                (date(2026, 1, 31), cast.it),
                (date(2026, 1, 31), cast.care),
                (date(2026, 2, 28), cast.it),
            ):
                Reading.add(kpi, day=day, unit_id=unit.id, numerator=7.0, denominator=10.0, by=None, now=START)  # fmt: skip
            restand([kpi])

    told(begin)
    page = as_(cast.member).get("/kpis/FCR").text
    assert "It is added up from 1 reading, and the one before from 2" in page


def test_every_reading_says_whether_it_was_corrected(
    app: Flask, cast: SimpleNamespace, as_: Any, told: Any
) -> None:
    """Planted: the page not told which were."""

    def begin() -> None:
        with writing():
            kpi = share("FCR", owner_id=cast.lead.id)
            first = Reading.add(kpi, day=date(2026, 1, 31), value=23.5, by=cast.lead, now=START)
            first.correct(kpi, value=22.5, by=cast.lead, now=START)
            restand([kpi])

    told(begin)
    page = as_(cast.lead).get("/kpis/FCR/readings").text
    assert page.count("Corrected later") == 1
    assert page.count("/correction") == 1


def test_a_chart_of_very_many_readings_shows_the_newest_and_says_so(
    app: Flask, cast: SimpleNamespace, as_: Any, told: Any
) -> None:
    """The limits stay those of all. Planted: everything drawn."""

    def begin() -> float:
        with writing():
            kpi = share("FCR", cadence=Cadence.daily)
            db.session.execute(
                insert(Reading),
                [
                    {"kpi_id": kpi.id, "day": date(2024, 1, 1) + timedelta(days=n), "value": float(n % 7), "added_at": START}
                    for n in range(DRAWN + 40)
                ],
            )  # fmt: skip
            restand([kpi])
        return stretches(points_of(measured({kpi.id: 100.0})[kpi.id]))[-1].limits.mean  # type: ignore[union-attr]

    mean = told(begin)
    page = as_(cast.member).get("/kpis/FCR").text
    assert f"Shown are the newest {DRAWN} of {DRAWN + 40} readings" in page
    assert page.count("<circle") + page.count('class="mark') <= 2 * DRAWN
    assert page.count('<th scope="row">') <= DRAWN + 40
    assert mean
