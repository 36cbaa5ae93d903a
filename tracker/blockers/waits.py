"""Blockers that wait on blockers, and the walks along them (rule 27)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from sqlalchemy import CTE, CheckConstraint, ForeignKey, Index, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.db import Model, db

Edge = tuple[int, int]  # who waits, and for what


class BlockerWait(Model):
    """One blocker that cannot be resolved before another one is."""

    __tablename__ = "blocker_wait"
    __table_args__ = (
        UniqueConstraint("blocker_id", "waits_for_id"),
        Index("ix_blocker_wait_waits_for_id", "waits_for_id"),
        CheckConstraint("blocker_id <> waits_for_id", name="not_itself"),
    )

    on_trail: ClassVar[Declared] = declare("blocker_id waits_for_id", key="blocker_id waits_for_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    blocker_id: Mapped[int] = mapped_column(ForeignKey("blocker.id", ondelete="CASCADE"))
    waits_for_id: Mapped[int] = mapped_column(ForeignKey("blocker.id", ondelete="CASCADE"))


def everything_behind(blocker_id: int) -> CTE:
    """Return the ids of all that a blocker waits for, directly or through others."""
    first = select(BlockerWait.waits_for_id.label("id")).where(BlockerWait.blocker_id == blocker_id)
    walk = first.cte("behind", recursive=True)
    onward = select(BlockerWait.waits_for_id).join(walk, walk.c.id == BlockerWait.blocker_id)
    return walk.union(onward)


def edges_behind(blocker_id: int) -> list[Edge]:
    """Return who waits for what among all that a blocker waits for, itself included."""
    behind = select(everything_behind(blocker_id).c.id)
    query = select(BlockerWait.blocker_id, BlockerWait.waits_for_id).where(
        or_(BlockerWait.blocker_id == blocker_id, BlockerWait.blocker_id.in_(behind))
    )
    return [(row.blocker_id, row.waits_for_id) for row in db.session.execute(query)]


def shortest_way(edges: Iterable[Edge], start: int, goal: int) -> list[int]:
    """Return the shortest way along `edges` from `start` to `goal`, both included; nothing where there is none."""
    onward: dict[int, list[int]] = {}
    for one, other in edges:
        onward.setdefault(one, []).append(other)
    came_from: dict[int, int | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            way = [here]
            while (before := came_from[way[-1]]) is not None:
                way.append(before)
            return way[::-1]
        for there in onward.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return []
