"""A number in Persian digits has the Persian point, comma and per cent sign; whoever reads other digits has theirs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import g

from tracker.wording import filesize, money, number, percent


@pytest.mark.parametrize(
    ("language", "digits", "told"),
    [
        ("fa", "auto", ["۱۲٬۳۴۵٫۵", "۱۲٫۳٪", "۲۵٪"]),
        ("fa", "persian", ["۱۲٬۳۴۵٫۵", "۱۲٫۳٪", "۲۵٪"]),
        ("fa", "latin", ["12,345.5", "12.3%", "25%"]),
        ("en", "auto", ["12,345.5", "12.3%", "25%"]),
        ("zh_Hans", "auto", ["12,345.5", "12.3%", "25%"]),
    ],
)
def test_digits_have_the_marks_that_go_with_them(app, language, digits, told):
    """Planted: `_marks` that says "latn" of all; the sign of `percent` left as Babel writes it."""
    with app.test_request_context("/"):
        g.viewer = SimpleNamespace(language=language, digits=digits, time_zone="UTC", day_calendar="auto")  # fmt: skip
        assert [number(12345.5, 1), percent(0.123, 1), percent(0.25)] == told
        point = told[0][-2]
        assert point in money(1234.5, "GBP", cents=True)
        assert point in filesize(3_400_000)
