"""What this room tells the rest: its scope for the trail, and the boards at the side of every page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func

from tracker import navigation
from tracker.activity.queries import scopes
from tracker.boards.models import Board

AT_THE_SIDE = 8


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["board"] = Board.visible_to
    navigation.boards[:] = [at_the_side]


def at_the_side(person: Any) -> Select[*tuple[Any, ...]]:
    """Return the select of name, slug and place of the first boards of `person`: those for all, then their own."""
    order = (case((Board.owner_id.is_(None), 0), else_=1), Board.position, Board.name)
    place = func.row_number().over(order_by=order).label("place")
    query = Board.visible_to(person).with_only_columns(Board.name, Board.slug, place)
    return query.order_by(*order).limit(AT_THE_SIDE)
