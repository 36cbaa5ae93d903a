"""What the list of actions is narrowed by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from tracker.actions.models import Action
from tracker.actions.queries import calls, waits_for
from tracker.actions.states import State
from tracker.db import db
from tracker.organisation.names import normal
from tracker.organisation.people import Person

SORTS: dict[str, Any] = {
    "due": (Action.due_on, Action.id),
    "-due": (Action.due_on.desc(), Action.id.desc()),
    "title": (Action.title_key, Action.id),
    "-title": (Action.title_key.desc(), Action.id.desc()),
}
STATES = ("open", "submitted", "over", "all")
WHOSE = ("mine", "hosted", "all")
COUNTED = 10_000  # of a list nobody pages through; more are not counted


@dataclass(frozen=True)
class Filters:
    """What somebody asked for; anything that makes no sense counts as not asked."""

    whose: str = "mine"
    state: str = "open"
    partner: int | None = None
    unit: int | None = None  # of the person who does it
    late: bool = False
    q: str = ""
    sort: str = ""

    @classmethod
    def asked(cls, args: Mapping[str, str]) -> Filters:
        """Return what the questions of an address ask. A partner or a unit means everybody's."""
        partner, unit = _number(args.get("partner")), _number(args.get("unit"))
        usual = "all" if partner or unit else "mine"
        return cls(
            whose=args.get("whose", "") if args.get("whose") in WHOSE else usual,
            state=args.get("state", "") if args.get("state") in STATES else "open",
            partner=partner,
            unit=unit,
            late=args.get("late") == "1",
            q=args.get("q", "").strip()[:200],
            sort=args.get("sort", "") if args.get("sort") in SORTS else "",
        )

    @property
    def questions(self) -> dict[str, str]:
        """What an address asks to narrow the list in the same way."""
        texts = {
            "whose": self.whose,
            "state": self.state,
            "partner": self.partner,
            "unit": self.unit,
            "late": "1" if self.late else "",
            "q": self.q,
            "sort": self.sort,
        }
        return {name: str(value) for name, value in texts.items() if value}

    def query(self, person: Person, today: date) -> Any:
        """Return the select of the actions that `person` may see and that were asked for, without an order."""
        return Action.visible_to(person).where(*self._conditions(person, today))

    def ordered(self, query: Any, person: Person) -> Any:
        """Return `query` in the order asked for: by default what is due next on top, or what ended last.

        Of one's own what asks for an answer comes before all else, and then what was returned.
        """
        if self.sort:
            return query.order_by(*SORTS[self.sort])
        if self.state == "over":
            return query.order_by(Action.closed_at.desc(), Action.id.desc())
        if self.whose == "mine":
            return query.order_by(calls(person).desc(), *SORTS["due"])
        return query.order_by(*SORTS["due"])

    def count(self, person: Person, today: date) -> int:
        """Return how many there are, counted up to COUNTED."""
        some = self.query(person, today).with_only_columns(Action.id).limit(COUNTED).subquery()
        return db.session.scalar(select(func.count()).select_from(some)) or 0

    def _conditions(self, person: Person, today: date) -> list[Any]:
        found = []
        if self.whose == "mine":
            found.append(or_(Action.assignee_id == person.id, waits_for(person)))
        elif self.whose == "hosted":
            found.append(Action.host_id == person.id)
        if self.state == "open":
            found.append(Action.closed_at.is_(None))
        elif self.state == "submitted":
            found += [Action.closed_at.is_(None), Action.state == State.submitted]
        elif self.state == "over":
            found.append(Action.closed_at.is_not(None))
        if self.partner is not None:
            found.append(Action.partner_id == self.partner)
        if self.unit is not None:
            theirs = select(Person.id).where(Person.unit_id == self.unit)
            found.append(Action.assignee_id.in_(theirs))
        if self.late:
            found.append(Action.last_on < today)
        if self.q:
            found.append(Action.title_key.contains(normal(self.q), autoescape=True))
        return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
