"""Milestones in a calendar: those of what one leads or sponsors, and of nothing else."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tests.feeds.conftest import read
from tests.initiatives.stories import sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.milestones.models import Milestone


@pytest.fixture
def one(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """Led by Lena, sponsored by Emil."""
    return told(lambda: sponsored(cast, clock()))


def planned(app: Any, cast: SimpleNamespace, clock: Any, one: Initiative, name: str, day: int) -> int:  # fmt: skip
    with app.app_context(), writing():
        there = db.session.get_one(Initiative, one.id)
        due_on = date(2026, 4, day)
        return Milestone.plan(there, name=name, due_on=due_on, by=cast.lead, now=clock()).id


def change(app: Any, id_: int, do: Any) -> None:
    with app.app_context(), writing():
        do(Milestone.find(SimpleNamespace(is_internal=True, id=0, partner_id=None), id_))


def events(as_: Any, there: str) -> list[dict[str, str]]:
    answer = as_(None).get(there)
    assert answer.status_code == 200
    return read(answer.data)


@pytest.mark.both
def test_lead_and_sponsor_have_what_is_planned_and_nobody_else(app, cast, as_, clock, one, address):
    """Planted: the sponsor left out; milestones of every initiative; what is reached left in."""
    later = planned(app, cast, clock, one, "All have it", 24)
    first = planned(app, cast, clock, one, "The pilot runs", 10)
    over = planned(app, cast, clock, one, "Begun", 3)
    change(app, over, lambda row: row.reach(by=cast.lead, now=clock()))
    for person in (cast.lead, cast.executive):
        found = events(as_, address(person))
        assert [one["SUMMARY"] for one in found] == ["Milestone: The pilot runs", "Milestone: All have it"]  # fmt: skip
        assert (found[0]["UID"], found[0]["URL"]) == (
            f"milestone-{first}@localhost", f"http://localhost/milestones/{first}"
        )  # fmt: skip
        assert found[0]["DESCRIPTION"] == f"{one.ref} One bill"
    for person in (cast.member, cast.manager, cast.head, cast.contact):
        assert events(as_, address(person)) == []
    change(app, later, lambda row: row.drop("Nobody needs it.", by=cast.lead, now=clock()))
    assert len(events(as_, address(cast.executive))) == 1


def test_a_milestone_that_moves_is_the_same_entry_on_another_day(app, cast, as_, clock, one, address):  # fmt: skip
    """Planted: the number of the entry made from its day; the sequence left as it was."""
    id_ = planned(app, cast, clock, one, "The pilot runs", 10)
    there = address(cast.executive)
    (before,) = events(as_, there)
    clock.forward(hours=1)
    change(app, id_, lambda row: row.reschedule(date(2026, 4, 17), "Late.", by=cast.lead, now=clock()))  # fmt: skip
    (after,) = events(as_, there)
    assert (after["UID"], after["DTSTART"]) == (before["UID"], "20260417")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["LAST-MODIFIED"] > before["LAST-MODIFIED"]


def test_a_contact_is_told_of_actions_alone(cast, as_):
    """Planted: the same words for everybody."""
    assert "milestones of what you lead" in as_(cast.lead).get("/settings/calendar").text
    assert "ilestone" not in as_(cast.contact).get("/settings/calendar").text
