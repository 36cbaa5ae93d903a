"""What the page of an action shows of its comments."""

from __future__ import annotations

from typing import Any

from tracker.actions.models import Action
from tracker.discussion.models import comments_on
from tracker.discussion.rendering import rendered
from tracker.organisation.people import Person
from tracker.policy import May, may


def talk_on(action: Action, person: Person) -> dict[str, Any]:
    """Return the latest comments that `person` may read, and whether they may say something, for `discussion/_talk.html`."""
    rows, older = comments_on(action, person)
    return {
        "comments": rows,
        "older": older,
        "speaks": may(person, May.comment, action),
        "rendered": rendered,
    }
