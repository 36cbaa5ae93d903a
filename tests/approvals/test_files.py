"""A file that evidence links to is frozen by its hash (rule 15)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.approvals.conftest import asks, decides
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.files.models import Evidence
from tracker.milestones.criteria import criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.usual import MEASURES


@pytest.fixture
def file(here, clock) -> Evidence:
    with writing():
        action = Action.add(
            here.one, title="Ask ten customers", assignee=Assignee(here.member.id), by=here.lead, now=clock(),
            due_on=clock().date() + timedelta(days=9),
        )  # fmt: skip
        return Evidence.add(
            action, by=here.member, now=clock(), name="Ten answers", token="t" * 32, media_type="text/plain", size=9, sha256="5" * 64,
        )  # fmt: skip


def found(here, clock, link: str) -> None:
    """Plan the next gate, and find its criterion met by what `link` leads to."""
    with writing():
        stage = here.one.next_stage
        gate = Milestone.plan(
            here.one, name="Customers say so", due_on=clock().date(), opens=stage, criteria=["Ten answers"],
            measures=MEASURES[stage], by=here.lead, now=clock(),
        )  # fmt: skip
        (by_hand,) = (one for one in criteria_of([gate.id]) if one.measure is None)
        gate.find_met(by_hand, evidence="We asked.", link=link, by=here.lead, now=clock())
    here.kept = gate  # a session forgets what nobody holds


@pytest.mark.both
def test_a_file_taken_away_makes_the_request_another(here, clock, file):
    """Planted: no hash asked for; the hash of no row kept."""
    found(here, clock, f"https://cx.example.com/files/{file.ref}")
    made = asks(here, clock)
    (one,) = (one for one in made.frozen["criteria"].values() if one["link"])
    assert one["sha256"] == "5" * 64
    assert made.changed(clock()) == []
    with writing():
        db.session.get_one(Evidence, file.id).sha256 = "6" * 64
    assert made.changed(clock()) == ["Other evidence: Ten answers"]
    with writing():
        db.session.get_one(Evidence, file.id).take_away(by=here.member, now=clock())
    assert made.changed(clock()) == ["Other evidence: Ten answers"]
    with pytest.raises(NotNow, match="no longer what was asked"):
        decides(made, here, clock, Decision.approved)


def test_a_link_to_elsewhere_is_frozen_as_it_is(here, clock):
    """Planted: a hash where there is no file."""
    found(here, clock, "https://example.com/files/none")
    made = asks(here, clock)
    assert not any("sha256" in one for one in made.frozen["criteria"].values())
