"""What the overview of an initiative shows of its actions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.lines import Line, lines, selected
from tracker.actions.models import Action
from tracker.initiatives.framing import Part, Seen
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.wording import today

SHOWN = 6  # of an initiative's open actions; the rest stands on their page


def open_first(initiative: Initiative, limit: int, reader: Person) -> Any:
    """Return the select of the lines of an initiative's actions that somebody still works on, the next due on top."""
    mine = select(Action).where(Action.initiative_id == initiative.id, Action.closed_at.is_(None))
    return selected(mine, reader).order_by(Action.due_on, Action.id).limit(limit)


def actions_panel(
    initiative: Initiative, person: Person, _seen: Seen
) -> dict[str, list[Line] | bool] | None:
    """Return the open actions for the panel; None, which shows nothing, where there are none."""
    found = lines(open_first(initiative, SHOWN + 1, person), today())
    return {"lines": found[:SHOWN], "more": len(found) > SHOWN} if found else None


ACTIONS = Part("actions/show/_panel.html", actions_panel)
