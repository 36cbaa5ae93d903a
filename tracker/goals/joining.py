"""What this room tells the rooms below it: what stages wait for, what pages show, names and words for the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.activity.labels import labels
from tracker.activity.queries import scopes
from tracker.activity.sentences import wordings
from tracker.db import db
from tracker.goals import telling
from tracker.goals.aims import aim_name, horizon_name
from tracker.goals.claiming import reclaim
from tracker.goals.contributing import beside_the_tree, contributors, portfolio
from tracker.goals.locking import agreed_on, aimed, has_goal, lock_goals, present
from tracker.goals.models import Goal
from tracker.goals.proving import plan_checkpoints, proven, proving_panel
from tracker.goals.results import result_name
from tracker.goals.showing import BESIDE, goals_panel
from tracker.initiatives.framing import Part, main_parts
from tracker.initiatives.proposals import begins_with
from tracker.initiatives.staging import conditions, when_entered, when_stopped
from tracker.kpis.framing import (
    Column,
    Section,
    against_turning,
    sections,
    tree_columns,
    tree_sections,
)
from tracker.organisation.handing_over import Handed, duty_names, handovers
from tracker.organisation.people import Person
from tracker.wording import lazy as _l

OWNER = "benefit owner"
GOALS = Part("goals/show/_goals.html", goals_panel, BESIDE)
PROVING = Part("goals/show/_proving.html", proving_panel)
CONTRIBUTORS = Section("goals/show/_contributors.html", contributors)
GOAL_FIRST = (has_goal, _l("Needs a goal first"))
PORTFOLIO = Section("goals/show/_portfolio.html", lambda _kpi, person: portfolio(person))
AIMING = Column(_l("Initiatives"), "goals/show/_aiming.html", beside_the_tree)
LABELS = {
    "horizon": _l("How far it looks"),
    "aim": _l("What it serves"),
    "from_figure": _l("Baseline"),
    "from_day": _l("Day of the baseline"),
    "to_figure": _l("Target"),
    "until": _l("Until"),
    "claimed": _l("Contribution it claims"),
    "result": _l("What came of it"),
    "checkpoints_on": _l("Days of the checkpoints"),
    "method": _l("How the contribution is told apart"),
}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["goal"] = Goal.visible_to
    wordings["horizon"], wordings["aim"], wordings["result"] = horizon_name, aim_name, result_name
    duty_names[OWNER] = _l("Answers for a benefit")
    for name, words in LABELS.items():
        labels.setdefault(name, words)
    for hooks, hook in (
        (conditions, aimed), (conditions, proven), (when_entered, lock_goals), (when_entered, plan_checkpoints),
        (when_stopped, claims_nothing), (against_turning, agreed_on), (main_parts, GOALS),
        (main_parts, PROVING), (sections, CONTRIBUTORS), (tree_columns, AIMING),
        (tree_sections, PORTFOLIO), (handovers, hand_over_benefits),
        (begins_with, GOAL_FIRST),
    ):  # fmt: skip
        _hang(hooks, hook)
    telling.join()


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def hand_over_benefits(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Leave the benefits that `person` answered for to nobody: the lead names somebody else (rule 2)."""
    mine = select(Goal).where(Goal.owner_id == person.id, Goal.dropped_at.is_(None)).order_by(Goal.id)  # fmt: skip
    handed = []
    for goal in db.session.scalars(mine.with_for_update()).all():
        goal.owner_id = None
        goal.version += 1
        goal.record(
            Kind.duty_handed_over, by=by, now=now, before={"duty": OWNER, "person_id": person.id},
            after={"duty": OWNER, "heir_id": None, "initiative_id": goal.initiative_id},
        )  # fmt: skip
        handed.append(Handed(OWNER, "", None))
    return handed


def claims_nothing(initiative: Any, _by: Person, _now: datetime) -> None:
    """Leave what a stopped initiative claimed out of what all claim together."""
    if kpi_ids := {goal.kpi_id for goal in present(initiative.id)}:
        reclaim(Goal, kpi_ids)
