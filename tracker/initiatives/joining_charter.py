"""What charters, signatures and priorities tell the rest of the room: what a stage waits for, and words for the trail."""

from __future__ import annotations

from tracker.activity.labels import labels
from tracker.initiatives.charter import SECTION_NAMES
from tracker.initiatives.overriding import unsigned
from tracker.initiatives.staging import conditions


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    if unsigned not in conditions:
        conditions.append(unsigned)
    labels.update({key: name for key, name in SECTION_NAMES.items() if key not in labels})
