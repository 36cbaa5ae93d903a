"""What takes a walk over everything is counted again only after the trail has grown: whatever changes leaves an event in the
same transaction.

The head of the chain is read before the count, which may therefore be newer than it says, never older; then the next one to
ask counts again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import current_app
from sqlalchemy import select

from tracker.activity.models import ChainHead
from tracker.db import db

Counted = TypeVar("Counted")


def since_the_trail_grew(name: str, key: Hashable, count: Callable[[], Counted]) -> Counted:
    """Return what `count` gave for this `key` when the trail last grew; ask it anew where it has grown since, or the key is
    another one. One count is kept under each `name`, in this process."""
    head = db.session.execute(select(ChainHead.count, ChainHead.seal)).first()
    moment = (
        (key, *head) if head and head.count else None
    )  # nothing is kept before anything is on the trail
    kept: tuple[Hashable, Counted] | None = current_app.extensions.get(name)
    if kept is not None and kept[0] == moment:
        return kept[1]
    counted = count()
    if moment is not None:
        current_app.extensions[name] = moment, counted
    return counted
