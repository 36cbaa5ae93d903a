"""Priorities (rule 5): heads rate, a spread of two or more is a conflict, the sponsor settles it, a later rating reopens it.

Planted faults seen red: a conflict from a spread of one; a settlement that outlives a later rating; a manager who rates.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.aims import aim
from tests.initiatives.stories import waits
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.errors import NotNow, Refused
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import Priority, Rating, Settlement
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def initiative(inside, cast, clock):
    """Led by `it`, with `billing` taking part, sponsored by `executive`; priorities are switched on."""
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules={"priorities"})
        made = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=clock(), lead=cast.lead
        )
        aim(made)
        made.revise_units({cast.billing.id}, by=cast.lead, now=clock())
        made.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        made.accept_sponsorship(by=cast.executive, now=clock())
    return made


def rate(initiative, unit, rating, by, now, *, words=""):
    with writing():
        priority = Priority(initiative)
        priority.rate(unit.id, rating, by=by, now=now, words=words)
    return priority


def settle(initiative, by, now, words="Billing first", **more):
    with writing():
        return Priority(initiative).settle(by=by, now=now, words=words, **more)


def events(kind):
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_units_two_apart_are_in_conflict_until_the_sponsor_says_what_holds(initiative, cast, clock):
    touches = initiative.touches
    assert not rate(initiative, cast.it, 3, cast.head, clock()).conflict
    assert not rate(initiative, cast.billing, 4, cast.other_head, clock()).conflict
    assert initiative.touches == touches
    priority = rate(initiative, cast.billing, 5, cast.other_head, clock(), words="Every month")
    assert (priority.spread, priority.conflict) == (2, True)
    assert initiative.touches == touches + 1
    assert events("priority.rated")[-1].before == {"unit_id": cast.billing.id, "rating": 4}
    settle(initiative, cast.executive, clock())
    assert not Priority(initiative).conflict
    assert initiative.touches == touches + 2
    settled = events("priority.settled")[0]
    assert (settled.facts, settled.private) == ({"spread": 2}, {"words": "Billing first"})


def test_a_later_rating_reopens_what_was_settled(initiative, cast, clock):
    rate(initiative, cast.it, 1, cast.head, clock())
    rate(initiative, cast.billing, 5, cast.other_head, clock())
    settle(initiative, cast.executive, clock())
    rate(initiative, cast.it, 1, cast.head, clock(), words="Still the same")
    assert Priority(initiative).settlement is not None
    assert rate(initiative, cast.it, 2, cast.head, clock()).conflict
    settle(initiative, cast.executive, clock(), words="As I said")
    assert not rate(initiative, cast.it, 4, cast.head, clock()).conflict
    assert [row.reopened_at is None for row in db.session.scalars(select(Settlement))] == [
        False,
        False,
    ]


def test_a_conflict_is_settled_once_in_words_and_only_while_there_is_one(initiative, cast, clock):
    with pytest.raises(NotNow, match="no priority conflict"):
        settle(initiative, cast.executive, clock())
    rate(initiative, cast.it, 1, cast.head, clock())
    rate(initiative, cast.billing, 5, cast.other_head, clock())
    with pytest.raises(NotNow, match="in words"):
        settle(initiative, cast.executive, clock(), words=" ")
    settle(initiative, cast.other_executive, clock(), for_sponsor=cast.executive)
    assert events("priority.settled")[0].on_behalf_of_id == cast.executive.id
    with pytest.raises(NotNow, match="no priority conflict"):
        settle(initiative, cast.executive, clock())


def test_nobody_rates_for_a_head(initiative, cast, clock):
    for person in (cast.manager, cast.lead, cast.executive, cast.other_head, cast.admin):
        with pytest.raises(Refused, match="Only the head of IT platforms"):
            rate(initiative, cast.it, 3, person, clock())
    with pytest.raises(NotNow, match="from 1 to 5"):
        rate(initiative, cast.it, 6, cast.head, clock())
    with pytest.raises(NotNow, match="does not take part"):
        rate(initiative, cast.care, 3, cast.owner, clock())
    assert db.session.scalar(select(Rating.id)) is None


def test_the_rating_of_a_unit_that_left_does_not_count(initiative, cast, clock):
    rate(initiative, cast.it, 1, cast.head, clock())
    assert rate(initiative, cast.billing, 5, cast.other_head, clock()).conflict
    with writing():
        initiative.revise_units(set(), by=cast.lead, now=clock())
    assert Priority(initiative).spread == 0
    assert waits("unsettled", cast.executive, clock()) == []


def test_what_was_stopped_is_not_rated(initiative, cast, clock):
    with writing():
        initiative.stop(by=cast.executive, now=clock(), words="No money")
    with pytest.raises(NotNow, match="was stopped"):
        rate(initiative, cast.it, 1, cast.head, clock())


@pytest.mark.both
def test_what_waits_for_heads_and_for_the_sponsor(initiative, cast, clock):
    assert [(row.ref, row.unit, row.since) for row in waits("unrated", cast.head, clock())] == [
        (initiative.ref, "IT platforms", clock())
    ]
    assert waits("unrated", cast.owner, clock()) == waits("unrated", cast.manager, clock()) == []
    rate(initiative, cast.it, 1, cast.head, clock())
    assert waits("unrated", cast.head, clock()) == []
    rate(initiative, cast.billing, 3, cast.other_head, clock())
    assert [(row.ref, row.since) for row in waits("unsettled", cast.executive, clock())] == [
        (initiative.ref, clock())
    ]
    assert waits("unsettled", cast.other_executive, clock()) == []
    settle(initiative, cast.executive, clock())
    assert waits("unsettled", cast.executive, clock()) == []
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules=set())
    assert (
        waits("unrated", cast.other_head, clock())
        == waits("unsettled", cast.executive, clock())
        == []
    )


@pytest.mark.both
def test_the_database_keeps_one_rating_of_a_unit_on_the_scale_and_one_settlement(
    initiative, cast, clock
):
    rate(initiative, cast.it, 1, cast.head, clock())
    rate(initiative, cast.billing, 5, cast.other_head, clock())
    settle(initiative, cast.executive, clock())
    of_it = {"initiative_id": initiative.id, "by_id": cast.head.id, "at": clock()}
    for row in (
        Rating(**of_it, unit_id=cast.it.id, rating=2, words=""),
        Rating(**of_it, unit_id=cast.care.id, rating=0, words=""),
        Rating(**of_it, unit_id=cast.care.id, rating=6, words=""),
        Settlement(**of_it, words="Again", spread=2),
        Settlement(**of_it, words="", spread=2, reopened_at=clock()),
    ):
        with pytest.raises(IntegrityError), writing() as session:
            session.add(row)
    assert Priority(initiative).given == [1, 5]
