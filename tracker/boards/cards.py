"""The cards of a board, made from what one statement read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from tracker.boards.prepared import roomy
from tracker.boards.reading import Content, Rows
from tracker.boards.reckoning import Reckoning
from tracker.boards.statement import ENDED
from tracker.initiatives.team import Responsibility
from tracker.kpis.saying import MARKS
from tracker.kpis.xmr import ENOUGH, Variation

MOST = 1000  # cards that one board keeps
NONE: Rows = []


class Parts(NamedTuple):
    """What a card is made from, as it was read."""

    row: tuple[Any, ...]
    unit: tuple[Any, ...]  # that leads it: id, name, calendar
    sponsor: str | None
    proposed: str | None
    partners: Rows
    units: Rows
    members: Rows
    blocker: tuple[Any, ...] | None
    holder: tuple[Any, ...] | None  # where it is a unit
    kpi: tuple[Any, ...] | None


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
    gate_on: str | None  # the day of the gate to the next stage
    gate_late: bool
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


class Deck:
    """The cards of a board: made from what was read, and given again as long as everything on them is the same."""

    def __init__(self, reckoning: Reckoning) -> None:
        self._reckoning = reckoning
        self._kept: dict[int, tuple[Parts, Card]] = {}

    def cards(self, content: Content) -> list[Card]:
        """Return the cards in their stated order: those longest in the stage first.

        Ages are working days by the organisation's calendar, like the usual ages they are held against.
        """
        about, kpis, units = (
            {row[0]: row for row in rows}
            for rows in (content.blockers, content.kpis, content.unit_names)
        )
        names = dict(content.names)
        partners, taking_part, members = (
            _by_card(rows) for rows in (content.partners, content.units, content.members)
        )
        shown = []
        for row in content.cards:
            id_, blocker = row[0], about.get(row[0])
            parts = Parts(
                row, units[row[8]], names.get(row[11]), names.get(row[13]),
                partners.get(id_, NONE), taking_part.get(id_, NONE), members.get(id_, NONE),
                blocker, units.get(blocker[1]) if blocker else None, kpis.get(row[21]),
            )  # fmt: skip
            shown.append(self._card(parts))
        shown.sort(key=lambda card: (card.since, card.id))
        return shown

    def _card(self, parts: Parts) -> Card:
        id_ = parts.row[0]
        kept = self._kept.get(id_)
        if kept is None or kept[0] != parts:
            kept = roomy(self._kept, MOST)[id_] = (parts, self._made(parts))
        return kept[1]

    def _made(self, parts: Parts) -> Card:
        row, partners, units, members = parts.row, parts.partners, parts.units, parts.members
        since, lead_id = moment(row[5]), row[10]
        plain: list[Any] = [*row[:5], since, *row[6:9]]
        plain += [
            parts.unit[1],
            *row[9:12],
            parts.sponsor,
            *row[12:15],
            parts.proposed,
            *row[15:21],
        ]
        works = (who for _, who, part in members if part != Responsibility.informed.value)
        return Card(
            *plain,
            age=self._reckoning.age(since),
            gate_on=row[22],
            gate_late=self._late(row),
            member_ids=frozenset(
                (*(who for _, who, _ in members), *((lead_id,) if lead_id else ()))
            ),
            working_member_ids=frozenset(works),
            participating_unit_ids=frozenset((row[8], *(unit for _, unit in units))),
            blocker=self._chip(parts.blocker, parts.holder) if parts.blocker else None,
            partners=tuple(sorted(((key, name) for _, key, name in partners), key=itemgetter(1))),
            kpi=_aim(parts.kpi) if parts.kpi else None,
        )

    def _late(self, row: tuple[Any, ...]) -> bool:
        """Tell whether the day of its next gate has passed; nothing is late while it is on hold, or has ended (rule 6)."""
        gate_on, held, stopped = row[22], row[17], row[18]
        goes_on = not held and not stopped
        return gate_on is not None and goes_on and date.fromisoformat(gate_on) < self._reckoning.day

    def _chip(self, row: tuple[Any, ...], unit: tuple[Any, ...] | None) -> Chip:
        _id, _unit_id, holder, due, raised, calendar_id, turns = row
        if unit:
            _unit_id, holder, calendar_id = unit
        reckoning = self._reckoning
        days = reckoning.held(turns) if turns else reckoning.open_since(moment(raised), calendar_id)
        return Chip(days, holder, due is not None and date.fromisoformat(due) < reckoning.day)


def _aim(row: tuple[Any, ...]) -> Aim:
    id_, code, name, variation, count = row
    return Aim(id_, code, name, variation, min(count or 0, ENOUGH))


def _by_card(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def moment(text: str) -> datetime:
    """Return a moment as a database wrote it: with its offset, or in UTC."""
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value
