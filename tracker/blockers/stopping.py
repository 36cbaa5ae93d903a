"""Actions that blockers stand in the way of: whose days those are, and to whom they are shown as blocked (rules 19 and 22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from tracker.actions.models import Action
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.db import asked
from tracker.initiatives.pauses import Pause


def waits_of(ids: Collection[int]) -> dict[int, list[Pause]]:
    """Return by action the times in which the partner that does it waited for us: each turn of a holder, raised or reopened until it was
    resolved or taken back. In between nothing stopped it.

    What it raised while somebody else had the action is not counted (a `waited_for_us` of actions).
    """
    found: dict[int, list[Pause]] = defaultdict(list)
    for row in asked(_WAITS, {"actions": list(ids)}):
        if row.action_id is not None:
            found[row.action_id].append(Pause(row.starts, row.ends))
    return found


def stands_in_the_way(reader: Any) -> ColumnElement[bool]:
    """Return the condition that an open blocker that `reader` may see stands in the way of an action (an `in_the_way`)."""
    seen = Blocker.visible_to(reader).with_only_columns(Blocker.id)
    seen = seen.where(Blocker.action_id == Action.id, Blocker.open_since.is_not(None))
    return seen.correlate(Action).exists()


_WAITS = (
    select(Blocker.action_id, BlockerHolding.starts, BlockerHolding.ends)
    .join(BlockerHolding, BlockerHolding.blocker_id == Blocker.id)
    .join(Action, Action.id == Blocker.action_id)
    .where(
        Blocker.action_id.in_(bindparam("actions", expanding=True)),
        Blocker.blocked_partner_id == Action.partner_id,
        Blocker.raised_at >= Action.assigned_at,
    )
    .order_by(BlockerHolding.id)
)
