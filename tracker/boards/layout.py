"""How cards lie on a board: columns are stages, lanes are what one chose, and nothing is ordered by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.boards.cards import Card
from tracker.boards.figures import Figures
from tracker.boards.measuring import Measure
from tracker.boards.models import Lanes
from tracker.boards.statement import ENDED
from tracker.boards.words import Words
from tracker.wording import sort_key

FOLDED = ("idea", ENDED)  # until somebody opens them


@dataclass(frozen=True, slots=True)
class Column:
    """A stage at the head of the board. `folded` ones show a number until somebody opens them."""

    key: str
    name: str
    count: int
    usual: int | None
    folded: bool


@dataclass(slots=True)
class Lane:
    """One row of the board: what it stands for, its cards by column, and how the KPI stands that it may stand for."""

    key: str
    name: str
    cells: dict[str, list[Card]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole board, ready for its template."""

    columns: list[Column]
    lanes: list[Lane]
    figures: Figures
    shown: int

    @property
    def open_columns(self) -> list[Column]:
        return [column for column in self.columns if not column.folded]

    @property
    def outline(self) -> list[Any]:
        """All of it but the cards themselves: boards with equal outlines differ in nothing else."""
        rows = [(row.key, row.name, row.count, row.measure, [*row.cells]) for row in self.lanes]
        return [self.columns, rows, bool(self.shown)]

    def cells(self) -> Iterator[tuple[int, Column, list[Card]]]:
        """Give the cells that have cards, as they stand on the board: number of the lane, column, cards."""
        for number, lane in enumerate(self.lanes, 1):
            for column in self.columns:
                if column.key in lane.cells:
                    yield number, column, lane.cells[column.key]


def open_keys(words: Words, opened: frozenset[str]) -> tuple[str, ...]:
    """Return the columns whose cards are shown. `opened` names the folded ones that somebody opened."""
    every = (*(key for key, _name in words.columns), ENDED)
    return tuple(key for key in every if key not in FOLDED or key in opened)


def lay_out(
    shown: list[Card], counted: Figures, *, lanes: Lanes, opened: frozenset[str], words: Words, usual: Mapping[str, int],
    measures: Mapping[str, Measure],
) -> Layout:  # fmt: skip
    """Return the board of the cards `shown`; `usual` gives the usual age of a stage in working days, `measures` how the
    KPI of a lane stands."""
    there = open_keys(words, opened)
    columns = [
        Column(key, name, counted.by_column.get(key, 0), usual.get(key), key not in there)
        for key, name in (*words.columns, (ENDED, words.fixed["ended"]))
    ]
    rows = in_lanes(shown, lanes, words)
    for lane in rows:
        lane.measure = measures.get(lane.key)
    return Layout(columns, rows, counted, len(shown))


def in_lanes(shown: list[Card], lanes: Lanes, words: Words) -> list[Lane]:
    """Sort cards into lanes; a card of several partners lies in the lane of each."""
    if lanes == Lanes.none:
        lane = Lane("", "", count=len(shown))
        for card in shown:
            lane.cells[card.column].append(card)
        return [lane]
    found: dict[str, Lane] = {}
    for card in shown:
        for key, name in _keys(card, lanes, words):
            lane = found.setdefault(key, Lane(key, name))
            lane.cells[card.column].append(card)
            lane.count += 1
    if lanes == Lanes.health:
        order = ["off_track", "at_risk", "on_track", "none"]
        return sorted(found.values(), key=lambda lane: order.index(lane.key))
    return sorted(found.values(), key=lambda lane: (lane.key == "", sort_key(lane.name)))


def _keys(card: Card, lanes: Lanes, words: Words) -> list[tuple[str, str]]:
    if lanes == Lanes.unit:
        return [(str(card.lead_unit_id), card.unit)]
    if lanes == Lanes.sponsor:
        if card.sponsor_id and card.sponsor:
            return [(str(card.sponsor_id), card.sponsor)]
        return [("", words.fixed["no_sponsor"])]
    if lanes == Lanes.health:
        return [(card.colour or "none", words.colours[card.colour])]
    if lanes == Lanes.kpi:
        return [(str(card.kpi.id), card.kpi.name) if card.kpi else ("", words.fixed["no_kpi"])]
    return [(str(key), name) for key, name in card.partners] or [("", words.fixed["no_partner"])]
