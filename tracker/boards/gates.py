"""The gate that lies before a card: by when the next stage is to open, read with the card itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, and_, case, select

from tracker.initiatives.stages import ORDER, Stage
from tracker.milestones.models import Milestone
from tracker.milestones.states import State
from tracker.organisation.settings import Organisation


def gate_of(card: Any) -> ScalarSelect[Any]:
    """Return the day of the planned gate to the next stage in use of the row `card`, which has the columns `id` and `stage`; null
    without one."""
    skipped = and_(
        card.stage == Stage.framed,
        ~select(Organisation.designing).where(Organisation.id == 1).scalar_subquery(),
    )
    following = case(
        (skipped, Stage.piloting.value),
        *((card.stage == one, ORDER[n + 1].value) for n, one in enumerate(ORDER[:-1])),
    )
    query = select(Milestone.due_on).where(
        Milestone.initiative_id == card.id,
        Milestone.opens == following,
        Milestone.state == State.planned,
        Milestone.dropped_at.is_(None),  # as the index of gates has it
    )
    return query.scalar_subquery()
