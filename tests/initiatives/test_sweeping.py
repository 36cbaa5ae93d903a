"""Sweeps run one after the other; what one cannot do does not keep the others.

Planted fault seen red: `sweep` without its `except`.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.initiatives.stories import idea
from tracker import sweeping
from tracker.db import Busy, db, writing
from tracker.initiatives.models import Initiative
from tracker.sweeping import in_one_write, sweep

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def only(monkeypatch):
    """No sweeps but those a test registers."""
    registered: dict[str, sweeping.Sweep] = {}
    monkeypatch.setattr(sweeping, "sweeps", registered)
    return registered


def test_the_rooms_have_registered_theirs(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    clock.forward(days=15)
    assert sweep()["sponsorships"] == 1
    assert sweep()["sponsorships"] == 0


def test_a_busy_database_waits_for_the_next_call(only):
    def no_turn(_now):
        raise Busy

    only.update(first=no_turn, second=lambda _now: 3)
    assert sweep() == {"second": 3}


def test_a_fault_is_raised_after_the_others_ran(only, caplog):
    ran = []

    def broken(_now):
        raise ZeroDivisionError

    only.update(first=broken, second=lambda _now: ran.append(1) or 1)
    with pytest.raises(ZeroDivisionError):
        sweep()
    assert ran == [1]
    assert "the sweep first failed" in caplog.text


def test_in_one_write_keeps_all_or_nothing(cast, clock):
    def begin(now):
        Initiative.create(title="One", lead_unit_id=cast.care.id, by=None, now=now)
        return 1

    def begin_and_fail(now):
        begin(now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_one_write(begin_and_fail)(clock())
    assert in_one_write(begin)(clock()) == 1
    assert db.session.scalars(select(Initiative.title)).all() == ["One"]
