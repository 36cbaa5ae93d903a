"""How a KPI stands after one reading is what it would be if all of them were read: whatever came, in whatever order.

Planted, each seen red: the other readings of the day left out; a correction counted as a reading more; a unit counted twice; the
day put at the end of the series.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand, restand_after
from tracker.kpis.series import measured, points_of
from tracker.kpis.standing import KpiStanding
from tracker.kpis.xmr import stretches, variation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def step(months: int) -> Any:
    """One thing that is entered: the month, where, and what."""
    return st.tuples(
        st.integers(0, months - 1),
        st.sampled_from([None, "care", "billing", "it"]),
        st.sampled_from(["", "", "Web", "Shop"]),
        st.one_of(st.none(), st.integers(0, 10)),  # the part; none is a gap
        st.booleans(),  # begins a new series
        st.booleans(),  # corrects the last one instead
    )


def kept(kpi: Kpi) -> dict[str, Any]:
    """Return every column that is kept of a KPI."""
    row = db.session.scalars(select(KpiStanding).where(KpiStanding.kpi_id == kpi.id)).one()
    return {column.name: getattr(row, column.name) for column in KpiStanding.__table__.columns}


def begun() -> Kpi:
    """Return a KPI of parts that nothing is known of yet."""
    with writing():
        number = len(db.session.scalars(select(Kpi.id)).all())
        kpi = Kpi.add(code=f"K{number}", name="Resolved", by=None, now=NOW, by_parts=True, factor=100.0)  # fmt: skip
        restand([kpi])
        return kpi


def enter(kpi: Kpi, given: Any, last: Reading | None, cast: Any, now: datetime) -> Reading:
    """Return the reading that a step enters, or by which it corrects the `last`. Raises `NotNow`."""
    month, unit, segment, part, breaks, corrects = given
    figures: dict[str, Any] = {"numerator": part, "denominator": 10} if part is not None else {"note": "Nobody asked."}  # fmt: skip
    figures |= {"breaks": "Worded anew." if breaks else "", "now": now}
    if corrects and last is not None:
        return last.correct(kpi, by=cast.lead, **figures)
    unit_id = getattr(cast, unit).id if unit else None
    day = date(2025, month + 1, 9)
    return Reading.add(kpi, day=day, unit_id=unit_id, segment=segment, by=None, **figures)


STORY = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.usefixtures("inside")
@STORY
@given(steps=st.lists(step(9), min_size=1, max_size=14))
def test_one_reading_after_the_other_stands_as_all_at_once(cast: Any, steps: list[Any]) -> None:
    kpi, last = begun(), None
    for given_now in steps:
        try:
            with writing():
                last = enter(kpi, given_now, last, cast, NOW)
                restand_after(kpi, last)
        except NotNow:
            continue
        one_by_one = kept(kpi)
        with writing():
            restand([kpi])
        assert one_by_one == kept(kpi)


@pytest.mark.both
@pytest.mark.usefixtures("inside")
@STORY
@given(steps=st.lists(step(2), min_size=2, max_size=14))
def test_what_was_seen_on_a_day_is_still_seen_as_of_that_day(cast: Any, steps: list[Any]) -> None:
    """Nothing that came later shows in it: no reading, no correction, no whole of a unit that was in parts till then.

    Planted, each seen red: `added_at` not asked of readings; not of corrections; not of the whole of a unit.
    """
    kpi, pictures, last = begun(), [], None
    for hours, given_now in enumerate(steps):
        moment = NOW + timedelta(hours=hours)
        with contextlib.suppress(NotNow), writing():
            last = enter(kpi, given_now, last, cast, moment)
        pictures.append((moment, seen(kpi)))
    for moment, picture in pictures:
        assert seen(kpi, moment) == picture


def seen(kpi: Kpi, as_of: datetime | None = None) -> list[Any]:
    """Return the series of a KPI and everything that its chart says of it."""
    series = measured({kpi.id: kpi.factor}, as_of=as_of).get(kpi.id, [])
    found = stretches(points_of(series))
    icon = variation(found[-1], up_is_good=kpi.up_is_good) if found else None
    return [series, found, icon]
