"""What this room does by itself."""

from __future__ import annotations

from tracker import sweeping
from tracker.keeping.scheduling import back_up_when_due


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    sweeping.sweeps["backup"] = back_up_when_due
    sweeping.slow.add("backup")
