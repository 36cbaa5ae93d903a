"""The cards of a board, made from what one statement read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tracker.boards.reading import Content, Rows
from tracker.boards.reckoning import Reckoning
from tracker.boards.statement import ENDED
from tracker.initiatives.team import Responsibility
from tracker.kpis.saying import MARKS
from tracker.kpis.xmr import ENOUGH, Variation


@dataclass(frozen=True, slots=True)
class Chip:
    """The oldest open blocker of an initiative. `days` are working days, by the calendars of those who held it."""

    days: int
    holder: str
    late: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """The KPI that an initiative aims at, with what its newest reading says, after `count` readings."""

    id: int
    code: str
    name: str
    variation: str | None
    count: int

    @property
    def mark(self) -> str:
        """The colour of what the newest reading says: ok, bad or none."""
        return MARKS[Variation(self.variation)] if self.variation else "none"


@dataclass(slots=True)
class Card:
    """One initiative as its card shows it; it also answers what the policy asks of an initiative.

    Cards that are equal look alike to everybody, but for their menus, and are never changed once they are made.
    """

    id: int
    ref: str
    title: str
    stage: str
    column: str
    since: datetime
    colour: str | None
    silent: bool
    lead_unit_id: int
    unit: str
    unit_count: int
    lead_id: int | None
    sponsor_id: int | None
    sponsor: str | None
    sponsor_interim: bool
    proposed_sponsor_id: int | None
    proposed_by_id: int | None
    proposed: str | None
    asked_stage: str | None
    asked_by_id: int | None
    held: bool
    stopped: bool
    adopted: bool
    touches: int
    age: int  # working days in the stage
    member_ids: frozenset[int]  # the lead included
    working_member_ids: frozenset[int]
    participating_unit_ids: frozenset[int]
    blocker: Chip | None
    partners: tuple[tuple[int, str], ...]
    kpi: Aim | None

    def __hash__(self) -> int:
        return hash((self.id, self.touches))

    @property
    def ended(self) -> bool:
        """Realised or stopped."""
        return self.column == ENDED

    @property
    def badges(self) -> bool:
        """Whether anything stands below its title."""
        return bool(
            (self.silent and self.colour)
            or self.held
            or self.asked_stage
            or self.proposed
            or self.sponsor_interim
            or self.stopped
            or self.adopted
        )


def cards(content: Content, reckoning: Reckoning) -> list[Card]:
    """Return the cards in their stated order: those longest in the stage first.

    Ages are working days by the organisation's calendar, like the usual ages they are held against.
    """
    chips = dict(_chips(content.blockers, reckoning))
    partners = _by_card(content.partners, lambda row: (row[1], row[2]))
    units = _by_card(content.units, lambda row: row[1])
    members = _by_card(content.members, lambda row: row[1:])
    aims = {
        row[0]: Aim(row[0], row[1], row[2], row[3], min(row[4] or 0, ENOUGH))
        for row in content.kpis
    }
    made = []
    for row in content.cards:
        id_, lead_id, team = row[0], row[11], members.get(row[0], ())
        plain = [*row[:5], since := moment(row[5]), *row[6:24]]
        works = (who for who, part in team if part != Responsibility.informed.value)
        made.append(
            Card(
                *plain,
                age=reckoning.age(since),
                member_ids=frozenset((*(who for who, _ in team), *((lead_id,) if lead_id else ()))),
                working_member_ids=frozenset(works),
                participating_unit_ids=frozenset((row[8], *units.get(id_, ()))),
                blocker=chips.get(id_),
                partners=tuple(sorted(partners.get(id_, ()), key=lambda pair: pair[1])),
                kpi=aims.get(row[24]),
            )
        )
    made.sort(key=lambda card: (card.since, card.id))
    return made


def _chips(rows: Rows, reckoning: Reckoning) -> Iterator[tuple[int, Chip]]:
    for id_, holder, due, raised, calendar_id, turns in rows:
        days = reckoning.held(turns) if turns else reckoning.open_since(moment(raised), calendar_id)
        late = due is not None and date.fromisoformat(due) < reckoning.day
        yield id_, Chip(days, holder, late)


def _by_card(rows: Any, value: Callable[[list[Any]], Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(value(row))
    return found


def moment(text: str) -> datetime:
    """Return a moment as a database wrote it: with its offset, or in UTC."""
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value
