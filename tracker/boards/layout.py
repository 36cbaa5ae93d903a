"""How cards lie on a board: columns are stages, lanes are what one chose, and nothing is ordered by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from tracker.boards.cards import ENDED, Card, cards
from tracker.boards.figures import Figures, figures
from tracker.boards.filters import Filters
from tracker.boards.models import Lanes
from tracker.initiatives import stages
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import colour_name
from tracker.initiatives.spells import usual_ages
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.wording import sort_key


@dataclass(frozen=True)
class Column:
    """A stage at the head of the board. `folded` ones show a number until somebody opens them."""

    key: str
    name: str
    count: int
    usual: int | None
    folded: bool


@dataclass
class Lane:
    """One row of the board: what it stands for, and its cards by column."""

    key: str
    name: str
    cells: dict[str, list[Card]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0


@dataclass(frozen=True)
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
    def folded_columns(self) -> list[Column]:
        return [column for column in self.columns if column.folded]


def lay_out(
    filters: Filters, lanes: Lanes, opened: frozenset[str], *, viewer: Person, day: date, zone: str
) -> Layout:
    """Return the board of `filters` for `viewer`. `opened` names the folded columns (idea, ended) that are shown."""
    scope = Initiative.visible_to(viewer)
    counted = figures(scope, filters, day)
    usual = usual_ages()
    columns = [
        Column(
            stage,
            stage_name(stage),
            counted.by_column.get(stage, 0),
            usual.get(stage),
            stage == Stage.idea and "idea" not in opened,
        )
        for stage in stages.in_use()
        if stage != Stage.realised
    ]
    columns.append(
        Column(ENDED, _("Ended"), counted.by_column.get(ENDED, 0), None, ENDED not in opened)
    )
    shown = cards(
        scope, filters, [c.key for c in columns if not c.folded], viewer=viewer, day=day, zone=zone
    )
    return Layout(columns, in_lanes(shown, lanes), counted, len(shown))


def in_lanes(shown: list[Card], lanes: Lanes) -> list[Lane]:
    """Sort cards into lanes; a card of several partners lies in the lane of each."""
    if lanes == Lanes.none:
        lane = Lane("", "")
        for card in shown:
            lane.cells[card.column].append(card)
            lane.count += 1
        return [lane]
    found: dict[str, Lane] = {}
    for card in shown:
        for key, name in _keys(card, lanes):
            lane = found.setdefault(key, Lane(key, name))
            lane.cells[card.column].append(card)
            lane.count += 1
    if lanes == Lanes.health:
        order = ["off_track", "at_risk", "on_track", "none"]
        return sorted(found.values(), key=lambda lane: order.index(lane.key))
    return sorted(found.values(), key=lambda lane: (lane.key == "", sort_key(lane.name)))


def _keys(card: Card, lanes: Lanes) -> list[tuple[str, str]]:
    if lanes == Lanes.unit:
        return [(str(card.lead_unit_id), card.unit)]
    if lanes == Lanes.sponsor:
        return (
            [(str(card.sponsor_id), card.sponsor)]
            if card.sponsor_id and card.sponsor
            else [("", _("No sponsor yet"))]
        )
    if lanes == Lanes.health:
        return [(card.colour or "none", colour_name(card.colour))]
    return [(str(key), name) for key, name in card.partners] or [("", _("No partner"))]
