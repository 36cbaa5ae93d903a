"""The units of a KPI side by side: each against its own limits, all on one scale, in the order of their names.

Planted, each seen red: the units ordered by their newest value; every chart on a scale of its own; the scale taken from the
units of the page alone; limits drawn from five readings on; the series of each unit asked for by itself; the link shown
where there is one unit.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.cast import START
from tests.conftest import counted
from tracker.db import db, writing
from tracker.kpis.comparing import side_by_side
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.organisation.units import Unit

MOST = 12
SENTENCE = "The units stand in the order of their names and have no rank"


def units(count: int, first: int = 1) -> list[Unit]:
    return [
        Unit.add(code=f"U{n}", name=f"Branch {n}", by=None, now=START)
        for n in range(first, first + count)
    ]


def read(kpi: Kpi, unit: Unit | None, values: list[float | None]) -> None:
    for n, value in enumerate(values):
        Reading.add(
            kpi, day=date(2024, 1, 31) + timedelta(days=31 * n), value=value, note="" if value is not None else "Closed",
            unit_id=unit.id if unit else None, by=None, now=START,
        )  # fmt: skip
    restand([kpi])


def ease(**more: Any) -> Kpi:
    return Kpi.add(code="EASE", name="Ease", by=None, now=START - timedelta(days=900), **more)


def some(count: int, middle: float = 4.0) -> list[float | None]:
    return [middle + n % 3 / 10 for n in range(count)]


def names(page: str) -> list[str]:
    return re.findall(r"<bdi>(Branch \d+)</bdi></a></h2>", page)


@pytest.fixture
def three(app: Flask, cast: SimpleNamespace) -> None:
    """Branch 2 is best and has five readings, Branch 10 is worst and has eight, Branch 9 has thirteen."""
    with app.app_context(), writing():
        kpi = ease()
        for n, (count, middle) in {10: (8, 1.0), 2: (5, 9.0), 9: (13, 4.0)}.items():
            read(kpi, units(1, n)[0], some(count, middle))


def test_units_stand_in_the_order_of_their_names_each_with_what_its_own_limits_say(
    cast: SimpleNamespace, as_: Any, three: None
) -> None:
    page = as_(cast.finance).get("/kpis/EASE/units").text
    assert SENTENCE in page
    assert names(page) == ["Branch 2", "Branch 9", "Branch 10"]
    few, settled, new = page.split('<li class="panel stack')[1:]
    assert "Too few to say" in few
    assert "There are 5 readings since the series began." in few
    assert ('class="limit' in few, "Provisional" in few) == (False, False)
    assert "No real change" in settled
    assert "By itself it varies between" in settled
    assert ('class="limit"' in settled, "Provisional" in settled) == (True, False)
    assert ('class="limit provisional"' in new, ">Provisional<" in new) == (True, True)
    assert "rank" not in page.replace(SENTENCE, "")
    assert 'href="/kpis/EASE?unit=branch-2"' in few


def test_all_charts_have_one_scale_and_the_page_says_which(
    app: Flask, cast: SimpleNamespace, as_: Any, three: None
) -> None:
    with app.app_context():
        kpi = db.session.query(Kpi).one()
        every = db.session.query(Unit).filter(Unit.code.like("U%")).order_by(Unit.name).all()
        made = side_by_side(kpi, every, every, target=None, today=START.date())
        marks = [mark for one in made.units for mark in one.drawn.marks]
        heights = {round(mark.y + mark.value * _per_unit(marks), 0) for mark in marks}
        assert len(heights) == 1  # the same value lies at the same height in every chart
        alone = side_by_side(kpi, every, every[:1], target=None, today=START.date())
        assert alone.units[0].drawn == made.units[0].drawn
        assert (made.first, made.low, made.high) == ("31 Jan 2024", "0.7", "9.2")
    page = as_(cast.manager).get("/kpis/EASE/units").text
    assert (
        "All charts, on every page, have one scale: from 0.7 to 9.2, and from 31 Jan 2024" in page
    )


def _per_unit(marks: list[Any]) -> float:
    low, high = min(marks, key=lambda one: one.value), max(marks, key=lambda one: one.value)
    return (low.y - high.y) / (high.value - low.value)


def test_a_gap_is_no_zero_and_a_new_series_is_told(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    with app.app_context(), writing():
        kpi = ease()
        one, two = units(2)
        read(kpi, one, [4.0, None, 4.2])
        read(kpi, two, [None])
        Reading.add(
            kpi, day=date(2024, 6, 30), value=4.4, breaks="Asked anew", unit_id=one.id, by=None, now=START
        )  # fmt: skip
    page = as_(cast.manager).get("/kpis/EASE/units").text
    first, second = page.split('<li class="panel stack')[1:]
    assert "A new series began with 30 Jun 2024." in first
    assert first.count("<circle") == 3
    assert "Nothing was measured yet." in second
    assert '<svg class="xmr' not in second
    assert "from 4.0 to 4.4" in page


def test_many_units_come_a_page_at_a_time_in_as_many_statements_as_two(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    with app.app_context(), writing():
        kpi = ease()
        for unit in units(2):
            read(kpi, unit, some(7))
    tab = as_(cast.manager)
    tab.get("/kpis/EASE/units")
    with counted(app) as few:
        assert tab.get("/kpis/EASE/units").status_code == 200
    with app.app_context(), writing():
        kpi = db.session.query(Kpi).one()
        for unit in units(58, 3):
            read(kpi, unit, some(7, 50.0 if unit.code == "U60" else 4.0))
    with counted(app) as many:
        page = tab.get("/kpis/EASE/units").text
    assert len(few) == len(many) <= MOST, "\n".join(many)
    assert names(page) == [f"Branch {n}" for n in range(1, 25)]
    assert names(tab.get("/kpis/EASE/units?page=3").text) == [f"Branch {n}" for n in range(49, 61)]
    assert "1 to 24 of 60" in page
    assert "have one scale: from 3.7 to 50.4" in page
    assert tab.get("/kpis/EASE/units?page=9").status_code == 200


def test_the_page_of_a_kpi_leads_there_where_there_are_units_to_compare(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    with app.app_context(), writing():
        kpi = ease()
        read(kpi, None, some(3))
    tab = as_(cast.manager)
    assert "No unit has readings of its own yet." in tab.get("/kpis/EASE/units").text
    for count, there in ((1, False), (1, True)):
        with app.app_context(), writing():
            kpi = db.session.query(Kpi).one()
            read(kpi, units(count, 2 if there else 1)[0], some(3))
        assert ('href="/kpis/EASE/units"' in tab.get("/kpis/EASE").text) is there
    assert "Compare its 2 units, each with its limits" in tab.get("/kpis/EASE").text
    assert as_(cast.contact).get("/kpis/EASE/units").status_code == 404
