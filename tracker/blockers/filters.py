"""What the list of blockers is narrowed by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from tracker.blockers.chains import holds_up_open, waits_for_open
from tracker.blockers.choosing import held_by, waiting
from tracker.blockers.models import Blocker
from tracker.blockers.queries import settled_by, waits_for
from tracker.blockers.silos import SiloPair
from tracker.blockers.states import OPEN, OVER, UNSETTLED, Category, State
from tracker.db import db
from tracker.organisation.names import normal
from tracker.organisation.people import Person

SORTS: dict[str, Any] = {
    "age": (Blocker.raised_at.desc(), Blocker.id.desc()),
    "-age": (Blocker.raised_at, Blocker.id),
    "needed": (Blocker.needed_by.is_(None), Blocker.needed_by, Blocker.id),
    "-needed": (Blocker.needed_by.is_(None), Blocker.needed_by.desc(), Blocker.id.desc()),
    "title": (Blocker.title_key, Blocker.id),
    "-title": (Blocker.title_key.desc(), Blocker.id.desc()),
}
STATES = ("open", "unsettled", "resolved", "over", "all")


@dataclass(frozen=True)
class Filters:
    """What somebody asked for; anything that makes no sense counts as not asked."""

    state: str = "open"
    unit: int | None = None  # blocks or waits
    holder: str = ""  # a holder's key
    waiting: str = ""  # the key of the unit or partner that waits
    category: Category | None = None
    answerer: str = ""  # "none": nobody was named
    stands: State | None = None  # where an open one stands
    promise: str = ""  # "none": no day is promised
    roots: bool = False  # others wait for it, and it waits for none
    escalated: bool = False
    late: bool = False
    mine: bool = False
    q: str = ""
    sort: str = ""

    @classmethod
    def asked(cls, args: Mapping[str, str]) -> Filters:
        """Return what the questions of an address ask."""
        category, stands = args.get("category", ""), args.get("stands", "")
        return cls(
            state=args.get("state", "open") if args.get("state") in STATES else "open",
            unit=_number(args.get("unit")),
            holder=args.get("holder", "") if held_by(args.get("holder")) is not None else "",
            waiting=args.get("waiting", "") if waiting(args.get("waiting")) is not None else "",
            category=Category(category) if category in Category.__members__ else None,
            answerer="none" if args.get("answerer") == "none" else "",
            stands=State(stands) if stands in OPEN else None,
            promise="none" if args.get("promise") == "none" else "",
            roots=args.get("roots") == "1",
            escalated=args.get("escalated") == "1",
            late=args.get("late") == "1",
            mine=args.get("mine") == "1",
            q=args.get("q", "").strip()[:200],
            sort=args.get("sort", "") if args.get("sort") in SORTS else "",
        )

    @property
    def questions(self) -> dict[str, str]:
        """What an address asks to narrow the list in the same way."""
        names = ("roots", "escalated", "late", "mine")
        texts = {
            "state": "" if self.state == "open" else self.state,
            "unit": self.unit,
            "holder": self.holder,
            "waiting": self.waiting,
            "category": self.category.value if self.category else "",
            "answerer": self.answerer,
            "stands": self.stands.value if self.stands else "",
            "promise": self.promise,
            "q": self.q,
            "sort": self.sort,
            **{name: "1" if getattr(self, name) else "" for name in names},
        }
        return {name: str(value) for name, value in texts.items() if value}

    def query(self, person: Person, today: date) -> Any:
        """Return the select of the blockers that `person` may see and that were asked for, without an order."""
        return Blocker.visible_to(person).where(*self._conditions(person, today))

    def ordered(self, query: Any) -> Any:
        """Return `query` in the order asked for: by default what has stood in the way longest, or was over last, on top."""
        if self.sort:
            return query.order_by(*SORTS[self.sort])
        if self.state == "over":
            return query.order_by(Blocker.closed_at.desc(), Blocker.id.desc())
        if self.state == "open":
            return query.order_by(Blocker.open_since, Blocker.id)
        return query.order_by(*SORTS["-age"])

    def count(self, person: Person, today: date) -> int:
        """Return how many there are: for all that are open the kept sum, else counted."""
        if person.is_internal and self == Filters(sort=self.sort):
            return db.session.scalar(select(func.coalesce(func.sum(SiloPair.open_count), 0))) or 0
        return (
            db.session.scalar(self.query(person, today).with_only_columns(func.count(Blocker.id)))
            or 0
        )

    def _conditions(self, person: Person, today: date) -> list[Any]:
        states = {
            "open": Blocker.open_since.is_not(None),
            "unsettled": Blocker.state.in_(UNSETTLED),
            "resolved": Blocker.state == State.resolved,
            "over": Blocker.state.in_(OVER),
        }
        found = [states[self.state]] if self.state in states else []
        found += self._of_open(today)
        if self.unit is not None:
            found.append(
                or_(Blocker.holder_unit_id == self.unit, Blocker.blocked_unit_id == self.unit)
            )
        if self.holder:
            found.append(held_by(self.holder))
        if self.waiting:
            found.append(waiting(self.waiting))
        if self.category is not None:
            found.append(Blocker.category == self.category)
        if self.answerer:
            found.append(Blocker.answerer_id.is_(None))
        if self.mine:
            found.append(or_(waits_for(person), settled_by(person)))
        if self.q:
            found.append(Blocker.title_key.contains(normal(self.q), autoescape=True))
        return found

    def _of_open(self, today: date) -> list[Any]:
        """Return the conditions that only what is open can meet."""
        asked = (
            (self.stands is not None, Blocker.state == self.stands),
            (self.promise, Blocker.promised_on.is_(None)),
            (self.roots, holds_up_open(Blocker) & ~waits_for_open(Blocker)),
            (self.escalated, Blocker.escalated_to.is_not(None)),
            (self.late, Blocker.due_on < today),
        )
        narrowed = [condition for wanted, condition in asked if wanted]
        return [Blocker.open_since.is_not(None), *narrowed] if narrowed else []


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
