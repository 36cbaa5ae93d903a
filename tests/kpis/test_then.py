"""A KPI as it stood on a past day: nothing that came later shows in it.

Planted, each seen red: the beginning of the day taken for its end; the day asked of the present series; today let through.
"""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tests.aims import kpi
from tracker.db import Model, db, writing
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand

MONTHS = [(1, 41.3), (2, 42.6)]


@pytest.fixture
def days(app: Any, cast: SimpleNamespace, clock: Any) -> list[date]:
    """The days on which a reading came, another, and a correction of the first."""
    with app.app_context():
        db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
        came, first = [], None
        for month, value in MONTHS:
            with writing():
                nps = kpi("NPS")
                reading = Reading.add(nps, day=date(2026, month, 9), value=value, by=cast.lead, now=clock())  # fmt: skip
                first = first or reading
            came.append(clock().date())
            clock.forward(days=2)
        with writing():
            first.correct(nps, value=37.4, by=cast.lead, now=clock())
            restand([nps])
        came.append(clock().date())
        clock.forward(days=2)
        db.session.expunge_all()
    return came


def test_what_came_later_is_left_out(as_: Any, cast: SimpleNamespace, days: list[date]) -> None:
    tab = as_(cast.auditor)
    shown = [tab.get(f"/kpis/NPS/then?day={day}").text for day in days]
    told = [re.findall(r'<td class="end num">([\d.]+)', page) for page in shown]
    assert told == [["41.3"], ["42.6", "41.3"], ["42.6", "37.4"]]
    assert "This is what stood at the end of" in shown[0]
    assert "/kpis/NPS/then" in tab.get("/kpis/NPS").text


def test_before_anything_was_known_nothing_was_measured(
    as_: Any, cast: SimpleNamespace, days: list[date]
) -> None:
    assert "Nothing was measured yet." in as_(cast.member).get("/kpis/NPS/then?day=2025-01-01").text
    assert days


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("the spring", "Write a day as 2026-03-31."),
        ("2026-02-30", "Write a day as 2026-03-31."),
        ("0001-01-01", "Choose a day that is over."),
        ("9999-12-31", "Choose a day that is over."),
        ("today", "Choose a day that is over."),
    ],
)
@pytest.mark.usefixtures("days")
def test_a_day_that_is_none_or_is_not_over_has_words_at_its_place(
    as_: Any, cast: SimpleNamespace, clock: Any, typed: str, words: str
) -> None:
    asked = clock().date().isoformat() if typed == "today" else typed
    answer = as_(cast.member).get(f"/kpis/NPS/then?day={asked}")
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{asked}"' in answer.text
