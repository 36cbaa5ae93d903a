"""The saved boards: some for everybody, one for the programme manager alone."""

from __future__ import annotations

from datetime import datetime

from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.demo.company import BOARDS
from tracker.demo.shapes import BoardPlan
from tracker.demo.story import Story

SAVED, BY = 700, "nadia"  # days ago


def pin(story: Story) -> None:
    """Put the saving of the boards on the timetable."""
    for position, plan in enumerate(BOARDS):
        story.timetable.on(SAVED, lambda now, plan=plan, at=position: _save(story, plan, at, now))


def _save(story: Story, plan: BoardPlan, position: int, now: datetime) -> None:
    owner = story.people[plan.owner] if plan.owner else None
    Board.save(
        name=plan.title,
        filters=Filters(theme=plan.theme, blocked=plan.blocked, lead=owner.id if owner else None),
        lanes=Lanes(plan.lanes),
        owner=owner,
        position=position,
        by=story.people[BY],
        now=now,
    )
