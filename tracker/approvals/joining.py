"""What this room tells the rooms below it: what becomes of requests as stages move, names for the trail, who is told what."""

from __future__ import annotations

from typing import Any

from flask import url_for

from tracker import navigation
from tracker.activity.labels import labels
from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import namers, unfolding, wordings
from tracker.approvals import telling
from tracker.approvals.conditions import condition_in_the_way
from tracker.approvals.following import close_all, close_behind, refuse_asked, wait_for_another
from tracker.approvals.models import Approval
from tracker.approvals.queries import count_waiting
from tracker.approvals.rules import rules_told
from tracker.approvals.states import decision_name
from tracker.initiatives.sponsorships import when_sponsored
from tracker.initiatives.staging import conditions, when_entered, when_stepped_back, when_stopped
from tracker.milestones.reaching import when_dropping
from tracker.wording import lazy as _l

LABELS = {
    "question": _l("The question"),
    "cost": _l("Cost"),
    "cost_words": _l("The cost in words"),
    "gain": _l("Gain"),
    "waiting": _l("If we wait"),
    "risk": _l("Open risk"),
    "decide_by": _l("Decide by"),
}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["approval"] = Approval.visible_to
    namers["approval"] = Named(Approval, "question", keyed="id", page=page_of)
    wordings["decision"] = decision_name
    unfolding["approval_rules"] = rules_told
    navigation.counts["approvals.index"] = count_waiting
    navigation.hot.add("approvals.index")
    for name, words in LABELS.items():
        labels.setdefault(name, words)
    for hooks, hook in (
        (conditions, condition_in_the_way), (when_entered, close_behind), (when_stepped_back, close_behind),
        (when_stopped, close_all), (when_dropping, refuse_asked), (when_sponsored, wait_for_another),
    ):  # fmt: skip
        _hang(hooks, hook)
    telling.join()


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def page_of(key: Any) -> str:
    """Return the address of a request."""
    return url_for("approvals.show", key=key)
