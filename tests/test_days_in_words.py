"""A day is told with its year where the year is not plain."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import g

from tracker.wording import day, today


@pytest.mark.parametrize(
    ("away", "language", "calendar", "short", "weekday"),
    [
        (183, "en", "auto", "1 Sep", "Tue 1 Sep"),
        (184, "en", "auto", "2 Sep 2026", "Wed 2 Sep 2026"),
        (-183, "en", "auto", "31 Aug", "Sun 31 Aug"),
        (-184, "en", "auto", "30 Aug 2025", "Sat 30 Aug 2025"),
        (184, "zh_Hans", "auto", "2026年9月2日", "2026年9月2日 周三"),
        (183, "fa", "auto", "۱۰ شهریور", "سه‌شنبه ۱۰ شهریور"),
        (184, "fa", "auto", "۱۱ شهریور ۱۴۰۵", "چهارشنبه ۱۱ شهریور ۱۴۰۵"),
    ],
)
def test_a_day_half_a_year_away_tells_its_year(app, clock, away, language, calendar, short, weekday):  # fmt: skip
    """Planted: the year left out whatever the day (2 Sep of which year?)."""
    with app.test_request_context("/"):
        g.viewer = SimpleNamespace(language=language, digits="auto", time_zone="UTC", day_calendar=calendar)  # fmt: skip
        that = today() + timedelta(days=away)
        assert (day(that, "short"), day(that, "weekday")) == (short, weekday)
