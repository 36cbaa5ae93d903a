"""Ages in working days: over weekends, each holder's holidays, hand-overs and a second life; clocks that pause on hold."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from tracker.blockers.clocks import age, due
from tracker.blockers.holders import Calendars
from tracker.blockers.holding import holdings_of
from tracker.blockers.lines import lines, one, selected
from tracker.blockers.models import Blocker
from tracker.blockers.silence import confirm_silent
from tracker.boards.reckoning import Reckoning
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import Limit, Pause, extended, within
from tracker.organisation.calendars import Calendar, WorkingDays
from tracker.organisation.units import Unit, settle_tree

USUAL = WorkingDays()
MONDAY = date(2026, 3, 2)


def day(number):
    return date(2026, 3, number)


@pytest.mark.parametrize(
    ("spells", "today", "wanted"),
    [
        ([(day(2), None, USUAL)], day(2), 0),
        ([(day(2), None, USUAL)], day(9), 5),
        ([(day(6), None, USUAL)], day(8), 0),
        ([(day(2), day(4), USUAL), (day(4), None, USUAL)], day(9), 5),
        ([(day(2), day(4), USUAL), (day(4), None, WorkingDays(frozenset({5, 6})))], day(9), 5),
        ([(day(2), None, WorkingDays(holidays=(day(3), day(7))))], day(9), 4),
        ([(day(2), None, USUAL)], date(2026, 2, 27), 0),
    ],
)
def test_ages_are_summed_over_holding_periods(spells, today, wanted):
    """Canary: counting each period up to today instead of its end turned the hand-overs red."""
    assert age(spells, today) == wanted


@pytest.mark.parametrize(
    ("last", "pauses", "wanted"),
    [
        (day(4), [], day(4)),
        (day(4), [Pause(day(3), day(5))], day(6)),
        (day(4), [Pause(day(4), day(5))], day(5)),
        (day(4), [Pause(day(5), day(12))], day(4)),
        (day(4), [Pause(day(3))], None),
        (day(4), [Pause(date(2026, 2, 2), date(2026, 2, 20))], day(4)),
        (day(4), [Pause(date(2026, 2, 2), day(3))], day(5)),
        (day(4), [Pause(day(3), day(4)), Pause(day(5), day(6))], day(6)),
    ],
)
def test_time_on_hold_moves_a_last_day_that_had_not_passed(last, pauses, wanted):
    assert extended(Limit(last, MONDAY), pauses, USUAL) == wanted


def test_the_first_of_several_last_days_counts():
    limits = [within(2, MONDAY, USUAL), within(5, MONDAY, USUAL), Limit(day(3), MONDAY)]
    assert due(limits, [], USUAL) == day(3)
    assert due([], [], USUAL) is None


def at(number, month=3):
    return datetime(2026, month, number, 12, tzinfo=UTC)


@pytest.fixture
def two_calendars(app, cast):
    """Billing rests on Tuesday the 10th; the vendor works from Sunday to Thursday."""
    with app.app_context(), writing():
        billing = Calendar.add(
            name="Billing", weekend=(6, 7), holidays={day(10): "Feast"}, by=cast.admin, now=at(1)
        )
        sunday = Calendar.add(name="Sunday", weekend=(5, 6), by=cast.admin, now=at(1))
        db.session.get_one(Unit, cast.billing.id).calendar_id = billing.id
        cast.vendor.calendar_id = sunday.id
        db.session.merge(cast.vendor)
        settle_tree()


@pytest.mark.usefixtures("two_calendars")
def test_each_holder_is_counted_by_its_own_days_and_nobody_by_the_time_after_it(app, cast, work):
    """IT Mon 2 to Fri 6 (4), billing to Wed 11 (2: its feast is free), the vendor to Sun 15 (2: Thursday and Sunday)."""
    with app.app_context(), writing():
        blocker = work.raises(now=at(2))
        blocker.pass_on(
            by=cast.head, now=at(6), words="Billing sends it", holder_unit_id=cast.billing.id
        )
        blocker.pass_on(
            by=cast.other_head,
            now=at(11),
            words="The vendor does",
            holder_partner_id=cast.vendor.id,
        )
    with app.app_context():
        blocker = db.session.get_one(Blocker, blocker.id)
        line = one(Blocker.find(cast.manager, blocker.ref), day(15))
        assert (line.days, line.held_days, line.hand_overs) == (4 + 2 + 2, 2, 2)
        with writing():
            blocker.resolve("Done", by=cast.contact, now=at(15))
        assert one(Blocker.find(cast.manager, blocker.ref), date(2026, 5, 1)).days == 8, (
            "it no longer grows"
        )
        with writing():
            blocker.reopen(by=cast.member, now=at(18), words="It is back")
        assert one(Blocker.find(cast.manager, blocker.ref), day(18)).days == 4 + 2 + 5, (
            "as if it had never been called resolved"
        )
        with writing():
            blocker.withdraw(by=cast.member, now=at(19))
        assert one(Blocker.find(cast.manager, blocker.ref), date(2026, 5, 1)).days == 4 + 2 + 6


def test_what_a_partner_waits_for_grows_as_old_on_every_page_once_it_came_back(app, cast, work):
    """Canaries: turns not `joined`; a board that counts the days between two turns for nobody."""
    with app.app_context():
        with writing():
            blocker = work.raises(
                now=at(2), blocked_unit_id=None, blocked_partner_id=cast.vendor.id
            )
            blocker.resolve("Done", by=cast.head, now=at(3))
            blocker.reopen(by=cast.contact, now=at(10), words="It is back")
        shown = one(Blocker.find(cast.manager, blocker.ref), day(12))
        assert (shown.days, shown.held_days) == (8, 8)
        with writing():
            blocker = db.session.get_one(Blocker, blocker.id)
            blocker.pass_on(
                by=cast.head, now=at(12), words="Theirs", holder_unit_id=cast.billing.id
            )
        shown = one(Blocker.find(cast.manager, blocker.ref), day(16))
        (listed,) = lines(selected(Blocker.visible_to(cast.manager)), day(16))
        assert (shown.days, shown.held_days) == (listed.days, listed.held_days) == (10, 2)
        turns = [(turn.starts.isoformat(), turn.ends and turn.ends.isoformat(), None) for turn in holdings_of(blocker.id)]  # fmt: skip
        assert len(turns) == 3
        board = Reckoning(Calendars(), day(16), "UTC", "UTC")
        assert board.held(json.dumps(turns[::-1])) == 10


def test_an_outside_party_has_no_clock_to_acknowledge(app, cast, work):
    blocker = work.make(now=at(2), needed_by=None, holder_outside="The regulator")
    assert blocker.due_on == day(9)
    assert work.make(now=at(2), needed_by=None).due_on == day(4)


def test_late_is_when_a_clock_the_promise_or_the_needed_day_has_passed(app, cast, work):
    with app.app_context(), writing():
        blocker = work.raises(now=at(2), needed_by=day(20))
        assert not blocker.late(day(4))
        assert blocker.late(day(5))
        blocker.acknowledge(by=cast.head, now=at(5))
        assert not blocker.late(day(9))
        assert blocker.late(day(10))
        blocker.commit(day(12), by=cast.head, now=at(10))
        assert not blocker.late(day(12))
        assert blocker.late(day(13))
        blocker.commit(day(27), by=cast.head, now=at(13))
        assert not blocker.late(day(20))
        assert blocker.late(day(21)), "needed before it is promised"
        blocker.resolve("Done", by=cast.head, now=at(23))
        assert not blocker.late(day(31)), "nothing of what is resolved is late"


def test_hold_stops_the_clocks_and_not_the_age(app, cast, work):
    with app.app_context():
        with writing():
            blocker = work.raises(now=at(2), needed_by=day(20))
            initiative = db.session.get_one(Initiative, work.initiative.id)
            initiative.hold(by=cast.executive, now=at(3), words="The regulator thinks")
        assert blocker.due_on is None
        assert not blocker.late(day(31))
        assert one(Blocker.find(cast.manager, blocker.ref), day(17)).days == 11
        with writing():
            initiative.resume(by=cast.executive, now=at(17))
        assert blocker.due_on == day(18), "ten working days later than without the hold"
        with writing():
            blocker.acknowledge(by=cast.head, now=at(18))
            blocker.commit(day(19), by=cast.head, now=at(18))
        assert blocker.due_on == day(19), "a promise made after the hold knows of it"


def test_silence_confirms_after_five_working_days(app, cast, work):
    """Canary: with `<=` in place of `<` in `confirm_silent` it was confirmed on the fifth day."""
    with app.app_context():
        with writing():
            blocker = work.raises(now=at(2))
            blocker.resolve("Done", by=cast.head, now=at(6))
        with pytest.raises(NotNow, match="still time"), writing():
            blocker.confirm_by_silence(now=at(13))
        assert confirm_silent(at(13)) == 0
        assert confirm_silent(at(14)) == 1
        assert confirm_silent(at(14)) == 0
        assert db.session.get_one(Blocker, blocker.id).state == "confirmed"


def test_it_can_be_reopened_for_thirty_days(app, cast, work):
    with app.app_context():
        with writing():
            blocker = work.raises(now=at(2))
            blocker.resolve("Done", by=cast.head, now=at(3))
            blocker.confirm(by=cast.member, now=at(4))
        with pytest.raises(NotNow, match="30 days"), writing():
            blocker.reopen(by=cast.member, now=datetime(2026, 4, 3, 13, tzinfo=UTC), words="Again")
        blocker = db.session.get_one(Blocker, blocker.id)
        with writing():
            blocker.reopen(by=cast.member, now=datetime(2026, 4, 3, 11, tzinfo=UTC), words="Again")
        assert (blocker.state, blocker.promised_on) == ("acknowledged", None)
