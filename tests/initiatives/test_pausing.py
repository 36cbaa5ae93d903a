"""On hold the clocks of requests stand still (rule 6): the ten working days of a proposal and those of signatures.

START is Monday 2 March 2026; without a hold both clocks end with Monday the 16th. Planted faults seen red: see each story.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app

from tests.conftest import counted
from tests.initiatives.stories import sponsored, waits
from tracker.db import writing
from tracker.errors import NotNow
from tracker.initiatives.agreeing import Agreement, State
from tracker.initiatives.charter import CharterDraft
from tracker.initiatives.lapsing import lapse_due, lapsing
from tracker.initiatives.overriding import go_on_unsigned
from tracker.initiatives.pauses import Limit, Pause, last_day, pauses_of
from tracker.initiatives.proposals import open_proposals
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.settings import Organisation

MARCH = [date(2026, 3, day) if day else date(2026, 2, 28) for day in range(32)]
LIMIT = Limit(last=MARCH[16], since=MARCH[2])


@pytest.fixture
def course(present, clock):
    """Let a sponsored initiative be on hold from one day of March to another: `course(one, 4, 9)`; None leaves it there."""

    def to(day):
        clock.forward(days=day - clock().day)

    def held(one, begins, ends):
        to(begins)
        with writing():
            one.hold(by=present.executive, now=clock(), words="The vendor moves house.")
        if ends is not None:
            to(ends)
            with writing():
                one.resume(by=present.executive, now=clock())

    held.to = to
    return held


@pytest.fixture
def one(present, clock):
    """Sponsored by the executive; the other executive is asked on Monday the 2nd."""
    with writing():
        Organisation.current().change(by=present.admin, now=clock(), modules={"signatures"})
    made = sponsored(present, clock())
    with writing():
        made.revise_units({present.it.id}, by=present.lead, now=clock())
        draft = CharterDraft.of(made)
        draft.save(made, by=present.lead, now=clock(), purpose="One bill")
        draft.publish(made, note="", wording_only=False, by=present.lead, now=clock())
        made.propose_sponsor(present.other_executive, by=present.executive, now=clock())
    return made


def until(one, clock, cast):
    """The last day of the proposal, and that of the signature of `it`."""
    (row,) = open_proposals(cast.other_executive, clock().date()).mine
    position = Agreement.of(one, clock()).position(cast.it.id)
    return row.until, position.until


@pytest.mark.parametrize(
    ("pauses", "today", "wanted"),
    [
        ([], 10, 16),
        ([(4, 6)], 10, 18),  # Thursday and Friday
        ([(6, 9)], 10, 17),  # from a Friday to a Monday: one working day
        ([(7, 8)], 10, 16),  # a weekend
        ([(0, 4)], 10, 18),  # it began before the clock did
        ([(0, 2)], 10, 16),  # over before the clock began
        ([(16, 20)], 20, 20),  # from the last day on: the rest of nothing waits
        ([(17, 20)], 20, 16),  # it was late by then
        ([(3, 4), (10, 12)], 13, 19),
        ([(4, None)], 18, 30),  # as if work went on today: eight working days are left
        ([(3, 4), (5, None)], 6, 18),
        ([(13, None)], 14, 16),  # a Saturday: nothing is lost
        ([(16, None)], 21, 21),  # never behind today
        ([(17, None)], 27, 16),
        ([(0, None)], 10, 24),
    ],
)
def test_the_last_day_moves_by_the_working_days_on_hold(pauses, today, wanted):
    """Planted: calendar days; the whole of a hold that began before the clock; a hold after the last day that counts."""
    spells = [Pause(MARCH[a], None if b is None else MARCH[b]) for a, b in pauses]
    assert last_day(LIMIT, spells, WorkingDays(), MARCH[today]) == MARCH[wanted]


@pytest.mark.both
def test_a_proposal_and_a_signature_have_their_days_after_a_hold(one, cast, clock, course):
    """Planted: `pauses_of` that returns nothing, in each of the two."""
    assert until(one, clock, cast) == (MARCH[16], MARCH[16])
    course(one, 4, 11)  # five working days
    assert until(one, clock, cast) == (MARCH[23], MARCH[23])
    course.to(23)
    assert (lapsing(clock()), lapse_due(clock())) == ([], 0)
    assert Agreement.of(one, clock()).position(cast.it.id).state == State.waiting
    with pytest.raises(NotNow, match="has until 23 Mar 2026"), writing():
        go_on_unsigned(Agreement.of(one, clock()), cast.it.id, by=cast.executive, now=clock())
    course.to(24)
    assert Agreement.of(one, clock()).position(cast.it.id).state == State.silent
    assert lapse_due(clock()) == 1
    with writing():
        go_on_unsigned(Agreement.of(one, clock()), cast.it.id, by=cast.executive, now=clock())


def test_the_head_above_is_told_later_by_as_many_days(one, cast, clock, course):
    """On the page of the charter and at home. Planted: `above_on` without the pauses; `waited` without them."""
    assert Agreement.of(one, clock()).position(cast.it.id).above_on == MARCH[10]
    course(one, 4, 6)
    assert Agreement.of(one, clock()).position(cast.it.id).above_on == MARCH[12]
    for day, told in ((10, []), (11, []), (12, ["IT platforms"])):
        course.to(day)
        assert [row.unit for row in waits("silent", cast.owner, clock())] == told, day


@pytest.mark.both
def test_who_was_asked_accepts_in_the_days_that_a_hold_gave_back(one, cast, clock, course):
    """Planted: `accept_sponsorship` without the pauses."""
    course(one, 4, 6)
    course.to(18)
    with writing():
        one.accept_sponsorship(by=cast.other_executive, now=clock())
    assert one.sponsor_id == cast.other_executive.id


def test_nothing_lapses_and_nobody_is_silent_while_it_is_on_hold(one, cast, clock, course):
    """Planted: the end of a hold that goes on taken for today's (on a weekend a last day that was Friday is over)."""
    course(one, 16, None)  # the last day itself
    for day in (17, 20, 21, 22, 31):
        course.to(day)
        assert lapsing(clock()) == []
        assert Agreement.of(one, clock()).position(cast.it.id).state == State.waiting
        assert min(until(one, clock, cast)) >= clock().date()
    with writing():
        one.accept_sponsorship(by=cast.other_executive, now=clock())


def test_what_had_lapsed_before_it_was_put_on_hold_stays_so(one, cast, clock, course):
    """Planted: `begins > last` turned off."""
    course(one, 17, 27)
    assert lapsing(clock()) == [one.id]
    assert Agreement.of(one, clock()).position(cast.it.id).state == State.silent


def test_a_hold_is_counted_by_the_calendar_of_who_is_waited_for(one, cast, clock, course):
    """Thursday and Friday off for `it`. Planted: the organisation's calendar for everybody."""
    days = WorkingDays(weekend=frozenset({4, 5}))
    course(one, 4, 6)  # Wednesday to Friday
    since = Limit(days.add(MARCH[2], 10), MARCH[2])
    pauses = pauses_of([one.id])[one.id]
    assert last_day(since, pauses, days, MARCH[7]) == since.last


def test_as_many_statements_for_many_holds_as_for_one(one, cast, clock, course):
    """Planted: `pauses_of` asked for each proposal of the list."""
    app = current_app._get_current_object()
    settings = Organisation.current()  # as in a request, where the gate holds on to it

    def asked():
        with counted(app) as seen:
            open_proposals(cast.other_executive, clock().date())
            lapsing(clock())
            Agreement.of(one, clock())
        return len(seen)

    course(one, 3, 4)
    few = asked()
    for n in range(5):
        other = sponsored(cast, clock(), f"Bill {n}")
        with writing():
            other.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
            other.hold(by=cast.executive, now=clock(), words="Wait.")
            other.resume(by=cast.executive, now=clock())
    course(one, 5, 6)
    course(one, 7, 9)
    assert (asked(), settings.id) == (few, 1)


def test_pages_say_that_the_days_stand_still(app, cast, as_, clock, told):
    """Planted: the last day shown as if no hold were."""

    def begin():
        with writing():
            Organisation.current().change(by=cast.admin, now=clock(), modules={"signatures"})
        made = sponsored(cast, clock())
        with writing():
            draft = CharterDraft.of(made)
            draft.save(made, by=cast.lead, now=clock(), purpose="One bill")
            draft.publish(made, note="", wording_only=False, by=cast.lead, now=clock())
            made.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
            made.hold(by=cast.executive, now=clock() + timedelta(hours=1), words="Wait.")
        return made

    ref = told(begin).ref
    still = "The days to answer stand still while it is on hold."
    for part in ("", "/sponsorship"):
        page = as_(cast.manager).get(f"/initiatives/{ref}{part}").text
        assert still in page, part
        assert "lapses after" not in page, part
    page = as_(cast.other_executive).get("/sponsorships").text
    assert "On hold" in page
    assert "16 Mar" not in page
    page = as_(cast.manager).get(f"/initiatives/{ref}/charter").text
    assert "the days to answer stand still while it is on hold" in page
    page = (
        as_(cast.executive).get(f"/initiatives/{ref}/charter/unsigned?unit={cast.care.slug}").text
    )
    assert "stand still while it is on hold" in page
    assert "16 Mar" not in page
