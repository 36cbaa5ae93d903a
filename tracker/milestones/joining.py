"""What this room tells the rooms below it: what becomes of gates as stages move, a part of the overview, names for the trail."""

from __future__ import annotations

from typing import Any

from flask import url_for

from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import namers
from tracker.initiatives.framing import Part, main_parts
from tracker.initiatives.staging import when_entered, when_stepped_back, when_stopped
from tracker.milestones.gates import close_gates, drop_all, open_gates, plan_the_road
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan
from tracker.milestones.showing import BESIDE, next_milestone

MILESTONES = Part("milestones/show/_next.html", next_milestone, BESIDE)


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["milestone"] = Milestone.visible_to
    scopes["stage_plan"] = StagePlan.visible_to
    namers["stage_plan"] = Named(StagePlan)
    namers["milestone"] = Named(Milestone, "name", keyed="id", page=page_of)
    for hooks, hook in (
        (when_entered, open_gates), (when_entered, plan_the_road), (when_stepped_back, close_gates), (when_stopped, drop_all),
        (main_parts, MILESTONES),
    ):  # fmt: skip
        _hang(hooks, hook)


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def page_of(key: Any) -> str:
    """Return the address of a milestone."""
    return url_for("milestones.show", key=key)
