"""Days ago become working days, in order, wherever today falls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.demo.timetable import CLOSES, OPENS, Timetable

A_WEEK = [datetime(2031, 1, day, 0, 30, tzinfo=UTC) for day in range(6, 13)]


@pytest.mark.parametrize("now", A_WEEK, ids=lambda now: now.strftime("%a"))
def test_what_happened_lies_before_today_and_what_is_promised_does_not(now):
    timetable = Timetable(now)
    for ago in range(1, 30):
        assert timetable.day(ago) < now.date()
        assert timetable.day(-ago) > now.date()
        assert timetable.day(ago).isoweekday() < 6
        assert timetable.day(-ago).isoweekday() < 6


def test_nothing_happens_on_a_holiday():
    timetable = Timetable(datetime(2030, 12, 27, 12, tzinfo=UTC))
    assert timetable.day(1) == date(2030, 12, 24)


def test_acts_run_oldest_first_and_in_the_order_given_within_a_day():
    seen = []
    timetable = Timetable(datetime(2031, 1, 15, 12, tzinfo=UTC))
    for ago, name in ((1, "d"), (5, "b"), (40, "a"), (5, "c")):
        timetable.on(ago, lambda now, name=name: seen.append((name, now)))
    assert timetable.run() == 4
    assert [name for name, _ in seen] == ["a", "b", "c", "d"]
    moments = [moment for _, moment in seen]
    assert moments == sorted(set(moments))
    for moment in moments:
        opens = datetime.combine(moment.date(), datetime.min.time(), UTC)
        assert opens + timedelta(minutes=OPENS) < moment < opens + timedelta(minutes=CLOSES)


def test_a_busy_day_still_rises():
    seen = []
    timetable = Timetable(datetime(2031, 1, 15, 12, tzinfo=UTC))
    for _ in range(300):
        timetable.on(3, seen.append)
    timetable.run()
    assert seen == sorted(set(seen))
    assert len(seen) == 300


def test_today_and_tomorrow_have_not_happened():
    with pytest.raises(ValueError, match="a day back"):
        Timetable(datetime(2031, 1, 15, tzinfo=UTC)).on(0, print)
