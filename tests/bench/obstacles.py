"""Blockers and who holds them, as rows: the n-th is the same at every size of the work load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tests.bench.company import MEMBERS, PARTNERS, UNITS
from tracker.blockers.clocks import COMMIT_WITHIN, CONFIRM_WITHIN
from tracker.blockers.holders import Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.states import OPEN, UNSETTLED, WAITS_ON, Category, State
from tracker.db import Model
from tracker.organisation.calendars import WorkingDays
from tracker.organisation.names import normal

STATES = (
    *(State.raised, State.confirmed, State.committed, State.acknowledged, State.confirmed),
    *(State.confirmed, State.committed, State.withdrawn, State.resolved, State.confirmed),
)
MATTERS = ("The interface is not opened", "Nobody decides the rule", "The data is not delivered")
DAYS = WorkingDays()


def rows(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of `count` blockers, five for two initiatives, as they stand at `clock`."""
    yield Blocker, (_blocker(n, clock) for n in range(count))
    yield BlockerHolding, (_holding(n, clock) for n in range(count))


def initiative_of(n: int) -> int:
    """Return the id of the initiative that blocker `n` stands in the way of."""
    return n * 2 // 5 + 1


def _state(n: int) -> State:
    return STATES[(n * 7 + n // 10) % 10]


def _holder(n: int) -> Holder:
    if n % 20 == 0:
        return Holder(outside="The regulator")
    if n % 4 == 1:
        # In turn, the states of each shifted, so that every one holds open ones: the first one among the first few.
        return Holder(partner_id=PARTNERS[(n // 4 + n // 80 - 2) % len(PARTNERS)])
    return Holder(unit_id=UNITS[1 + n * 3 % (len(UNITS) - 1)])


def _blocked(n: int) -> int:
    return UNITS[1 + (initiative_of(n) - 1) % (len(UNITS) - 1)]


def _raised(n: int, clock: datetime) -> datetime:
    return clock - timedelta(days=1 + n * 17 % 60 if _state(n) in OPEN else 30 + n * 17 % 300)


def _over(n: int, clock: datetime) -> datetime | None:
    """Return when it stopped standing in the way; what waits to be confirmed did so yesterday, so no clock runs out meanwhile."""
    if _state(n) == State.resolved:
        return clock - timedelta(days=1)
    return None if _state(n) in OPEN else _raised(n, clock) + timedelta(days=20)


def _due(n: int, clock: datetime, promise: date | None) -> date | None:
    if _state(n) == State.resolved:
        return DAYS.add(clock.date(), CONFIRM_WITHIN - 1)
    if _state(n) not in UNSETTLED:
        return None
    return promise or DAYS.add(_raised(n, clock).date(), COMMIT_WITHIN)


def _blocker(n: int, clock: datetime) -> dict[str, Any]:
    state, raised, title = _state(n), _raised(n, clock), MATTERS[n % len(MATTERS)]
    promised = state in {State.committed, State.resolved, State.confirmed}
    promise = DAYS.add(raised.date(), 20) if promised else None
    over = _over(n, clock)
    return {
        "id": n + 1, "ref": f"b{n + 1:011d}", "initiative_id": initiative_of(n), "title": title, "title_key": normal(title),
        "category": list(Category)[n % len(Category)], "blocked_unit_id": _blocked(n), **_holder(n).columns,
        "answerer_id": MEMBERS[n % len(MEMBERS)] if n % 3 else None, "promised_on": promise,
        "promised_since": raised.date() if promise else None, "clock_since": raised.date(), "state": state,
        "waiting_on": WAITS_ON[state], "open_since": None if over else raised.date(), "due_on": _due(n, clock, promise),
        "raised_by_id": MEMBERS[(n * 5 + 1) % len(MEMBERS)], "raised_at": raised, "resolved_at": over,
        "closed_at": over + timedelta(hours=1) if over and state not in UNSETTLED else None,
    }  # fmt: skip


def _holding(n: int, clock: datetime) -> dict[str, Any]:
    holder, over = _holder(n), _over(n, clock)
    return {
        "id": n + 1, "blocker_id": n + 1, "holder_key": holder.key, **holder.columns,
        "blocked_unit_id": _blocked(n), "blocked_key": f"u{_blocked(n)}",
        "starts": _raised(n, clock).date(), "ends": over.date() if over else None,
    }  # fmt: skip
