"""An action as a line: every name it is shown by, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased

from tracker.actions.models import Action
from tracker.actions.obstacles import is_blocked
from tracker.actions.queries import asks_answer_of
from tracker.actions.states import OPEN, STATE_WORDS, State
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person

Doer, Contact, Host = aliased(Person), aliased(Person), aliased(Person)


@dataclass(slots=True)
class Line:
    """One action with every name it is shown by. `late` is whether its last day in time has passed, `blocked` whether
    something that the reader may see stands in its way, `asks` whether it asks the reader for an answer.

    `criteria`, `description` and `reply` are there where the query asks for them; `among` is how many there are in all, and
    `pieces` how much evidence the reader may see, where it counts them under these names.
    """

    id: int
    ref: str
    title: str
    why: str
    state: State
    initiative_id: int
    initiative_ref: str
    initiative_title: str
    assignee_id: int | None
    partner_id: int | None
    contact_id: int | None
    host_id: int
    assignee_name: str | None
    partner_name: str | None
    partner_slug: str | None
    contact_name: str | None
    host_name: str
    initiative_lead_id: int | None
    due_on: date
    first_due_on: date
    due_changes: int
    proposed_on: date | None
    last_on: date | None
    progress: int
    returned: int
    closed_at: datetime | None
    version: int
    late: bool = False
    held: bool = False
    blocked: bool = False
    asks: bool = False
    among: int = 0
    pieces: int = 0
    criteria: str = ""
    description: str = ""
    reply: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def given_back(self) -> bool:
        """It was returned, and is with whoever does it again."""
        return self.returned > 0 and self.is_open

    @property
    def who(self) -> str:
        """Whoever does it, in one name."""
        return self.assignee_name or self.partner_name or ""

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def colour(self) -> str:
        """The mark beside its state: red once it is late, amber while we are asked, quiet before it has begun."""
        if self.is_open:
            return "bad" if self.late else "none"
        if self.state == State.submitted:
            return "warn"
        return "ok" if self.state in (State.accepted, State.done) else "none"


_NAMES = {
    "initiative_ref": Initiative.ref,
    "initiative_title": Initiative.title,
    "assignee_name": Doer.name,
    "partner_name": Partner.name,
    "partner_slug": Partner.slug,
    "contact_name": Contact.name,
    "host_name": Host.name,
    "initiative_lead_id": Initiative.lead_id,
}
_OWN = (
    *("id", "ref", "title", "why", "state", "initiative_id", "assignee_id", "partner_id", "contact_id", "host_id"),
    *("due_on", "first_due_on", "due_changes", "proposed_on", "last_on", "progress", "returned", "closed_at", "version"),
)  # fmt: skip


def selected(scope: Any, reader: Any, *more: Any) -> Any:
    """Return `scope`, a select of actions, reading what a line shows to `reader`, and `more` columns, in one statement."""
    told = is_blocked(reader).label("blocked"), asks_answer_of(reader).label("asks")
    return named(scope, Initiative.held_at, *told, *more)


def named(scope: Any, *more: Any) -> Any:
    """Return `scope`, a select of actions, reading each with every name it is shown by, and `more` columns."""
    columns = [getattr(Action, name) for name in _OWN]
    columns += [column.label(name) for name, column in _NAMES.items()]
    return (
        scope.with_only_columns(*columns, *more)
        .join(Initiative, Initiative.id == Action.initiative_id)
        .join(Host, Host.id == Action.host_id)
        .outerjoin(Doer, Doer.id == Action.assignee_id)
        .outerjoin(Partner, Partner.id == Action.partner_id)
        .outerjoin(Contact, Contact.id == Action.contact_id)
    )


def lines(query: Select[Any], today: date) -> list[Line]:
    """Return the rows of `selected` as lines."""
    return [_line(row, today) for row in db.session.execute(query)]


def one(action: Action, today: date, *, blocked: bool = False) -> Line:
    """Return the line of an action that `Action.find` has just brought with all its names; what it `asks` only lists show."""
    told = {name: getattr(action, name) for name in _OWN}
    return Line(
        **told,
        initiative_ref=action.initiative.ref,
        initiative_title=action.initiative.title,
        assignee_name=action.assignee.name if action.assignee else None,
        partner_name=action.partner.name if action.partner else None,
        partner_slug=action.partner.slug if action.partner else None,
        contact_name=action.contact.name if action.contact else None,
        host_name=action.host.name,
        initiative_lead_id=action.initiative_lead_id,
        late=action.late(today),
        held=action.initiative.held_at is not None,
        blocked=blocked,
    )


def _line(row: Any, today: date) -> Line:
    told = {name: getattr(row, name) for name in (*_OWN, *_NAMES)}
    late = row.last_on is not None and row.last_on < today
    more = {
        name: getattr(row, name)
        for name in ("among", "pieces", "criteria", "description", "reply")
        if name in row._fields
    }
    held = row.held_at is not None
    return Line(**told, late=late, held=held, blocked=row.blocked, asks=row.asks, **more)
