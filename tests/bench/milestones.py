"""Milestones with criteria and moves, as rows: the n-th is the same at every size of the work load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench.company import EXECUTIVES, MEMBERS
from tests.bench.portfolio import OPEN_STAGES, sponsor_of, stage_of
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.approvals.states import State as Asked
from tracker.db import Model
from tracker.initiatives.stages import ORDER, Stage
from tracker.milestones.criteria import Criterion
from tracker.milestones.models import Milestone
from tracker.milestones.moves import MilestoneMove
from tracker.milestones.states import State

FROZEN: dict[str, Any] = {
    "name": "Office", "due_on": "2026-04-10", "budget": None, "cost": None, "decide_by": None, "criteria": {}, "goals": {},
    "says": {"question": "Shall it begin?", "cost_words": "A day", "gain": "One way", "waiting": "Two ways", "risk": "None"},
}  # fmt: skip
EACH = 10  # of one initiative
WAIT = 1800  # initiatives among which requests wait, at every size
STATES = (State.reached, State.reached, State.planned, State.reached, State.dropped)


def rows(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of `count` milestones, ten for each initiative, with a criterion each, as they stand at `clock`."""
    yield Milestone, (milestone(n + 1, n // EACH + 1, clock, gate_of(n)) for n in range(count))
    yield Criterion, (criterion(n + 1, n + 1) for n in range(count))
    yield MilestoneMove, (move(n + 1, n + 1, clock) for n in range(0, count, 3))


def gate_of(n: int) -> Stage | None:
    """Return the stage that the `n`-th opens: the first of each initiative are its gates, one for every stage."""
    return dict(enumerate(ORDER[1:])).get(n % EACH)


def milestone(
    id_: int, initiative_id: int, clock: datetime, opens: Stage | None = None
) -> dict[str, Any]:
    """Return the row of one."""
    state = STATES[id_ % len(STATES)]
    over = clock - timedelta(days=id_ % 90) if state != State.planned else None
    due = (clock + timedelta(days=(id_ * 13) % 240 - 40)).date()
    return {
        "id": id_, "initiative_id": initiative_id, "name": f"Office {id_ % EACH + 1} works the new way", "opens": opens,
        "due_on": due, "first_due_on": due, "slips": int(id_ % 3 == 1), "state": state,
        "reached_at": over if state == State.reached else None,
        "reached_by_id": MEMBERS[id_ % len(MEMBERS)] if state == State.reached else None,
        "dropped_at": over if state == State.dropped else None, "dropped_words": "",
        "planned_at": clock - timedelta(days=100), "planned_by_id": MEMBERS[id_ % len(MEMBERS)], "version": 1,
    }  # fmt: skip


def criterion(id_: int, milestone_id: int) -> dict[str, Any]:
    """Return the row of an open one, that somebody checks."""
    return {"id": id_, "milestone_id": milestone_id, "place": id_, "words": f"Step {id_} is done", "evidence": "", "link": ""}  # fmt: skip


def move(id_: int, milestone_id: int, clock: datetime) -> dict[str, Any]:
    """Return the row of a move by a week."""
    day = clock.date()
    return {
        "id": id_, "milestone_id": milestone_id, "from_on": day - timedelta(days=7), "to_on": day, "moved_at": clock,
        "moved_by_id": MEMBERS[id_ % len(MEMBERS)], "words": "A supplier is late.",
    }  # fmt: skip


def requests(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of the requests of `count` initiatives, two for each, about its first milestones.

    What was decided grows with the work. What waits does not: of the first `WAIT` initiatives, every third that goes on.
    """
    yield Approval, (_request(n, clock) for n in range(2 * count))


def _request(n: int, clock: datetime) -> dict[str, Any]:
    its, second = divmod(n, 2)
    sponsor = sponsor_of(its)
    row = approval(n + 1, its + 1, EACH * its + 1 + second, clock)
    row |= {
        "question": f"Shall office {its} begin?",
        "decided_by_id": EXECUTIVES[n % len(EXECUTIVES)],
    }
    waits = second and its < WAIT and its % 3 == 0 and sponsor and stage_of(its) in OPEN_STAGES
    if waits:
        row |= {
            "state": Asked.submitted,
            "decision": None,
            "decided_by_id": None,
            "closed_at": None,
            "decided_in": None,
        }
    return row


def approval(id_: int, initiative_id: int, milestone_id: int, clock: datetime) -> dict[str, Any]:
    """Return the row of a request that was decided."""
    asked, decided = MEMBERS[id_ % len(MEMBERS)], MEMBERS[(id_ + 1) % len(MEMBERS)]
    return {
        "id": id_, "initiative_id": initiative_id, "milestone_id": milestone_id, "opens": Stage.piloting, "state": Asked.decided,
        "question": f"Shall office {id_} begin?", "cost_words": "A day", "gain": "One way", "waiting": "Two ways", "risk": "None",
        "decide_by": clock.date(), "drafted_at": clock, "drafted_by_id": asked, "asked_at": clock, "asked_by_id": asked,
        "frozen": FROZEN, "digest": "0" * 64, "decision": Decision.approved, "words": "", "decided_by_id": decided,
        "closed_at": clock - timedelta(minutes=id_), "returned_words": "", "version": 2, "waits_since": clock,
        "decided_in": id_ % 9,
    }  # fmt: skip


def condition(
    id_: int, approval_id: int, initiative_id: int, action_id: int, clock: datetime
) -> dict[str, Any]:
    """Return the row of a condition that is open."""
    return {
        "id": id_, "approval_id": approval_id, "initiative_id": initiative_id, "action_id": action_id, "words": f"Step {id_} first",
        "owner_id": MEMBERS[id_ % len(MEMBERS)], "due_on": clock.date(), "set_at": clock, "settled_words": "",
    }  # fmt: skip
