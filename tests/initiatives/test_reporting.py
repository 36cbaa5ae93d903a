"""When a report is overdue: 1.5 cadences after the last one (rule 28), the same in Python and in SQL.

Planted faults seen red: `silent_condition` without ideas left out; an idea that reported once is asked for the next report.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.initiatives.stories import idea, sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Cadence, patience, silent, silent_condition

pytestmark = pytest.mark.usefixtures("present")


@pytest.mark.both
@pytest.mark.parametrize("cadence", list(Cadence))
def test_python_and_the_database_agree_on_every_day(cast, clock, cadence):
    wait, day = patience(cadence), clock().date()
    made = {
        "fresh": sponsored(cast, clock() - wait, "Fresh"),
        "silent from the start": sponsored(cast, clock() - wait - timedelta(days=1), "Silent"),
        "in time": sponsored(cast, clock() - wait - timedelta(days=9), "In time"),
        "late": sponsored(cast, clock() - wait - timedelta(days=9), "Late"),
        "an idea": idea(cast, clock() - wait - timedelta(days=9), "Idea"),
        "an idea that once reported": idea(cast, clock() - wait - timedelta(days=9), "Imported"),
        "on hold": sponsored(cast, clock() - wait - timedelta(days=9), "On hold"),
    }
    with writing() as session:
        session.execute(text("UPDATE initiative SET cadence = :c"), {"c": cadence.value})
        made["in time"].reported_on = day - wait
        for name in ("late", "an idea that once reported", "on hold"):
            made[name].reported_on = day - wait - timedelta(days=1)
        made["on hold"].hold(by=cast.executive, now=clock(), words="Next year")
    by_rule = {"silent from the start", "late"}
    found = db.session.scalars(
        select(Initiative.title).where(silent_condition(Initiative, day))
    ).all()
    names = {one.title: name for name, one in made.items()}
    assert {names[title] for title in found} == by_rule
    for name, one in made.items():
        db.session.refresh(one)
        assert silent(one, day) is (name in by_rule), name


def test_one_and_a_half_cadences():
    assert [patience(cadence).days for cadence in Cadence] == [10, 21, 46, 138, 274, 549]
