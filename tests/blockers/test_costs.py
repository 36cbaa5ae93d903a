"""What a blocker costs, against a reckoning day by day, and as its page says it (rule 26). Each test names its planted fault."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from time import process_time
from typing import Any

import html5lib
import pytest

from tests.blockers.conftest import stored
from tracker.benefits.models import Benefit
from tracker.blockers.costs import Yearly, union, whole, yearly
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.milestones.models import Milestone
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.settings import Organisation

MONDAY = date(2026, 3, 2)
CALENDARS = (
    WorkingDays(),
    WorkingDays(frozenset({5})),
    WorkingDays(frozenset({4, 5}), (date(2026, 3, 9), date(2026, 3, 10))),
)


def plan(**amounts: int) -> dict[date, Decimal]:
    """Return a plan: `plan(y26q1=10)`."""
    return {
        date(2000 + int(name[1:3]), 3 * int(name[4]) - 2, 1): Decimal(amount)
        for name, amount in amounts.items()
    }


@pytest.mark.parametrize(
    ("planned", "amount", "first"),
    [
        (plan(y26q1=10), 10, date(2026, 1, 1)),
        (plan(y26q1=10, y26q2=20, y26q3=30, y26q4=40), 100, date(2026, 1, 1)),
        (plan(y26q1=10, y26q2=20, y26q3=30, y26q4=40, y27q1=50), 140, date(2026, 4, 1)),
        (plan(y26q4=60, y27q1=50, y28q1=70), 110, date(2026, 10, 1)),
        (plan(y26q4=60, y27q4=60), 60, date(2026, 10, 1)),
    ],
)
def test_a_year_is_the_best_four_quarters_in_a_row(
    planned: dict[date, Decimal], amount: int, first: date
) -> None:
    """Planted, one after another: five quarters; the last of several that are alike."""
    assert yearly(planned) == Yearly(Decimal(amount), first)


def test_nothing_is_claimed_by_a_plan_that_brings_nothing() -> None:
    assert yearly({}) is None
    assert yearly(plan(y26q1=0)) is None
    assert yearly(plan(y26q1=-5)) is None


def test_money_is_a_250th_of_a_year_for_each_day_to_the_cent() -> None:
    """Planted: a year of 260 days; halves of a cent rounded down."""
    assert Yearly(Decimal(100_000), MONDAY).for_days(13) == Decimal("5200.00")
    assert Yearly(Decimal("1.25"), MONDAY).for_days(1) == Decimal("0.01")


@pytest.mark.parametrize("seed", range(60))
def test_sums_and_unions_are_what_a_reckoning_day_by_day_says(seed: int) -> None:
    """Planted, one after another: the day of the raising counted; each day counted by the first calendar; entered costs
    counted again by days."""
    lot, today = random.Random(seed), MONDAY + timedelta(days=40)
    spells: dict[int, list[Any]] = {}
    for id_ in range(lot.randint(1, 4)):
        begins = MONDAY + timedelta(days=lot.randint(0, 30))
        spells[id_] = []
        for _turn in range(lot.randint(1, 3)):
            ends = begins + timedelta(days=lot.randint(0, 12))
            spells[id_].append((begins, ends, lot.choice(CALENDARS)))
            begins = ends
        if lot.random() < 0.5:
            spells[id_][-1] = (*spells[id_][-1][:1], None, spells[id_][-1][2])
    costs = {id_: Decimal(lot.randint(1, 900)) for id_ in spells if lot.random() < 0.3}

    summed, together, unpriced = 0, 0, 0
    for n in range(1, 200):
        day = MONDAY + timedelta(days=n)
        stood = [
            id_
            for id_, its in spells.items()
            for starts, ends, calendar in its
            if starts < day <= (ends or today)
            and day.isoweekday() not in calendar.weekend
            and day not in calendar.holidays
        ]
        summed += len(stood)
        together += bool(stood)
        unpriced += bool(stood) and not any(id_ in costs for id_ in stood)

    found = whole(spells, costs, Yearly(Decimal(250), MONDAY), today)
    assert (found.count, found.summed, found.together) == (len(spells), summed, together)
    assert found.rest == unpriced
    assert found.together == union([one for its in spells.values() for one in its], today)
    assert found.entered == (sum(costs.values(), Decimal(0)) if costs else None)
    assert found.estimate == (Decimal(unpriced) if len(costs) < len(spells) else None)


def test_what_began_long_ago_takes_no_longer() -> None:
    """Planted: a walk through the days."""
    spells = [(date(1900, 1, 1), None, CALENDARS[n % 3]) for n in range(2000)]
    begun = process_time()
    assert union(spells, MONDAY) > 30_000
    assert process_time() - begun < 2


@pytest.fixture
def priced(app: Any, work: Any, cast: Any, clock: Any) -> Any:
    """The initiative plans 250,000 for a year; `work.make` raises its blockers."""
    with app.app_context(), writing():
        Organisation.current().change(modules=["benefits"], by=cast.admin, now=clock())
        initiative = db.session.get_one(Initiative, work.initiative.id)
        for month in (1, 4, 7, 10):
            Benefit.put(
                initiative, date(2027, month, 1), planned=Decimal(62_500), forecast=None, realised=None,
                by=cast.manager, now=clock(),
            )  # fmt: skip
    return work


def cost(tab: Any, blocker: Blocker) -> str:
    """Return what the page of a blocker says about its cost."""
    tree = html5lib.parse(tab.get(f"/blockers/{blocker.ref}").text, namespaceHTMLElements=False)
    panel = next(one for one in tree.iter("section") if one.attrib.get("aria-labelledby") == "cost")
    return " ".join(" ".join(panel.itertext()).split())


def test_a_page_says_what_it_costs_with_the_arithmetic(
    as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: the estimate without its days."""
    blocker = priced.make()
    clock.forward(days=14)
    told = cost(as_(cast.auditor), blocker)
    assert "10 working days" in told
    assert "£10,000" in told
    assert "£250,000 a year ÷ 250 working days × 10" in told
    assert "from 1 Jan 2027 on" in told
    assert "add up" not in told


def test_two_at_once_are_summed_and_counted_once(
    as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: money by the days one by one; what is over left out."""
    first = priced.make()
    clock.forward(days=7)
    second = priced.make(title="And the shops cannot see it")
    clock.forward(days=7)
    told = cost(as_(cast.auditor), first)
    assert (
        "The 2 blockers of CX-1 add up to 15 working days. Some overlapped: counting each day once, that is 10 working days."
        in told
    )
    assert "Estimate for these days: £10,000." in told
    as_(cast.head).submit(f"/blockers/{second.ref}/resolution", words="It is there.")
    clock.forward(days=7)
    told = cost(as_(cast.auditor), first)
    assert (
        "add up to 20 working days. Some overlapped: counting each day once, that is 15 working days"
        in told
    )


def test_one_after_the_other_no_day_is_counted_twice(
    as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: both sums said though they are the same."""
    first = priced.make()
    clock.forward(days=7)
    as_(cast.head).submit(f"/blockers/{first.ref}/resolution", words="It is there.")
    second = priced.make(title="And the shops cannot see it")
    clock.forward(days=7)
    told = cost(as_(cast.auditor), second)
    assert "The 2 blockers of CX-1 add up to 10 working days, and none overlapped." in told


def test_a_cost_that_was_entered_stands_in_place_of_the_estimate(
    app: Any, as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: the estimate beside it."""
    blocker = priced.make()
    with app.app_context(), writing():
        there = db.session.get_one(Blocker, blocker.id)
        there.enter_cost(Decimal(1234), by=cast.member, now=clock())
    clock.forward(days=7)
    told = cost(as_(cast.auditor), blocker)
    assert "£1,234" in told
    assert "entered by hand" in told
    assert "Estimate" not in told
    assert "yearly" not in told
    assert stored(app, blocker).cost == Decimal(1234)


def test_days_for_which_a_cost_was_entered_are_not_estimated_again(
    app: Any, as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: the days of all others estimated."""
    first = priced.make()
    clock.forward(days=7)
    second = priced.make(title="And the shops cannot see it")
    with app.app_context(), writing():
        there = db.session.get_one(Blocker, second.id)
        there.enter_cost(Decimal("1.50"), by=cast.member, now=clock())
    clock.forward(days=7)
    told = cost(as_(cast.auditor), first)
    assert "Entered by hand: £1.50." in told
    assert "Estimate for the 5 working days on which nothing was entered: £5,000." in told


def test_no_money_is_said_where_none_is_known(
    app: Any, as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted: benefits read although their module is off."""
    blocker = priced.make()
    with app.app_context(), writing():
        Organisation.current().change(modules=[], by=cast.admin, now=clock())
    told = cost(as_(cast.auditor), blocker)
    assert "No money is said" in told
    assert "£" not in told


def test_milestones_that_moved_meanwhile_are_counted_once_each(
    app: Any, as_: Any, cast: Any, priced: Any, clock: Any
) -> None:
    """Planted, one after another: moves counted in place of milestones; earlier days counted; moves before the raising counted."""

    def moves(milestone: Milestone, *days: date) -> None:
        with app.app_context(), writing():
            there = db.session.get_one(Milestone, milestone.id)
            held = db.session.get_one(Initiative, there.initiative_id)
            for day in days:
                there.reschedule(day, "The data is not there.", by=cast.lead, now=clock())
            assert held.id == there.initiative_id

    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, priced.initiative.id)
        planned = [
            Milestone.plan(
                initiative, name=name, due_on=date(2026, 6, 1), by=cast.lead, now=clock()
            )
            for name in ("A first bill", "All bills", "A review")
        ]
    moves(planned[0], date(2026, 6, 8))
    clock.forward(days=1)
    blocker = priced.make()
    clock.forward(days=1)
    assert "moved to a later day" not in cost(as_(cast.auditor), blocker)
    moves(planned[1], date(2026, 6, 8), date(2026, 6, 15))
    moves(planned[2], date(2026, 5, 1))
    assert "1 milestone was moved to a later day meanwhile" in cost(as_(cast.auditor), blocker)
