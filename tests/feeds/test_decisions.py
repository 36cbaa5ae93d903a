"""Decisions in a calendar: those that wait for whoever subscribes, on the day by which somebody asks for them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import gates
from tests.feeds.conftest import read
from tests.initiatives.stories import sponsored
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.initiatives.models import Initiative


@pytest.fixture
def one(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """Led by Lena, sponsored by Emil."""
    return told(lambda: sponsored(cast, clock()))


def decisions(as_: Any, there: str) -> list[dict[str, str]]:
    answer = as_(None).get(there)
    assert answer.status_code == 200
    return [one for one in read(answer.data) if one["UID"].startswith("approval-")]


@pytest.mark.both
def test_what_waits_for_a_sponsor_stands_on_its_day_until_it_is_decided(
    app, cast, as_, clock, one, address
):
    """Planted: drafts left in, and given to any executive."""
    there = address(cast.executive)
    with app.app_context(), writing():
        its = db.session.get_one(Initiative, one.id)
        made = gates.drafted(its, now=clock())
        id_, gate = made.id, made.milestone
    assert decisions(as_, there) == []
    with app.app_context(), writing():
        made = Approval.find(SimpleNamespace(is_internal=True, id=0, partner_id=None), id_)
        made.submit(by=cast.lead, now=clock())
    (found,) = decisions(as_, there)
    assert (found["SUMMARY"], found["DTSTART"]) == ("Decide: Shall we go on?", "20260309")
    assert found["URL"] == f"http://localhost/approvals/{id_}"
    for person in (cast.lead, cast.owner, cast.manager):
        assert decisions(as_, address(person)) == []
    with app.app_context(), writing():
        made = Approval.find(SimpleNamespace(is_internal=True, id=0, partner_id=None), id_)
        made.decide(Decision.approved, by=cast.executive, now=clock())
    assert decisions(as_, there) == []
    assert gate is not None
