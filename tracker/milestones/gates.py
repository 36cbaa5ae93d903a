"""What stages do to milestones: a gate is reached as its stage opens, and what was still planned ends with the initiative.

The decision itself is made on a request about the gate, in a room above (`approvals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.initiatives.spells import StageSpell
from tracker.initiatives.stages import ORDER, Stage
from tracker.milestones.models import Milestone
from tracker.milestones.proposing import plan_at_acceptance
from tracker.milestones.states import State
from tracker.organisation.people import Person


def open_gates(initiative: Any, stage: Stage, by: Person | None, now: datetime) -> None:
    """Let the gate of the stage that was entered be reached, and those before it be passed over (a `when_entered`).

    Adoption decides on no gate: what lies before is not recorded (rule 1). Nothing stays planned in what is realised.
    """
    planned = _locked(initiative, State.planned)
    if not planned:
        return
    decided = not _adopted_just_now(initiative)
    for one in planned:
        if one.opens == stage and decided:
            one.open_by_decision(by=by, now=now)
        elif one.opens is not None and ORDER.index(one.opens) <= ORDER.index(stage):
            one.pass_over(by=by, now=now)
        elif stage == Stage.realised:
            one.drop_with_initiative(by=by, now=now)


def plan_the_road(initiative: Any, stage: Stage, _by: Person | None, now: datetime) -> None:
    """Plan the gates of an initiative that has just got its sponsor, where the usual stage plan says so (a `when_entered`)."""
    if _adopted_just_now(initiative) if initiative.adopted else stage == Stage.framed:
        plan_at_acceptance(initiative, now)


def close_gates(initiative: Any, left: Stage, by: Person | None, now: datetime) -> None:
    """Plan the gate of the stage that was left again, for it has to be decided on anew (a `when_stepped_back`).

    A stage that is out of use is stepped over: its gate lies ahead again as well, for the day on which it is used once more.
    Where the last one was left, what was dropped in the same moment is planned again with it.
    """
    here, reached_at = ORDER.index(initiative.stage), None
    for one in _locked(initiative, State.reached):
        if one.opens == left:
            reached_at = one.reached_at
        if one.opens is not None and ORDER.index(one.opens) > here:
            one.close_again(by=by, now=now)
    if left == Stage.realised and reached_at is not None:
        for one in _locked(initiative, State.dropped):
            if one.opens is None and one.dropped_at == reached_at:
                one.take_up(by=by, now=now)


def drop_all(initiative: Any, by: Person | None, now: datetime) -> None:
    """Drop what was still planned in work that was stopped (a `when_stopped`)."""
    for one in _locked(initiative, State.planned):
        one.drop_with_initiative(by=by, now=now)


def _adopted_just_now(initiative: Any) -> bool:
    """Tell whether the stage it stands in is the one at which it was adopted: it has been in no other since."""
    if not initiative.adopted:
        return False
    stays = select(func.count()).where(StageSpell.initiative_id == initiative.id)
    return db.session.scalar(stays) == 1


def _locked(initiative: Any, state: State) -> Sequence[Milestone]:
    """Return the milestones of an initiative in a state, locked in the order of their ids."""
    query = (
        select(Milestone)
        .where(Milestone.initiative_id == initiative.id, Milestone.state == state)
        .order_by(Milestone.id)
        .with_for_update(of=Milestone)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
