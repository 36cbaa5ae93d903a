"""The arithmetic of goals, by examples and by properties.

Planted, each seen red: `actual - target` for the numerator; a plan that starts at zero; claims compared with the bare movement.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.goals.progress import moved, overclaimed, planned, progress

START = date(2026, 1, 1)
figures = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "share"),
    [(30, 45, 30, 0), (30, 45, 45, 1), (30, 45, 37.5, 0.5), (30, 45, 24, -0.4), (30, 45, 60, 2), (8, 2, 5, 0.5), (8, 2, 11, -0.5)],
)  # fmt: skip
def test_progress_is_the_share_of_the_way_in_either_direction(baseline, target, actual, share):
    assert progress(baseline, target, actual) == pytest.approx(share)


def test_a_goal_that_goes_nowhere_has_no_progress():
    with pytest.raises(ValueError, match="no progress"):
        progress(3, 3, 3)


@given(figures, figures, figures, figures)
def test_progress_does_not_change_where_the_whole_scale_is_moved_or_turned(
    baseline, target, actual, shift
):
    assume(abs(baseline - target) > 0.01)
    share = progress(baseline, target, actual)
    assert progress(-baseline, -target, -actual) == pytest.approx(share, abs=1e-6)
    assert progress(baseline + shift, target + shift, actual + shift) == pytest.approx(
        share, rel=1e-5, abs=1e-4
    )


def test_the_plan_is_straight_between_its_points_and_level_beyond_them():
    line = [(START, 30.0), (START + timedelta(days=10), 40.0), (START + timedelta(days=30), 45.0)]
    at = {days: planned(line, START + timedelta(days=days)) for days in (-5, 0, 5, 10, 20, 30, 99)}
    assert at == {-5: 30, 0: 30, 5: 35, 10: 40, 20: 42.5, 30: 45, 99: 45}
    assert planned([], START) is None


@pytest.mark.parametrize(
    ("claims", "movement", "excess"),
    [([3, 2], 5, 0), ([3, 2.5], 5, 0.5), ([0.1, 0.2], 0.3, 0), ([1], -4, 1), ([], 0, 0), ([2], 0, 2)],
)  # fmt: skip
def test_claims_are_held_against_what_moved_for_the_better(claims, movement, excess):
    assert overclaimed(sum(claims), movement) == pytest.approx(excess)


def test_movement_is_counted_for_the_better():
    assert (moved(30, 37, up_is_good=True), moved(30, 37, up_is_good=False)) == (7, -7)
