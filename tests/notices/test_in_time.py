"""What comes with time is told by the application itself: on its day, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tests.initiatives.stories import idea, sponsored
from tests.notices.conftest import swept, told
from tests.notices.test_telling import blocked
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.organisation.calendars import Calendar
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@pytest.mark.both
def test_whoever_does_not_answer_is_reminded_once(present: SimpleNamespace, clock: Any) -> None:
    """Planted: the day of the notice left out of the question whether it was told."""
    cast = present
    one = idea(cast, START)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    clock.forward(days=9)
    assert swept("sponsorships lapsing") == {"sponsorships lapsing": 0}
    clock.forward(days=3)
    assert swept("sponsorships lapsing") == {"sponsorships lapsing": 1}
    assert swept("sponsorships lapsing") == {"sponsorships lapsing": 0}
    assert told(cast.executive) == ["sponsorship_proposed", "sponsorship_lapsing"]


@pytest.mark.both
def test_a_promise_that_passed_is_told_once_to_those_who_wait_and_to_whoever_gave_it(
    present: SimpleNamespace, clock: Any
) -> None:
    """Planted: `Notice.day` left out of `told`, so that a later promise is never told of."""
    cast = present
    blocker = blocked(cast, sponsored(cast, START))
    with writing():
        blocker.acknowledge(by=cast.head, now=START)
        blocker.commit(date(2026, 3, 4), by=cast.head, now=START)
    assert swept("promises") == {"promises": 0}
    clock.forward(days=3)
    assert swept("promises") == {"promises": 3}
    assert swept("promises") == {"promises": 0}
    assert "promise_passed" in told(cast.member)
    assert "promise_passed" in told(cast.lead)
    assert "promise_passed" in told(cast.head)
    with writing():
        blocker = db.session.get_one(Blocker, blocker.id, populate_existing=True)
        blocker.commit(date(2026, 3, 6), by=cast.head, now=clock())
    clock.forward(days=3)
    assert swept("promises") == {"promises": 3}


@pytest.mark.both
def test_the_lead_hears_once_that_a_report_is_due(present: SimpleNamespace, clock: Any) -> None:
    """Planted: a day that was told of compared with the report and not with the day it is due, so that only the first is ever asked for."""
    cast = present
    one = sponsored(cast, START)
    clock.forward(days=29)
    assert swept("reports due") == {"reports due": 0}
    clock.forward(days=2)
    assert swept("reports due") == {"reports due": 1}
    assert swept("reports due") == {"reports due": 0}
    assert told(cast.lead)[-1] == "report_due"
    with writing() as session:  # the report that was asked for, as of the day before it was due
        session.get_one(Initiative, one.id).reported_on = clock().date() - timedelta(days=1)
    clock.forward(days=20)
    assert swept("reports due") == {"reports due": 0}
    clock.forward(days=12)
    assert swept("reports due") == {"reports due": 1}


@pytest.mark.both
def test_a_report_is_asked_for_on_a_working_day(present: SimpleNamespace, clock: Any) -> None:
    """Due on a Saturday, told on the Monday; where Friday and Saturday are the weekend, on the Sunday.

    Planted: the day it is due told as it is; the calendar of the organisation taken for everybody.
    """
    cast = present
    with writing() as session:
        other = Calendar.add(name="Tehran", weekend={5, 6}, by=cast.admin, now=START)
        home = session.get_one(Person, cast.other_head.id).unit_id
        session.get_one(Unit, home).acting_calendar_id = other.id
    for lead in (cast.lead, cast.other_head):
        one = sponsored(cast, START)
        with writing() as session:
            session.get_one(Initiative, one.id).reported_on = date(2026, 3, 4)  # a Wednesday
            session.get_one(Initiative, one.id).lead_id = lead.id
    heard = []
    clock.moment = datetime(2026, 4, 3, 10, tzinfo=UTC)  # Friday: one month less a day
    for _day in range(4):
        heard.append(swept("reports due")["reports due"])
        clock.forward(days=1)
    assert heard == [0, 0, 1, 1]
    days = select(Notice.person_id, Notice.day).where(Notice.kind == Tell.report_due)
    assert {row.person_id: row.day for row in db.session.execute(days)} == {
        cast.other_head.id: date(2026, 4, 5),
        cast.lead.id: date(2026, 4, 6),
    }


@pytest.mark.both
def test_a_new_stage_is_no_reason_to_ask_once_more_for_the_same_report(
    present: SimpleNamespace, clock: Any
) -> None:
    """Planted: only what was told since the stage was entered counted as told, and the sweep broke for everybody."""
    cast = present
    one, other = sponsored(cast, START), sponsored(cast, START, "Another")
    with writing() as session:
        session.get_one(Initiative, one.id).reported_on = START.date()
        session.get_one(Initiative, other.id).reported_on = START.date() + timedelta(days=1)
    clock.moment = datetime(2026, 4, 2, 10, tzinfo=UTC)
    assert swept("reports due") == {"reports due": 1}
    clock.forward(days=1)
    with writing() as session:
        session.get_one(Initiative, one.id).stage_since = clock()
    assert swept("reports due") == {"reports due": 1}
    assert told(cast.lead).count("report_due") == 2


@pytest.mark.both
def test_what_is_told_by_itself_is_told_once_however_often_it_is_looked_at(
    present: SimpleNamespace, clock: Any
) -> None:
    """Every sweep that tells, ten times. Planted, one after the other: what was told not asked for in each of the three."""
    cast = present
    one = idea(cast, START)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    blocker = blocked(cast, sponsored(cast, START, "Led"))
    with writing():
        blocker.acknowledge(by=cast.head, now=START)
        blocker.commit(date(2026, 3, 4), by=cast.head, now=START)
    clock.forward(days=12)
    for _look in range(10):
        swept("sponsorships lapsing", "promises")
        clock.forward(minutes=1)
    clock.forward(days=26)
    for _look in range(10):
        swept("reports due", "promises")
        clock.forward(minutes=1)
    kinds = [kind for person in (cast.executive, cast.lead) for kind in told(person)]
    by_itself = ("sponsorship_lapsing", "promise_passed", "report_due")
    assert [kinds.count(kind) for kind in by_itself] == [1, 1, 1]
