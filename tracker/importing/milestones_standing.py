"""The milestones that stand, as far as rows of a file mean them: two queries for all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.importing.bulk import among
from tracker.importing.matching import Read, Standing
from tracker.importing.tidy import tidy_text
from tracker.milestones.criteria import Criterion
from tracker.milestones.models import Milestone
from tracker.milestones.states import State
from tracker.organisation.names import normal

# The one that a row means, of several with its name: what is ahead, then what was reached, then what was dropped.
_NEARER = (State.dropped, State.reached, State.planned)


def place_of(row: Read) -> tuple[Hashable, ...]:
    """What tells a milestone from the others of its initiative: the stage that it opens, else its name."""
    opens = row.values.get("opens")
    return ("gate", opens) if opens else ("name", normal(row.values.get("name") or ""))


class Stands:
    """Finds what a row means; `count` says how many milestones an initiative has, whatever became of them."""

    def __init__(self, initiative_ids: Collection[int], *, lock: bool = False) -> None:
        self.count: Counter[int] = Counter()
        self.by_id: dict[int, Standing] = {}
        self._by_place: dict[tuple[Hashable, ...], Standing] = {}
        ids = sorted(initiative_ids)
        if not ids:
            return
        table = Milestone.__table__.c
        query = (
            select(Milestone.__table__).where(among(table.initiative_id, ids)).order_by(table.id)
        )
        rows = db.session.execute(query.with_for_update() if lock else query).all()
        criteria = _criteria(ids)
        for row in sorted(rows, key=lambda row: (_NEARER.index(row.state), row.id)):
            self._take(row, criteria.get(row.id, []))

    def _take(self, row: Any, criteria: list[str]) -> None:
        state = {
            "name": tidy_text(row.name),
            "opens": row.opens,
            "due": row.due_on,
            "criteria": "\n".join(tidy_text(line) for line in criteria),
            "state": row.state,
        }
        stands = self.by_id[row.id] = Standing(row.id, row.version, state)
        self.count[row.initiative_id] += 1
        self._by_place[row.initiative_id, "name", normal(row.name)] = stands
        if row.opens is not None and row.state != State.dropped:
            self._by_place[row.initiative_id, "gate", row.opens.value] = stands

    def find(self, row: Read, initiative_id: int | None) -> Standing | None:
        """Return the milestone that a row means: the gate of its stage, else one of its name."""
        found = self._by_place.get((initiative_id, *place_of(row)))
        name, opens = row.values.get("name"), row.values.get("opens")
        if found is None and opens and name:
            alike = self._by_place.get((initiative_id, "name", normal(name)))
            # of that name, and no gate: the row says otherwise, and is told so
            found = alike if alike is not None and alike.state["opens"] is None else None
        return found


def _criteria(initiative_ids: list[int]) -> dict[int, list[str]]:
    """Return by milestone what is checked by hand, in its order."""
    its = Milestone.__table__.c
    query = (
        select(Criterion.milestone_id, Criterion.words)
        .join(Milestone.__table__, its.id == Criterion.milestone_id)
        .where(among(its.initiative_id, initiative_ids), Criterion.measure.is_(None))
        .order_by(Criterion.milestone_id, Criterion.place, Criterion.id)
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.milestone_id, []).append(row.words)
    return found
