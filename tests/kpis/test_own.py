"""What a unit is measured by stands on its page: its own KPIs, and those that have readings of it.

Planted, each seen red: the readings of the whole company shown for those of the unit; a KPI shown that was never read
here; the unit left out of the link; all shown that were found; others before its own; a series read for each KPI.
"""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.cast import START
from tests.conftest import counted
from tracker.db import writing
from tracker.kpis import own
from tracker.kpis.measures import period_end
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.targets import Target

DAYS = [date(2025, month, 1) for month in range(1, 13)]


def kpi(code: str, **more: Any) -> Kpi:
    return Kpi.add(code=code, name=f"How {code} goes", by=None, now=START, **more)


def read(one: Kpi, *values: float, unit: Any = None) -> list[Reading]:
    days = (period_end(day, one.cadence) for day in DAYS)
    more = {"by": None, "now": START, "unit_id": unit.id if unit else None}
    made = [
        Reading.add(one, day=day, value=value, **more)
        for day, value in zip(days, values, strict=False)
    ]
    restand([one])
    return made


def section(page: str) -> str:
    return page.split('id="measures"', 1)[1].split("</section>", 1)[0]


def codes(page: str) -> list[str]:
    return re.findall(r'href="/kpis/([A-Z0-9]+)', section(page))


def test_a_unit_is_measured_by_its_own_and_by_what_was_read_there(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    with app.app_context(), writing():
        mine, shared, other = kpi("MINE", unit_id=cast.it.id), kpi("FCR"), kpi("ELSEWHERE")
        read(mine, 1.0)
        read(shared, 50.0)
        *_, last = read(shared, 71.0, 72.0, unit=cast.it)
        last.correct(shared, by=cast.manager, now=START, value=73.0)
        read(shared, 91.0, unit=cast.billing)
        read(other, 30.0, unit=cast.billing)
        Target.put(shared, day=date(2026, 12, 31), value=75.0, by=None, now=START)
    page = as_(cast.finance).get("/units/it-platforms").text
    assert codes(page) == ["MINE", "FCR"]
    told = section(page)
    assert 'href="/kpis/MINE"' in told
    assert 'href="/kpis/FCR?unit=it-platforms"' in told
    assert ">73.0<" in told
    assert ">72.0<" not in told
    assert ">50.0<" not in told
    assert "Target 75.0 by 31 Dec 2026" in told
    assert "Too few to say" in told
    assert told.count("Stale") == 2  # the last of 2025, and it is March
    assert as_(cast.finance).get("/kpis/FCR?unit=it-platforms").status_code == 200
    assert codes(as_(cast.finance).get("/units/billing").text) == ["ELSEWHERE", "FCR"]
    none = section(as_(cast.finance).get("/units/customer-care").text)
    assert "No KPI is measured here yet." in none
    assert "You are measured by" in as_(cast.head).get("/units/it-platforms").text


def test_its_state_is_that_of_its_own_readings(app: Flask, cast: SimpleNamespace, as_: Any) -> None:
    """While the company's vary as they always do, this unit's rise eight times. Planted: `up_is_good` turned round."""
    rising = [50.0, 51.0, 50.0, 52.0, 51.0, 50.0, 60.0, 61.0, 63.0, 65.0, 68.0, 71.0]
    with app.app_context(), writing():
        shared = kpi("FCR")
        read(shared, *[50.0, 51.0] * 6)
        read(shared, *rising, unit=cast.it)
    assert "Getting better" in section(as_(cast.finance).get("/units/it-platforms").text)
    assert "No real change" in as_(cast.finance).get("/goals").text


@pytest.mark.both
def test_a_unit_shows_the_first_of_many_its_own_before_others(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    """And asks as much for many as for few."""
    with app.app_context(), writing():
        for n in range(2):
            read(kpi(f"A{n}"), 1.0, unit=cast.it)
    tab = as_(cast.finance)
    tab.get("/units/it-platforms")
    with counted(app) as few:
        assert "All KPIs" not in section(tab.get("/units/it-platforms").text)
    with app.app_context(), writing():
        for n in range(own.MOST):
            read(kpi(f"B{n}", unit_id=cast.it.id), 1.0)
    with counted(app) as many:
        page = tab.get("/units/it-platforms").text
    assert codes(page) == [f"B{n}" for n in range(own.MOST)]
    assert "All KPIs" in section(page)
    assert len(few) == len(many) <= 12
