"""While somebody is away: from the first day to the last, and not a day longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.cast import START
from tests.conftest import Clock, Tab
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.duties import duties_of
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

As = Callable[[Any], Tab]
TODAY = START.date()
WEEK = {"starts": TODAY, "ends": TODAY + timedelta(days=6)}


def appoint(
    cast: SimpleNamespace, person: Person, deputy: Person, capacity: Capacity, **when: date
) -> Deputyship:
    with writing():
        return Deputyship.appoint(person, deputy, capacity, **(when or WEEK), by=person, now=START)


def test_a_heads_deputy_answers_for_the_heads_units_between_the_dates(
    inside: None, cast: SimpleNamespace
) -> None:
    """Canary: leave one of the two dates out of the query."""
    appoint(cast, cast.head, cast.member, Capacity.head)
    for day, stands_in in (
        (TODAY - timedelta(days=1), False),
        (TODAY, True),
        (TODAY + timedelta(days=6), True),
        (TODAY + timedelta(days=7), False),
    ):
        assert (cast.it.id in duties_of(cast.member, day).heads) is stands_in


def test_today_is_the_organisations_today(
    inside: None, cast: SimpleNamespace, clock: Clock
) -> None:
    """A quarter to midnight in UTC is tomorrow in Tehran. Canary: date.today()."""
    appoint(cast, cast.head, cast.member, Capacity.head, starts=TODAY, ends=TODAY)
    clock.moment = START.replace(hour=23, minute=45)
    assert cast.it.id in duties_of(cast.member).heads
    with writing():
        Organisation.current().change(by=cast.admin, now=START, time_zone="Asia/Tehran")
    assert cast.it.id not in duties_of(cast.member).heads


def test_a_sponsors_deputy_is_an_active_executive(inside: None, cast: SimpleNamespace) -> None:
    for nobody in (cast.member, cast.manager, cast.auditor, cast.contact):
        with pytest.raises(NotNow):
            appoint(cast, cast.executive, nobody, Capacity.sponsor)
    appoint(cast, cast.executive, cast.other_executive, Capacity.sponsor)
    assert duties_of(cast.other_executive, TODAY).sponsors_for == {cast.executive.id}


def test_a_deputys_deputy_stands_for_nobody(inside: None, cast: SimpleNamespace) -> None:
    appoint(cast, cast.executive, cast.other_executive, Capacity.sponsor)
    appoint(cast, cast.other_executive, cast.alternate, Capacity.sponsor)
    assert duties_of(cast.alternate, TODAY).sponsors_for == {cast.other_executive.id}


def test_nobody_is_their_own_deputy(inside: None, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="their own deputy"):
        appoint(cast, cast.head, cast.head, Capacity.head)


def test_who_heads_nothing_needs_no_deputy(inside: None, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="heads no unit"):
        appoint(cast, cast.member, cast.lead, Capacity.head)


@pytest.mark.parametrize(
    ("starts", "ends"), [(3, 1), (-9, -1), (0, 400)], ids=["backwards", "over", "too long"]
)
def test_dates_that_cannot_be(starts: int, ends: int, inside: None, cast: SimpleNamespace) -> None:
    day = {"starts": TODAY + timedelta(days=starts), "ends": TODAY + timedelta(days=ends)}
    with pytest.raises(NotNow, match="Choose a time"):
        appoint(cast, cast.head, cast.member, Capacity.head, **day)


def test_a_deputy_ends_with_either_ones_access(inside: None, cast: SimpleNamespace) -> None:
    appoint(cast, cast.head, cast.member, Capacity.head)
    with writing():
        end_access(cast.head.again(cast.admin), by=cast.admin, now=START)
    assert duties_of(cast.member, TODAY).heads == frozenset()


def fields(capacity: str, deputy: Person, **when: date) -> dict[str, Any]:
    when = when or WEEK
    return {f"{capacity}-deputy_id": deputy.id} | {
        f"{capacity}-{name}": day.isoformat() for name, day in when.items()
    }


def test_who_appoints_whom(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    """Sponsors: oneself, or the programme owner. Heads: oneself, or an administrator."""
    sponsor = f"/people/{cast.executive.id}/deputies/sponsor"
    head = f"/people/{cast.head.id}/deputies/head"
    for who in (cast.admin, cast.manager, cast.other_executive, cast.member, cast.auditor):
        answer = as_(who).submit(sponsor, **fields("sponsor", cast.alternate))
        assert answer.status_code == 403
    for who in (cast.manager, cast.other_head, cast.owner, cast.auditor):
        assert as_(who).submit(head, **fields("head", cast.member)).status_code == 403
    for who in (cast.contact, cast.other_contact):
        assert as_(who).submit(head, **fields("head", cast.member)).status_code == 404
    with app.app_context():
        assert db.session.query(Deputyship).count() == 0
    one = as_(cast.executive).submit(sponsor, **fields("sponsor", cast.alternate))
    assert one.location == "/settings/profile"
    two = as_(cast.owner).submit(sponsor, **fields("sponsor", cast.other_executive))
    assert two.location == f"/people/{cast.executive.id}/deputies"
    assert as_(cast.head).submit(head, **fields("head", cast.member)).status_code == 303
    assert as_(cast.admin).submit(head, **fields("head", cast.lead)).status_code == 303
    profile = as_(cast.executive).get("/settings/profile").text
    assert "While I am away" in profile
    assert cast.alternate.name in profile


def test_who_ends_it(cast: SimpleNamespace, as_: As) -> None:
    head = f"/people/{cast.head.id}/deputies/head"
    as_(cast.head).submit(head, **fields("head", cast.member))
    for who, status in (
        (cast.member, 403),
        (cast.owner, 403),
        (cast.contact, 404),
        (cast.head, 303),
        (cast.head, 409),
    ):
        assert as_(who).submit("/deputyships/1/ending").status_code == status
    assert as_(cast.head).submit("/deputyships/999/ending").status_code == 404


def test_the_form_says_it_at_the_field(cast: SimpleNamespace, as_: As) -> None:
    address = f"/people/{cast.head.id}/deputies/head"
    backwards = {"starts": WEEK["ends"], "ends": WEEK["starts"]}
    answer = as_(cast.head).submit(address, **fields("head", cast.member, **backwards))
    assert answer.status_code == 422
    assert "The last day lies before the first" in answer.text
    nonsense = {"head-deputy_id": "x", "head-starts": "0000-00-00", "head-ends": "soon"}
    assert as_(cast.head).submit(address, **nonsense).status_code == 422
