"""Days and periods as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.importing.days import date_order, day, period
from tracker.importing.words import BadValue


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-31",
        "2025/3/31",
        "31/03/2025",
        "31.3.25",
        "31 March 2025",
        "31st Mar 2025",
        "31-Mar-25",
        "March 31, 2025",
        "20250331",
        "2025-03-31 00:00:00",
        "2025-03-31T08:00:00Z",
        "2025年3月31日",
        "۲۰۲۵-۰۳-۳۱",
        "1404/01/11",
        "۱۴۰۴/۰۱/۱۱",
    ],
)
def test_usual_forms_of_one_day(text: str) -> None:
    assert day(text) == date(2025, 3, 31)


@pytest.mark.parametrize("text", ["", "  ", "-", "n/a", "TBC", "#N/A"])
def test_a_blank_cell_is_no_day_and_no_period(text: str) -> None:
    assert day(text) is None
    assert period(text) is None


@pytest.mark.parametrize(
    "text",
    ["0000-00-00", "00/00/0000", "2025-02-30", "31/13/2025", "45747", "soon", "1066-10-14", "3"],
)
def test_what_is_no_day_is_refused_with_its_value(text: str) -> None:
    # Canary: day() answering None for 0000-00-00.
    with pytest.raises(BadValue) as raised:
        day(text)
    assert f"“{text}”" in raised.value.words


def test_the_column_decides_between_day_and_month_first() -> None:
    assert date_order(["03/04/2025", "12/31/2024"]) == "mdy"
    assert date_order(["03/04/2025", "31/12/2024"]) == "dmy"
    assert date_order(["03/04/2025", "2025-01-31"]) is None
    assert day("03/04/2025", "mdy") == date(2025, 3, 4)
    assert day("03/04/2025", "dmy") == date(2025, 4, 3)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2024-25", date(2025, 3, 31)),
        ("2024/25", date(2025, 3, 31)),
        ("2024-2025", date(2025, 3, 31)),
        ("FY24-25", date(2025, 3, 31)),
        ("1999-00", date(2000, 3, 31)),
        ("2024 Q3", date(2024, 9, 30)),
        ("Q1-2024", date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2011-12", date(2011, 12, 31)),
        ("05/2024", date(2024, 5, 31)),
        ("May 2024", date(2024, 5, 31)),
        ("2024年5月", date(2024, 5, 31)),
        ("2024", date(2024, 12, 31)),
        ("2024-05-07", date(2024, 5, 7)),
    ],
)
def test_a_period_is_dated_its_last_day(text: str, last: date) -> None:
    assert period(text) == last


@pytest.mark.parametrize(
    "text", ["2024-26", "2024-13", "Q5 2024", "0000-00-00", "last year", "0000"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as raised:
        period(text)
    assert f"“{text}”" in raised.value.words
