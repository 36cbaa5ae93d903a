"""Who is waited for is reminded after 3 working days, and the programme owner told after 7, each once (rule 17)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests.approvals.conftest import asks, decides, drafts
from tracker.activity.comparing import compare
from tracker.activity.trail import verify_stored
from tracker.approvals.clocks import ESCALATE_AFTER, REMIND_AFTER, told_on
from tracker.approvals.models import Approval
from tracker.approvals.pace import medians, paces
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.initiatives.sponsorships import calendars_of
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.settings import Organisation, day_of
from tracker.sweeping import sweeps

TOLD = (Tell.decision_waits, Tell.decision_late)


def sweep(clock) -> int:
    return sweeps["decisions that wait"](clock())


def notices() -> list[tuple[Tell, int]]:
    query = select(Notice.kind, Notice.person_id).where(Notice.kind.in_(TOLD)).order_by(Notice.id)
    return [(row.kind, row.person_id) for row in db.session.execute(query)]


def work(here, clock, days: int) -> None:
    """Let `days` working days of the sponsor go by."""
    calendar = calendars_of({here.executive.id})[here.executive.id]
    to = calendar.add(day_of(clock()), days)
    clock.forward(days=(to - day_of(clock())).days)


def owned(here, **people) -> None:
    with writing():
        Organisation.found(**{key: one.id if one else None for key, one in people.items()})


@pytest.mark.both
def test_each_step_is_told_once_and_is_on_the_trail(here, clock):
    """Planted: a day early; told at every round; the reminder to the owner; nothing on the trail."""
    asks(here, clock)
    work(here, clock, REMIND_AFTER - 1)
    assert sweep(clock) == 0
    work(here, clock, 1)
    assert [sweep(clock) for _ in range(10)] == [1, *[0] * 9]
    assert notices() == [(Tell.decision_waits, here.executive.id)]
    work(here, clock, ESCALATE_AFTER - REMIND_AFTER - 1)
    assert sweep(clock) == 0
    work(here, clock, 1)
    assert [sweep(clock) for _ in range(10)] == [1, *[0] * 9]
    assert notices()[1:] == [(Tell.decision_late, here.owner.id)]
    assert verify_stored().whole
    assert compare(db.session.connection()).whole


def test_a_night_without_the_job_catches_up(here, clock):
    """Planted: only one step a round. Both steps are due, and each is told once."""
    owned(here, programme_owner_id=here.owner, alternate_id=None)
    asks(here, clock)
    work(here, clock, ESCALATE_AFTER)
    assert (sweep(clock), sweep(clock)) == (2, 0)
    assert {kind for kind, _who in notices()} == set(TOLD)


def test_put_anew_the_clocks_begin_anew(here, clock):
    """Planted: the clocks go on from the first time."""
    made = asks(here, clock)
    work(here, clock, REMIND_AFTER)
    assert sweep(clock) == 1
    with writing():
        made.change({"risk": "The supplier may leave"}, by=here.lead, now=clock())
        made.submit(by=here.lead, now=clock())
    assert sweep(clock) == 0
    work(here, clock, REMIND_AFTER)
    assert sweep(clock) == 1
    assert len(notices()) == 2


def test_days_on_hold_do_not_count_and_nothing_else_is_told_of(here, clock):
    """Planted: holds counted; drafts, decided and withdrawn ones told of."""
    made = asks(here, clock)
    with writing():
        here.one.hold(by=here.executive, now=clock(), words="The supplier is away.")
    work(here, clock, 20)
    assert sweep(clock) == 0
    with writing():
        here.one.resume(by=here.executive, now=clock())
    assert (sweep(clock), made.days_waited(clock())) == (0, 0)
    work(here, clock, REMIND_AFTER)
    assert sweep(clock) == 1
    decides(made, here, clock, Decision.sent_back, "Say more.")
    work(here, clock, 20)
    assert sweep(clock) == 0
    with writing():
        made.withdraw(by=here.lead, now=clock())
    drafts(here, clock)
    work(here, clock, 20)
    assert sweep(clock) == 0


def test_who_stands_in_is_reminded_too_and_the_lead_never(here, clock):
    """Planted: deputies of other days; the lead."""
    with writing():
        Deputyship.appoint(
            here.executive, here.other_executive, Capacity.sponsor, starts=day_of(clock()),
            ends=day_of(clock()) + timedelta(days=30), by=here.executive, now=clock(),
        )  # fmt: skip
    asks(here, clock)
    work(here, clock, REMIND_AFTER)
    sweep(clock)
    assert [who for _kind, who in notices()] == [here.executive.id, here.other_executive.id]


def test_whoever_is_waited_for_is_not_told_on(here, clock):
    """Planted: the owner who sponsors told of their own waiting; a deputy told; someone without access."""
    owned(here, programme_owner_id=here.executive, alternate_id=here.owner)
    made = asks(here, clock)
    assert told_on(made, clock()) == here.owner.id
    owned(here, programme_owner_id=here.other_executive, alternate_id=here.owner)
    assert told_on(made, clock()) == here.other_executive.id
    with writing():
        Deputyship.appoint(
            here.executive, here.other_executive, Capacity.sponsor, starts=day_of(clock()),
            ends=day_of(clock()), by=here.executive, now=clock(),
        )  # fmt: skip
    assert told_on(made, clock()) == here.owner.id
    owned(here, programme_owner_id=None, alternate_id=None)
    work(here, clock, ESCALATE_AFTER)
    assert (sweep(clock), sweep(clock)) == (
        1,
        0,
    )  # nobody is left to tell, and the reminder is told


@pytest.mark.both
def test_another_sponsor_begins_anew(here, clock):
    """Planted: the clocks of the one before go on; the request still with the one before."""
    made = asks(here, clock)
    work(here, clock, REMIND_AFTER)
    sweep(clock)
    with writing():
        here.one.propose_sponsor(here.other_executive, by=here.executive, now=clock())
        here.one.accept_sponsorship(by=here.other_executive, now=clock())
    assert (made.waits_since, made.reminded_at, made.days_waited(clock())) == (clock(), None, 0)
    work(here, clock, REMIND_AFTER)
    assert sweep(clock) == 1
    assert notices()[-1] == (Tell.decision_waits, here.other_executive.id)
    assert decides(made, here, clock, Decision.approved, by=here.other_executive)
    assert made.decided_in == REMIND_AFTER
    assert compare(db.session.connection()).whole


@pytest.mark.both
def test_rounds_at_the_same_time_tell_once(app, here, clock):
    """Planted: the request not looked at again under its lock."""
    asks(here, clock)
    work(here, clock, REMIND_AFTER)
    gate, done, now = Barrier(4), [], clock()

    def run() -> None:
        with app.app_context():
            gate.wait()
            done.append(sweeps["decisions that wait"](now))

    threads = [Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [0, 0, 0, 1]
    db.session.rollback()
    assert len(notices()) == 1


@pytest.mark.both
def test_days_to_decide_are_the_median_of_a_year(here, clock):
    """Planted: the mean; calendar days; what was taken back counted; what is older than a year."""
    taken = []
    for days in (1, 9, 2, 4):
        made = asks(here, clock)
        work(here, clock, days)
        assert made.decided_in is None
        decides(made, here, clock, Decision.held, "Not now.")
        taken.append(made.decided_in)
        with writing():
            clock.forward(minutes=11)
            here.one.resume(by=here.executive, now=clock())
    assert taken == [1, 9, 2, 4]
    assert medians(clock(), [here.executive.id]) == {here.executive.id: (3.0, 4)}
    made = asks(here, clock)
    work(here, clock, 5)
    (first, *_) = paces(here.manager, clock())
    assert (first.person.id, first.median, first.decided, first.waiting, first.longest) == (here.executive.id, 3.0, 4, 1, 5)  # fmt: skip
    decides(made, here, clock, Decision.approved)
    assert medians(clock(), [here.executive.id]) == {here.executive.id: (4.0, 5)}
    with writing():
        made.undo(by=here.executive, now=clock())
    assert medians(clock(), [here.executive.id]) == {here.executive.id: (3.0, 4)}
    assert medians(clock(), [here.other_executive.id]) == {}
    clock.forward(days=366)
    assert medians(clock(), [here.executive.id]) == {}
    assert db.session.scalar(select(func.count(Approval.id))) == 6
