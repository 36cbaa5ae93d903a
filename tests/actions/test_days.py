"""Until when an action is in time: days on hold and days with us are taken out, by the assignee's own calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.conftest import counted
from tests.doing import DUE, change, stored
from tracker.actions.pausing import follow_days
from tracker.actions.telling import tell_of_late
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.calendars import Calendar


@pytest.mark.both
def test_days_on_hold_move_the_last_day(app, cast, clock, work):
    """Planted: `pause_or_go_on` that only pauses."""
    action = work.make()
    assert stored(app, action).last_on == DUE
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.hold(by=cast.executive, now=clock(), words="The supplier is late")
    assert stored(app, action).last_on is None
    clock.forward(days=7)
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.resume(by=cast.executive, now=clock())
    assert stored(app, action).last_on == DUE + timedelta(days=7)


def test_work_that_goes_on_asks_only_for_what_there_is(app, cast, clock, work):
    """Planted: what was handed in asked for where nothing was; never asked for (`was_handed_in` that says no)."""

    def goes_on():
        with app.app_context():
            initiative = db.session.get_one(Initiative, work.initiative.id)
            with writing():
                initiative.hold(by=cast.executive, now=clock(), words="The supplier is late")
            clock.forward(days=7)
            with counted(app) as seen, writing():
                initiative.resume(by=cast.executive, now=clock())
            return sum("FROM action_review" in one.partition("WHERE")[0] for one in seen)

    action = work.make()
    assert goes_on() == 0
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=7)
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    assert stored(app, action).last_on == DUE + timedelta(days=14)
    assert goes_on() == 1
    assert stored(app, action).last_on == DUE + timedelta(days=21)


@pytest.mark.both
def test_what_was_late_before_a_hold_is_not_late_again_until_work_goes_on(
    app, cast, as_, clock, work
):
    """Canary: the hold that goes on not asked for in `last_day`, so that a report or a count of days made it late."""
    action = work.make(person_id=cast.member.id)
    clock.forward(days=21)
    assert stored(app, action).late(clock().date())

    def held(do):
        with app.app_context(), writing():
            do(db.session.get_one(Initiative, work.initiative.id))

    held(lambda one: one.hold(by=cast.executive, now=clock(), words="The supplier is late"))
    clock.forward(days=3)
    assert as_(cast.member).submit(f"/actions/{action.ref}/start").status_code == 303
    assert stored(app, action).last_on is None
    with app.app_context():
        follow_days(clock())
        assert tell_of_late(clock()) == 0
    assert stored(app, action).last_on is None
    assert action.title not in as_(cast.member).get("/actions?late=1").text.split("<main")[1]
    clock.forward(days=4)
    held(lambda one: one.resume(by=cast.executive, now=clock()))
    again = stored(app, action)
    assert (again.last_on, again.late(clock().date())) == (DUE, True)
    with app.app_context():
        assert tell_of_late(clock()) == 2  # whoever does it, and the host


@pytest.mark.both
def test_days_with_us_are_not_held_against_the_assignee(app, cast, clock, work):
    """Planted: `reviews_of` left out of the pauses."""
    action = work.make()
    clock.forward(days=2)
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    assert stored(app, action).last_on is None
    clock.forward(days=5)
    back = change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    assert back.last_on == date(2026, 3, 25)  # three working days later
    clock.forward(days=30)
    assert stored(app, action).late(clock().date())


def test_another_date_counts_from_the_day_it_was_agreed(app, cast, clock, work):
    action = work.make()
    clock.forward(days=2)
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=5)
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    moved = change(app, action, lambda row: row.reschedule(date(2026, 4, 1), by=cast.lead, now=clock()))  # fmt: skip
    assert moved.last_on == date(2026, 4, 1)


@pytest.mark.both
def test_a_partners_own_holidays_count(app, cast, clock, work):
    """Planted: the stamp never written, and the partner's calendar left out."""
    action = work.make()
    with app.app_context():
        follow_days(clock())
        assert follow_days(clock()) == 0
    clock.forward(days=2)
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=5)
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    with app.app_context():
        with writing():
            own = Calendar.add(
                name="Theirs", weekend={6, 7}, holidays={date(2026, 3, 23): "Own day"}, by=cast.admin, now=clock()
            )  # fmt: skip
            vendor = db.session.get_one(type(cast.vendor), cast.vendor.id)
            vendor.change(by=cast.admin, now=clock(), calendar_id=own.id)
        assert follow_days(clock()) == 1
        assert follow_days(clock()) == 0
    assert stored(app, action).last_on == date(2026, 3, 26)
