"""What this room tells the rest: its scope for the trail, and the boards at the side of every page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case

from tracker import navigation
from tracker.activity.queries import scopes
from tracker.boards.models import Board
from tracker.db import db

AT_THE_SIDE = 8


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["board"] = Board.visible_to
    navigation.boards[:] = [at_the_side]


def at_the_side(person: Any) -> list[tuple[str, str]]:
    """Return name and slug of the first boards of `person`: those for all, then their own."""
    query = Board.visible_to(person).with_only_columns(Board.name, Board.slug)
    order = (case((Board.owner_id.is_(None), 0), else_=1), Board.position, Board.name)
    return [
        (name, slug) for name, slug in db.session.execute(query.order_by(*order).limit(AT_THE_SIDE))
    ]
