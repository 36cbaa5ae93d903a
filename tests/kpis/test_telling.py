"""A KPI tells by itself that its readings stay away or went beyond a bound, and a benefit that it slips: once, and to whom it concerns.

Planted, each seen red: the notice before looked for without its day; a bound compared the wrong way round; what slipped before
it was realised told of as well; told again at every look.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.aims import kpi
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.goals.telling import tell_of_slips
from tracker.goals.terms import Terms
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.telling import tell_of_crossed, tell_of_stale
from tracker.notices.models import Notice

pytestmark = [pytest.mark.usefixtures("inside"), pytest.mark.both]


def read(one, *values, clock, first=date(2025, 1, 31)):
    """Enter monthly readings from `first` on."""
    with writing():
        for n, value in enumerate(values):
            month = first.month - 1 + n
            day = date(first.year + month // 12, month % 12 + 1, 28)
            Reading.add(one, day=day, value=value, by=None, now=clock())
        restand([one])


def told(kind):
    rows = db.session.execute(
        select(Notice.person_id, Notice.subject_id, Notice.day).where(Notice.kind == kind)
    )
    return {(row.person_id, row.subject_id, row.day) for row in rows}


def test_the_owner_hears_once_that_readings_stay_away(cast, clock):
    with writing():
        one = kpi("NPS", owner_id=cast.lead.id)
        kpi("CSAT", name="Satisfaction")
    read(one, 40.0, 41.0, clock=clock, first=date(2026, 1, 31))
    assert tell_of_stale(clock()) == 0
    clock.forward(days=60)
    assert tell_of_stale(clock()) == 1
    assert told("reading_stale") == {(cast.lead.id, one.id, date(2026, 2, 28))}
    assert tell_of_stale(clock()) == 0
    clock.forward(days=90)
    assert tell_of_stale(clock()) == 0
    read(one, 42.0, clock=clock, first=date(2026, 4, 30))
    assert tell_of_stale(clock()) == 1


def test_the_owner_and_the_head_of_the_unit_hear_of_a_bound_that_is_crossed(cast, clock):
    with writing():
        one = kpi("NPS", owner_id=cast.lead.id, unit_id=cast.it.id, alert_low=30.0, alert_high=60.0)  # fmt: skip
    read(one, 30.0, clock=clock)
    assert tell_of_crossed(clock()) == 0
    read(one, 29.9, clock=clock, first=date(2025, 2, 28))
    assert tell_of_crossed(clock()) == 2
    assert {person for person, _about, _day in told("bound_crossed")} == {
        cast.lead.id,
        cast.head.id,
    }
    assert tell_of_crossed(clock()) == 0
    clock.forward(days=30)
    assert tell_of_crossed(clock()) == 0  # it is still the same reading
    read(one, 61.0, clock=clock, first=date(2025, 3, 31))
    assert tell_of_crossed(clock()) == 2


def test_sponsor_and_lead_hear_that_a_realised_benefit_slips(cast, clock):
    with writing():
        one = kpi("NPS")
        made = Initiative.create(
            title="One bill", lead_unit_id=cast.care.id, lead=cast.lead, by=cast.manager, now=clock()
        )  # fmt: skip
        Goal.set(
            made, one, terms=Terms(30.0, date(2025, 1, 1), 45.0, date(2026, 12, 31)), by=cast.lead, now=clock(),
            owner_id=cast.member.id,
        )  # fmt: skip
        made.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        made.accept_sponsorship(by=cast.executive, now=clock())
    values = [50 + n % 3 for n in range(13)]
    read(one, *values, 20.0, clock=clock)
    assert tell_of_slips(clock()) == 0
    with writing():
        made.enter(Stage.realised, clock())
    assert tell_of_slips(clock()) == 0  # it was read before it was realised
    clock.forward(days=40)
    read(one, 19.0, clock=clock, first=date(2026, 3, 31))
    assert tell_of_slips(clock()) == 3 + (cast.owner.id is not None)
    assert {person for person, _about, _day in told("benefit_slips")} >= {
        cast.executive.id, cast.lead.id, cast.member.id
    }  # fmt: skip
    assert tell_of_slips(clock()) == 0
    clock.forward(days=30)
    read(one, 18.0, clock=clock, first=date(2026, 4, 30))
    assert tell_of_slips(clock()) == 0
    clock.forward(days=61)
    assert tell_of_slips(clock()) > 0
