"""What stands in the way of actions, as the rooms above know it: "blocked" is derived from that, and is no state.

Rules 19 and 22.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from tracker.initiatives.pauses import Pause

Times = Callable[[Collection[int]], Mapping[int, Sequence[Pause]]]

# By action: the times since it was assigned in which the partner that does it waited for us. Those days are ours.
waited_for_us: list[Times] = []

# For a reader: the condition that something they may see stands in the way of an action.
in_the_way: list[Callable[[Any], ColumnElement[bool]]] = []


def times_with_us(ids: Collection[int]) -> dict[int, list[Pause]]:
    """Return by action when its partner waited for us, in no order, by the organisation's days; a statement for each room."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for times in waited_for_us:
        for action_id, spells in times(ids).items():
            found[action_id] += spells
    return found


def is_blocked(reader: Any) -> ColumnElement[bool]:
    """Return the condition that an action is blocked, as far as `reader` may know."""
    return or_(false(), *(condition(reader) for condition in in_the_way))
