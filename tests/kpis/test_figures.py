"""Figures as people type them: a comma that can only be a decimal one is one, and what can be two things is asked about.

Planted, each seen red: groups of thousands that may begin with 0; blanks between any digits taken out; every digit of NFKC taken.
"""

from __future__ import annotations

import pytest

from tracker.kpis.figures import BadFigure, figure
from tracker.wording import number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0,125", 0.125), ("-0,125", -0.125), (",5", 0.5), ("00.5", 0.5), ("12,5", 12.5), ("1234,567", 1234.567),
        ("1,234,567", 1234567.0), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1.234.567", 1234567.0),
        ("1 234 567", 1234567.0), ("1\u202f234,5", 1234.5), ("۱۲٫۵", 12.5), ("１２．５", 12.5), ("−3", -3.0),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("inside")
def test_what_is_clear_is_understood(typed: str, value: float) -> None:
    assert figure(typed) == value


@pytest.mark.parametrize(
    "typed",
    [
        "1,234",
        "01,234",
        "00,500",
        "0,125,000",
        "0.125,5",
        "4 5000",
        "5²",
        "①",
        "1²³",
        "1.234,567.8",
    ],
)
@pytest.mark.usefixtures("inside")
def test_what_is_not_is_asked_about(typed: str) -> None:
    with pytest.raises(BadFigure):
        figure(typed)


@pytest.mark.parametrize("places", [None, 0, 2, 4])
@pytest.mark.usefixtures("inside")
def test_a_number_of_any_size_is_shown(places: int | None) -> None:
    """Planted: the 28 digits that decimals have by themselves."""
    for value in (1e15, 1e28, -1.5e300, 1e-300):
        assert number(value, places)
