"""The company's KPIs on home: its outcomes first, as they stand, without a word more asked of the database.

Planted, each seen red: process measures taken in; drivers before outcomes; no limit; the target of another KPI; what was
kept shown after a reading came in (the trail not looked at); the line for whoever may add a KPI shown to everybody.
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
from tracker.db import db, writing
from tracker.kpis.measures import Layer
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.targets import Target
from tracker.overview.measures import MOST

MISSING = "once it has a KPI of the layer Outcome or Driver"


def kpi(code: str, layer: Layer = Layer.outcome, **more: Any) -> Kpi:
    made = Kpi.add(code=code, name=f"The {code}", layer=layer, by=None, now=START, **more)
    restand([made])
    return made


def read(one: Kpi, day: date, value: float) -> None:
    Reading.add(one, day=day, value=value, by=None, now=START)
    restand([one])


def tiles(page: str) -> dict[str, str]:
    """Return the text of each tile by the code of its KPI."""
    found = re.findall(r'<article class="panel kpi-tile">(.*?)</article>', page, re.DOTALL)
    told = {re.search(r"/kpis/([A-Z0-9]+)", one)[1]: re.sub(r"<[^>]+>", " ", one) for one in found}  # type: ignore[index]
    return {code: " ".join(text.split()) for code, text in told.items()}


@pytest.mark.both
def test_home_shows_the_outcomes_then_what_drives_them(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    with app.app_context(), writing():
        kpi("CALLS", Layer.process)
        wait = kpi("ANSWER", Layer.driver, measure="min")
        nps, churn = kpi("NPS"), kpi("CHURN", measure="%")
        read(nps, date(2026, 1, 31), 30.0)
        read(nps, date(2026, 2, 28), 31.5)
        read(wait, date(2025, 6, 30), 4.0)
        for one, day, value in (
            (nps, date(2026, 1, 31), 20.0),
            (nps, date(2026, 12, 31), 45.0),
            (churn, date(2026, 6, 30), 2.0),
        ):
            Target.put(one, day=day, value=value, by=None, now=START)  # fmt: skip
    told = tiles(as_(cast.finance).get("/").text)
    assert list(told) == ["CHURN", "NPS", "ANSWER"]
    assert told["NPS"] == "The NPS Too few to say 31.5 Target 45.0 by 31 Dec 2026"
    assert told["CHURN"] == "The CHURN Too few to say – Target 2.0% by 30 Jun 2026"
    assert told["ANSWER"] == "The ANSWER Too few to say 4.0 min Stale"
    assert "kpi-tile" not in as_(cast.contact).get("/").text


@pytest.mark.both
def test_a_new_reading_stands_there_at_once(app: Flask, cast: SimpleNamespace, as_: Any) -> None:
    with app.app_context(), writing():
        read(kpi("NPS"), date(2026, 1, 31), 30.0)
    tab = as_(cast.manager)
    assert "30.0" in tiles(tab.get("/").text)["NPS"]
    with app.app_context(), writing():
        read(db.session.query(Kpi).one(), date(2026, 2, 28), 32.0)
    assert "32.0" in tiles(tab.get("/").text)["NPS"]


def test_of_many_the_first_are_shown_and_they_cost_nothing(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    """What stands on top of the tree before what stands below it. They are read with the counts, once for each growth of the
    trail, and no series with them."""

    def asked() -> list[str]:
        with counted(app) as seen:
            tab.get("/")
        assert not [one for one in seen if "FROM reading" in one]
        return [one for one in seen if "FROM kpi" in one]

    tab = as_(cast.manager)
    tab.get("/")
    with app.app_context(), writing():
        top = kpi("TOP")
        for n in range(MOST):
            kpi(f"BELOW{n}", parent_id=top.id)
        kpi("ALONE")
    (one,) = [statement for statement in asked() if "kpi_standing" in statement]
    assert "GROUP BY initiative.colour" in one
    assert not [statement for statement in asked() if "kpi_standing" in statement]
    shown = list(tiles(tab.get("/").text))
    assert shown == ["ALONE", "TOP", *(f"BELOW{n}" for n in range(MOST - 2))]


def test_where_there_are_none_whoever_may_add_one_is_told(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    assert MISSING in as_(cast.manager).get("/").text
    assert MISSING not in as_(cast.member).get("/").text
    with app.app_context(), writing():
        kpi("NPS")
    assert MISSING not in as_(cast.manager).get("/").text
