"""What this room tells the rooms below it, and what it does by itself (rules 2, 6 and 21)."""

from __future__ import annotations

from typing import Any

from tracker import navigation
from tracker.actions import telling
from tracker.actions.addressing import page_of_ours
from tracker.actions.leaving import (
    ASSIGNEE,
    CONTACT,
    HOST,
    cancel_all,
    hand_actions_on,
    held_here,
    return_to_hosts,
)
from tracker.actions.models import Action
from tracker.actions.pausing import follow_days, pause_or_go_on
from tracker.actions.queries import MOST_COUNTED, count_waiting
from tracker.actions.showing import ACTIONS
from tracker.activity.labels import labels
from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import namers
from tracker.initiatives.framing import main_parts
from tracker.initiatives.staging import when_held, when_stopped
from tracker.organisation.handing_over import duty_names, handovers, partner_handovers
from tracker.organisation.holding import holdings
from tracker.sweeping import sweeps
from tracker.wording import lazy as _l

LABELS = {
    "why": _l("Why it matters"),
    "description": _l("What is to be done"),
    "criteria": _l("Acceptance criteria"),
    "host_id": _l("Host"),
    "assignee_id": _l("Assignee"),
    "contact_id": _l("Contact"),
    "due_on": _l("Due date"),
    "progress": _l("Progress in per cent"),
}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["action"] = Action.visible_to
    namers["action"] = Named(Action, "title", keyed="ref", page=page_of_ours)
    navigation.counts["actions.index"] = count_waiting
    navigation.most["actions.index"] = MOST_COUNTED - 1
    duty_names[HOST] = _l("Host of an action")
    duty_names[ASSIGNEE] = _l("Action")
    duty_names[CONTACT] = _l("Named by the action")
    for name, words in LABELS.items():
        labels.setdefault(name, words)
    for hooks, hook in (
        (when_stopped, cancel_all), (when_held, pause_or_go_on), (handovers, hand_actions_on), (holdings, held_here),
        (partner_handovers, return_to_hosts), (main_parts, ACTIONS),
    ):  # fmt: skip
        _hang(hooks, hook)
    sweeps["days of actions"] = follow_days
    telling.join()


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)
