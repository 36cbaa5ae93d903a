"""What charters, signatures and priorities lay elsewhere: what a stage waits for, parts of a page, words of the trail."""

from __future__ import annotations

from tracker.activity.labels import labels
from tracker.initiatives.charter import SECTION_NAMES
from tracker.initiatives.framing import Part, main_parts
from tracker.initiatives.overriding import unsigned
from tracker.initiatives.showing_charter import CHARTER, charter_panel
from tracker.initiatives.showing_priorities import SETTLED, priorities_in_short
from tracker.initiatives.staging import conditions

PARTS = (
    Part("initiatives/show/_charter.html", charter_panel, CHARTER),
    Part("initiatives/show/_priorities.html", priorities_in_short, (SETTLED,)),
)


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    if unsigned not in conditions:
        conditions.append(unsigned)
    for part in PARTS:
        if part not in main_parts:
            main_parts.append(part)
    labels.update({key: name for key, name in SECTION_NAMES.items() if key not in labels})
