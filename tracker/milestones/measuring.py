"""Whether the criteria that nobody checks by hand are met: read from what is on record, at any number of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, exists, func, select

from tracker.db import db
from tracker.goals.checkpoints import InitiativeResult
from tracker.goals.models import Goal
from tracker.initiatives.agreeing import Agreement
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.friction import Friction
from tracker.initiatives.signatures import signatures_on
from tracker.milestones.criteria import Criterion, Measure


class OnRecord:
    """What is on record about an initiative at a moment: one statement, and those of the signatures where one asks for them."""

    def __init__(self, initiative: Any, now: datetime) -> None:
        self._initiative, self._now = initiative, now

    def meets(self, measure: Measure) -> bool:
        """Tell whether this is met."""
        return bool(_RULES[measure](self))

    def met(self, criterion: Criterion) -> bool:
        """Tell whether a criterion is met: as it was found by hand, or as it is measured."""
        return self.meets(criterion.measure) if criterion.measure else criterion.met_at is not None

    def open(self, criteria: Iterable[Criterion]) -> list[Criterion]:
        """Return those that are not met."""
        return [one for one in criteria if not self.met(one)]

    @cached_property
    def facts(self) -> Any:
        """Whether customers' words and evidence are there, its goals, a charter and a result."""
        id_ = self._initiative.id
        mine = and_(Goal.initiative_id == id_, Goal.dropped_at.is_(None))
        ends = (Goal.baseline, Goal.baseline_on, Goal.target, Goal.target_on)
        goals = select(func.count(Goal.id)).where(mine)
        evidenced = (
            Friction.initiative_id == id_,
            Friction.words != "",
            Friction.evidence != "",
        )
        return db.session.execute(
            select(
                exists(select(Friction.id).where(*evidenced)).label("evidenced"),
                goals.scalar_subquery().label("goals"),
                goals.where(*(one.is_not(None) for one in ends)).scalar_subquery().label("whole"),
                goals.where(Goal.locked_at.is_not(None)).scalar_subquery().label("locked"),
                exists(select(CharterVersion.id).where(CharterVersion.initiative_id == id_)).label(
                    "charter"
                ),
                exists(
                    select(InitiativeResult.id).where(InitiativeResult.initiative_id == id_)
                ).label("result"),
            )
        ).one()

    @cached_property
    def signed(self) -> bool:
        """Whether no unit stands in the way of the present charter; nobody has to sign while signatures are not in use."""
        if not signatures_on():
            return True
        agreement = Agreement.of(self._initiative, self._now)
        return agreement is not None and not agreement.open

    @property
    def blocked(self) -> bool:
        """Whether a blocker is open."""
        return bool(self._initiative.open_blockers)


_RULES: dict[Measure, Callable[[OnRecord], Any]] = {
    Measure.customer_evidence: lambda seen: seen.facts.evidenced,
    Measure.goal_whole: lambda seen: seen.facts.goals and seen.facts.whole == seen.facts.goals,
    Measure.goal_locked: lambda seen: seen.facts.goals and seen.facts.locked == seen.facts.goals,
    Measure.charter_published: lambda seen: seen.facts.charter,
    Measure.all_signed: lambda seen: seen.signed,
    Measure.no_blockers: lambda seen: not seen.blocked,
    Measure.result_said: lambda seen: seen.facts.result,
}
