"""What this room does by itself, and reads off what happens in the rooms below it."""

from __future__ import annotations

from tracker.activity.labels import labels
from tracker.partners import scoring
from tracker.partners.recounting import count_at_first
from tracker.sweeping import slow, sweeps
from tracker.wording import lazy as _l

FIRST_COUNT = "first count of scorecards"


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scoring.watch()
    labels.setdefault("comment", _l("Comment"))
    sweeps[FIRST_COUNT] = count_at_first
    slow.add(FIRST_COUNT)
