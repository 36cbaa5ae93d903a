"""Working days, against a count day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.organisation.calendars import EPOCH, WorkingDays
from tracker.organisation.holidays import holiday_lines, lines_of

DAYS = st.dates(date(1996, 1, 1), date(2004, 12, 31))
WEEKENDS = st.frozensets(st.integers(1, 7), max_size=6)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingDays:
    return WorkingDays(draw(WEEKENDS), tuple(sorted(draw(st.sets(DAYS, max_size=30)))))


def walked(calendar: WorkingDays, start: date, end: date) -> int:
    """Count the slow way: every day after `start` up to and including `end`."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(
        1 for d in days if d.isoweekday() not in calendar.weekend and d not in calendar.holidays
    )


@given(calendars(), DAYS, DAYS)
def test_between_is_what_a_walk_counts(calendar: WorkingDays, start: date, end: date) -> None:
    """Canary: forget the holidays before the epoch."""
    assert calendar.between(start, end) == walked(calendar, start, end)


@given(calendars(), DAYS)
def test_each_day_adds_one_or_nothing_to_the_ordinal(calendar: WorkingDays, day: date) -> None:
    step = calendar.ordinal(day) - calendar.ordinal(day - timedelta(days=1))
    assert step == int(calendar.counts(day))


@given(calendars(), DAYS, st.integers(0, 60))
def test_adding_then_counting_gives_the_number_back(
    calendar: WorkingDays, start: date, count: int
) -> None:
    end = calendar.add(start, count)
    assert walked(calendar, start, end) == count
    assert end == start or calendar.counts(end)


@given(calendars(), DAYS, DAYS, DAYS)
def test_spans_can_be_summed(calendar: WorkingDays, a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    assert calendar.between(first, last) == (
        calendar.between(first, middle) + calendar.between(middle, last)
    )


def test_the_first_working_day_is_one() -> None:
    assert WorkingDays().ordinal(EPOCH) == 1
    assert WorkingDays().ordinal(EPOCH - timedelta(days=1)) == 0


def test_a_calendar_without_working_days_is_none() -> None:
    with pytest.raises(ValueError, match="without working days"):
        WorkingDays(frozenset(range(1, 8)))


@pytest.mark.usefixtures("inside")
class TestHolidays:
    """Holidays as they are typed."""

    def test_days_and_ranges_are_read(self) -> None:
        read = holiday_lines(
            "2026-12-25 Christmas\n\n2026-12-29..2026-12-31 Closed\n۲۰۲۶-۰۳-۲۱ نوروز\n2026-05-01"
        )
        assert read.problems == []
        assert read.days[date(2026, 12, 25)] == "Christmas"
        assert [d.day for d, name in read.days.items() if name == "Closed"] == [29, 30, 31]
        assert read.days[date(2026, 3, 21)] == "نوروز"
        assert read.days[date(2026, 5, 1)] == ""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Christmas", "Line 1: “Christmas” has no date at its start"),
            ("2026-12-25 a\n2026-02-30 b", "Line 2: “2026-02-30 b” holds a date that does not"),
            ("0000-00-00 x", "does not exist"),
            ("2026-12-31..2026-12-01 x", "ends before it begins"),
            ("2026-01-01..2026-12-31 x", "longer than"),
            ("1026-01-01 x", "too far away"),
        ],
    )
    def test_what_cannot_be_read_names_its_line(self, text: str, words: str) -> None:
        assert words in " ".join(holiday_lines(text).problems)

    @given(st.dictionaries(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.sampled_from("ab")))
    def test_what_is_shown_reads_back_as_the_same(self, days: dict[date, str]) -> None:
        assert holiday_lines(lines_of(days)).days == dict(sorted(days.items()))
