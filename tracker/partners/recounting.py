"""Scorecards counted once more: what actions were from the trail alone, turns of blockers from their rows (rule 22).

Working days and times on hold are those of today: a holiday that was entered for a day long past shows as a difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Text, delete, or_, select, type_coerce

from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS, TABLES
from tracker.db import db, writing
from tracker.partners import turns
from tracker.partners.facts import (
    ACKNOWLEDGING,
    ANSWERING,
    DATING,
    UNDONE,
    Days,
    Fact,
    acknowledged,
    answered,
    dated,
)
from tracker.partners.scores import BLANK, SUMS, Measure, ScoresCounted, counted
from tracker.partners.scoring import ROWS, SCORES, Key, acknowledges, add

AT_ONCE = 1000  # events
MOMENTS = frozenset({"assigned_at", "submitted_at", "answered_at"})
DATES = frozenset({"due_on", "due_since", "last_on"})
COUNTS = ACKNOWLEDGING | ANSWERING.keys() | DATING


@dataclass
class Difference:
    """One thing that is kept otherwise than the trail has it: whose, in which quarter, and both values."""

    partner_id: int
    quarter: int
    what: str
    kept: Any
    counted: Any


@dataclass
class Recount:
    """What the trail says: the rows, and the sums of each partner and quarter."""

    facts: list[Fact] = field(default_factory=list)
    sums: dict[Key, dict[str, Any]] = field(default_factory=dict)


def recount() -> Recount:
    """Count everything again; it reads all that the trail holds of actions, and changes nothing."""
    found = Recount([*facts_of_trail(), *turns.facts_of()])
    sums: dict[Key, dict[str, Any]] = defaultdict(lambda: dict(BLANK))
    for fact in found.facts:
        counted(sums[fact.partner_id, fact.quarter], fact)
    found.sums = dict(sums)
    return found


def differences(found: Recount) -> list[Difference]:
    """Return where the rows or the sums that are kept differ from `found`, by partner and quarter."""
    connection = db.session().connection()
    kept = {
        (row.partner_id, row.quarter): row._mapping
        for row in connection.execute(select(SCORES))
        if any(row._mapping[name] for name in SUMS)
    }
    told = []
    for key in sorted(kept.keys() | found.sums.keys()):
        mine, theirs = kept.get(key, BLANK), found.sums.get(key, BLANK)
        told += [
            Difference(*key, name, mine[name], theirs[name])
            for name in BLANK
            if mine[name] != theirs[name]
        ]
    names = [*Fact.__dataclass_fields__, "quarter"]
    rows = Counter(
        tuple(row._mapping[name] for name in names) for row in connection.execute(select(ROWS))
    )
    wanted = Counter(tuple(fact.columns[name] for name in names) for fact in found.facts)
    off: Counter[tuple[int, int, str]] = Counter()
    for one in ((rows - wanted) + (wanted - rows)).elements():
        row = dict(zip(names, one, strict=True))
        off[row["partner_id"], row["quarter"], row["measure"]] += 1
    for (partner_id, quarter, measure), count in sorted(off.items()):
        told.append(Difference(partner_id, quarter, f"rows of {measure}", count, 0))
    return told


def mend() -> int:
    """Keep what the trail says in place of what was kept; return how many rows. Inside a write, in which nobody else counts."""
    session = db.session()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "LOCK TABLE partner_score, score_row IN SHARE ROW EXCLUSIVE MODE"
        )
    found = recount()
    connection.execute(delete(ROWS))
    connection.execute(delete(SCORES))
    add(session, found.facts)
    session.merge(ScoresCounted(id=1))
    return len(found.facts)


def count_at_first(now: datetime) -> int:  # noqa: ARG001 - the shape of a sweep
    """Count what happened before anything was kept, once and after an upgrade; return 1 if it was done (a sweep)."""
    done = select(ScoresCounted.id)
    if db.session.scalar(done) is not None:
        return 0
    with writing():
        if db.session.scalar(done) is None:
            mend()
    return 1


def facts_of_trail() -> list[Fact]:
    """Return the rows of all actions, in the order of the trail."""
    told, facts, accepted = _Told(), [], dict[int, Fact]()
    for event in _events():
        for fact in told.next(event):
            facts.append(fact)
            if fact.measure is Measure.accepted:
                accepted[event.subject_id] = fact
        if event.kind == UNDONE and (fact := accepted.pop(event.subject_id, None)):
            facts.remove(fact)
    return facts


def _events() -> Iterator[Any]:
    after, last = type_coerce(EVENTS.c.after, Text), 0
    about = or_(
        after.contains('"action":'),
        after.contains('"action_review":'),
        EVENTS.c.subject_type == "action",
    )
    while True:
        query = select(
            EVENTS.c.id,
            EVENTS.c.kind,
            EVENTS.c.at,
            EVENTS.c.subject_type,
            EVENTS.c.subject_id,
            EVENTS.c.after,
        )
        query = query.where(EVENTS.c.id > last, about).order_by(EVENTS.c.id).limit(AT_ONCE)
        rows = db.session().connection().execute(query).all()
        yield from rows
        if not rows:
            return
        last = rows[-1].id  # fmt: skip


class _Told:
    """The actions as the trail tells them, event by event."""

    def __init__(self) -> None:
        self.actions: dict[int, dict[str, Any]] = defaultdict(dict)
        self.reviews: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.days = Days()

    def next(self, event: Any) -> Iterator[Fact]:
        """Take in one event, and return the row that it makes, if it makes one."""
        tables = (event.after or {}).get(TABLES, {})
        changed = self._take_in(tables)
        if event.subject_type != "action" or event.kind not in COUNTS:
            return
        action = SimpleNamespace(id=event.subject_id, **self.actions[event.subject_id])
        fact, kind = None, Kind(event.kind)
        if kind in DATING:
            fact = dated(kind, action, event.at, self.days)
        elif kind in ACKNOWLEDGING and acknowledges(event.after, action.id):
            fact = acknowledged(action, event.at, self.days)
        elif kind in ANSWERING:
            fact = self._answered(kind, action, event.at, changed)
        if fact is not None:
            yield fact

    def _take_in(self, tables: Mapping[str, Any]) -> list[int]:
        """Keep what an event says of rows, and return the reviews among them."""
        for key, fields in tables.get("action", {}).items():
            self.actions[int(key)] |= _read(fields)
        changed = []
        for key, fields in tables.get("action_review", {}).items():
            review_id, told = int(key), _read(fields)
            if "action_id" in told:
                self.reviews[told["action_id"]][review_id] = told
            else:
                of = next(one for one in self.reviews.values() if review_id in one)
                of[review_id] |= told
            changed.append(review_id)
        return changed

    def _answered(self, kind: Kind, action: Any, at: datetime, changed: list[int]) -> Fact | None:
        mine = self.reviews[action.id]
        id_ = next(one for one in changed if one in mine)
        review = SimpleNamespace(**mine[id_])
        first = not any(
            one < id_ and other["partner_id"] == review.partner_id for one, other in mine.items()
        )
        return answered(ANSWERING[kind], action, review, at, self.days, first_time=first)


def _read(fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of a row as the trail tells them, moments and days as such."""
    return {
        name: datetime.fromisoformat(value)
        if name in MOMENTS and value
        else date.fromisoformat(value)
        if name in DATES and value
        else value
        for name, value in (fields or {}).items()
    }
