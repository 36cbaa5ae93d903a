"""What a form proposes, and where the ticks of a chart stand."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.kpis.chart import ticks
from tracker.kpis.measures import Cadence, next_day


@pytest.mark.parametrize(
    ("last", "today", "proposed"),
    [
        (None, date(2026, 11, 28), date(2026, 9, 30)),
        (date(2026, 6, 30), date(2026, 11, 28), date(2026, 9, 30)),
        (date(2026, 9, 30), date(2026, 11, 28), None),
        (date(2026, 9, 30), date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_no_day_is_proposed_of_a_period_that_goes_on(
    last: date | None, today: date, proposed: date | None
) -> None:
    """Planted: today proposed for the quarter that it lies in."""
    assert next_day(last, Cadence.quarterly, today) == proposed


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 100.0), (-3.0, 4.0), (1e-14, 9e-14), (1e-38, 1.2e-38), (1e14, 9e14)]
)
def test_ticks_lie_on_the_chart_and_differ(low: float, high: float) -> None:
    """Planted: rounding to twelve places, whatever the size."""
    found = ticks(low, high)
    margin = (high - low) * 1e-6
    assert len(found) >= 2
    assert found == sorted(set(found))
    assert low - margin <= found[0]
    assert found[-1] <= high + margin
