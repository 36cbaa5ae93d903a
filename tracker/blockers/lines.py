"""A blocker as a line: every name it is shown by and its age, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import aliased

from tracker.actions.models import Action
from tracker.activity.telling import company
from tracker.blockers.ages import CALENDAR, age_of, ages_of
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.models import Blocker
from tracker.blockers.rungs import STEP_WORDS, Step
from tracker.blockers.states import CATEGORY_WORDS, OPEN, STATE_WORDS, Category, State, WaitingOn
from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

Waiting, WaitingPartner, Blocked = aliased(Unit), aliased(Partner), aliased(Action)
Answerer, Raiser = aliased(Person), aliased(Person)


@dataclass(slots=True)
class Line:
    """One blocker with every name it is shown by. `days` is its age, `held_days` the part of the present holder.

    It is `broken` while it is late and the day it was promised for has passed.
    `among` is how many there are in all in its list, where that is one of `several`.
    """

    id: int
    ref: str
    title: str
    effect: str
    category: Category | None
    state: State
    waiting_on: WaitingOn
    initiative_id: int
    initiative_ref: str
    initiative_title: str
    holder_unit_id: int | None
    holder_partner_id: int | None
    holder_outside: str | None
    holder_key: str
    holder_name: str
    holder_slug: str | None
    blocked_key: str
    blocked_name: str
    blocked_slug: str | None
    action_id: int | None
    action_ref: str | None
    action_title: str | None
    answerer_id: int | None
    answerer_name: str | None
    raiser_name: str | None
    needed_by: date | None
    promised_on: date | None
    proposed_on: date | None
    reason: str
    due_on: date | None
    raised_on: date
    raised_at: datetime
    resolved_at: datetime | None
    resolution: str
    closed_at: datetime | None
    hand_overs: int
    escalated_to: Step | None
    escalated_to_id: int | None
    escalated_on: date | None
    cost: Decimal | None
    version: int
    late: bool
    broken: bool = False
    days: int = 0
    held_days: int = 0
    among: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def colour(self) -> str:
        """The mark beside its age: amber while it is in time, red once it is late, quiet when nothing stands in the way."""
        if self.is_open:
            return "bad" if self.late else "warn"
        return "ok" if self.state == State.confirmed else "none"

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def step_words(self) -> str:
        """To whom it climbed last, while it stands in the way."""
        return str(STEP_WORDS[self.escalated_to]) if self.escalated_to and self.is_open else ""

    @property
    def category_words(self) -> str:
        return str(CATEGORY_WORDS[self.category]) if self.category else ""


_COLUMNS = (
    *(Blocker.id, Blocker.ref, Blocker.title, Blocker.effect, Blocker.category, Blocker.state, Blocker.waiting_on),
    *(Blocker.initiative_id, Blocker.holder_unit_id, Blocker.holder_partner_id, Blocker.holder_outside),
    *(Blocker.blocked_unit_id, Blocker.blocked_partner_id, Blocker.action_id, Blocker.answerer_id),
    *(Blocker.needed_by, Blocker.promised_on, Blocker.proposed_on, Blocker.reason, Blocker.due_on, Blocker.hand_overs),
    *(Blocker.escalated_to, Blocker.escalated_to_id, Blocker.escalated_on),
    *(Blocker.raised_at, Blocker.resolved_at, Blocker.resolution, Blocker.closed_at, Blocker.cost, Blocker.version),
    *(Initiative.ref.label("initiative_ref"), Initiative.title.label("initiative_title")),
    func.coalesce(Unit.name, Partner.name, Blocker.holder_outside).label("holder_name"),
    Unit.slug.label("holder_slug"),
    CALENDAR,
    func.coalesce(Waiting.name, WaitingPartner.name).label("blocked_name"),
    Waiting.slug.label("blocked_slug"),
    *(Blocked.ref.label("action_ref"), Blocked.title.label("action_title")),
    *(Answerer.name.label("answerer_name"), Raiser.name.label("raiser_name")),
)  # fmt: skip


def selected(scope: Any) -> Any:
    """Return `scope`, a select of blockers, reading what a line shows, in one statement with every name."""
    return (
        scope.with_only_columns(*_COLUMNS)
        .join(Initiative, Initiative.id == Blocker.initiative_id)
        .outerjoin(Waiting, Waiting.id == Blocker.blocked_unit_id)
        .outerjoin(WaitingPartner, WaitingPartner.id == Blocker.blocked_partner_id)
        .outerjoin(Blocked, Blocked.id == Blocker.action_id)
        .outerjoin(Unit, Unit.id == Blocker.holder_unit_id)
        .outerjoin(Partner, Partner.id == Blocker.holder_partner_id)
        .outerjoin(Answerer, Answerer.id == Blocker.answerer_id)
        .outerjoin(Raiser, Raiser.id == Blocker.raised_by_id)
    )


def lines(query: Select[Any], today: date, calendars: Calendars | None = None) -> list[Line]:
    """Return the rows of `selected` as lines; ages take at most two more statements."""
    return aged(list(db.session.execute(query)), today, calendars)


def aged(rows: Sequence[Any], today: date, calendars: Calendars | None = None) -> list[Line]:
    """Return rows of `selected` as lines, in their order."""
    ages = ages_of(rows, today, calendars)
    zone = Organisation.current().time_zone
    return [_line(row, *ages[row.id], today, zone) for row in rows]


def oldest_first(query: Select[Any]) -> Select[Any]:
    """Return `query` with what has stood in the way longest on top."""
    return query.order_by(Blocker.open_since, Blocker.id)


def one(blocker: Blocker, today: date) -> Line:
    """Return the line of a blocker that `Blocker.find` has just brought with all its names."""
    unit, partner, action = blocker.holder_unit, blocker.holder_partner, blocker.action
    held_by, waits = unit or partner, blocker.blocked_unit or blocker.blocked_partner
    row = SimpleNamespace(
        **{
            column.key: getattr(blocker, column.key)
            for column in _COLUMNS
            if hasattr(Blocker, column.key)
        },
        initiative_ref=blocker.initiative.ref,
        initiative_title=blocker.initiative.title,
        holder_name=held_by.name if held_by else blocker.holder_outside,
        holder_slug=unit.slug if unit else None,
        blocked_name=waits.name if waits else "",
        blocked_slug=blocker.blocked_unit.slug if blocker.blocked_unit else None,
        action_ref=action.ref if action else None,
        action_title=action.title if action else None,
        answerer_name=blocker.answerer.name if blocker.answerer else None,
        raiser_name=blocker.raised_by.name if blocker.raised_by else None,
    )
    return _line(row, *age_of(blocker.id, today), today, Organisation.current().time_zone)


def for_partner(line: Line, person: Person) -> dict[str, Any]:
    """Return what a partner's contact reads of a blocker, and nothing else of it (rule 20)."""
    ours = line.blocked_key == f"p{person.partner_id}"
    return {
        "ref": line.ref,
        "title": line.title,
        "state": line.state,
        "state_words": line.state_words,
        "colour": line.colour,
        "late": line.late,
        "is_open": line.is_open,
        "promised_on": line.promised_on,
        "needed_by": line.needed_by,
        "proposed_on": line.proposed_on,
        "reason": line.reason,
        "effect": line.effect if ours else "",
        "action_ref": line.action_ref if ours else None,
        "action_title": line.action_title if ours else None,
        "resolution": line.resolution if ours else "",
        "resolved_at": line.resolved_at if ours else None,
        "waits": ours,
        "holds": line.holder_key == f"p{person.partner_id}",
        "company": company(),
    }


def _line(row: Any, days: int, held_days: int, today: date, zone: str) -> Line:
    fields = {name: getattr(row, name) for name in Line.__slots__ if hasattr(row, name)}
    late = row.state in OPEN and row.due_on is not None and row.due_on < today
    return Line(
        **fields,
        holder_key=Holder.of(row).key,
        blocked_key=Holder.waiting(row).key,
        raised_on=local_day(row.raised_at, zone),
        late=late,
        broken=late and row.promised_on is not None and row.promised_on < today,
        days=days,
        held_days=held_days,
    )
