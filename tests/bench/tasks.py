"""Actions and what was handed in, as rows: the n-th is the same at every size of the work load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench.company import MEMBERS, PARTNERS
from tracker.actions.models import Action
from tracker.actions.reviews import Review
from tracker.actions.states import OPEN, OVER, State
from tracker.db import Model
from tracker.organisation.names import normal

EACH = 20  # of one initiative
STATES = (
    *(State.accepted, State.accepted, State.in_progress, State.accepted, State.done, State.to_do),
    *(State.accepted, State.submitted, State.done, State.acknowledged),
)
WORK = ("Record ten calls", "Send the name beforehand", "Print the word beside the figure")


def rows(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of `count` actions, twenty for each initiative, as they stand at `clock`."""
    yield Action, (_action(n, clock) for n in range(count))
    yield Review, (_review(n, clock) for n in range(count) if _state(n) in (State.accepted, State.submitted))  # fmt: skip


def _state(n: int) -> State:
    return STATES[(n * 7 + n // 10) % 10]


def _doer(n: int) -> dict[str, int | None]:
    partner = n % 3 == 0 and _state(n) != State.done
    return {
        "assignee_id": None if partner else MEMBERS[n % len(MEMBERS)],
        "partner_id": PARTNERS[n // 3 % len(PARTNERS)] if partner else None,
        "contact_id": None,
    }


def _action(n: int, clock: datetime) -> dict[str, Any]:
    state, title = _state(n), WORK[n % len(WORK)]
    born = clock - timedelta(days=10 + n * 17 % 300)
    due = (clock + timedelta(days=(n * 13 + n // 60 * 7) % 240 - 40)).date()
    begun = state != State.to_do
    over = clock - timedelta(days=n % 9, minutes=n // 60 % 1440) if state in OVER else None
    return {
        "id": n + 1, "ref": f"a{n + 1:011d}", "initiative_id": n // EACH + 1, "title": title, "title_key": normal(title),
        "why": "Customers ask for it", "description": "", "criteria": "It is there", **_doer(n),
        "host_id": MEMBERS[(n * 5 + 2) % len(MEMBERS)], "due_on": due, "due_since": born.date(), "first_due_on": due,
        "due_changes": 0, "proposed_words": "", "last_on": due if state in OPEN else None, "state": state,
        "progress": 100 if state not in OPEN else 40 * begun, "returned": 0, "submission": "", "reply": "", "assigned_at": born,
        "acknowledged_at": born if begun else None, "closed_at": over,
        "created_at": born, "created_by_id": MEMBERS[n % len(MEMBERS)], "version": 1,
    }  # fmt: skip


def _review(n: int, clock: datetime) -> dict[str, Any]:
    answered = _state(n) == State.accepted
    return {
        "id": n + 1, "action_id": n + 1, "partner_id": _doer(n)["partner_id"], "submitted_at": clock - timedelta(days=9),
        "last_on": clock.date(), "answered_at": clock - timedelta(days=n % 9) if answered else None,
        "accepted": True if answered else None,
    }  # fmt: skip
