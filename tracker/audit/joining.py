"""What this room tells the rest: who sees what was done to the trail, and its sweeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false, select, true

from tracker.activity.models import ChainHead
from tracker.activity.queries import scopes
from tracker.activity.recording import TRAIL
from tracker.audit.checking import check_what_is_due
from tracker.audit.checkpoints import keep_hourly
from tracker.sweeping import slow, sweeps, urgent


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes[TRAIL] = seen_by
    sweeps["checkpoints"] = keep_hourly
    sweeps["checks"] = check_what_is_due
    slow.add("checks")
    urgent.add("checks")


def seen_by(person: Any) -> Select[Any]:
    """What was done to the trail is known to everybody inside."""
    return select(ChainHead).where(true() if person.is_internal else false())
