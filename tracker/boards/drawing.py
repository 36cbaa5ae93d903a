"""How a board is drawn for all who read alike: everything it takes but the cards themselves, which are read when they change.

The long road makes a drawing, with what only a request knows: the language, and where links lead. After that it draws by
itself, as often as the cards change, for as long as nothing else does. What is read and drawn is the same for everybody,
but for the menus of the cards: those are put in for each who looks.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from tracker.boards.cards import MOST, Card, Deck
from tracker.boards.figures import COLOURS, figures
from tracker.boards.filters import Filters
from tracker.boards.kept import MARK, Latest, Page, place
from tracker.boards.layout import Layout, lay_out, open_keys
from tracker.boards.measuring import measures_of
from tracker.boards.models import Lanes
from tracker.boards.prepared import roomy
from tracker.boards.reading import Readings
from tracker.boards.reckoning import Reckoning
from tracker.boards.viewers import Viewer
from tracker.boards.words import Words
from tracker.policy import May, may

ACTS = (
    *(May.decide_stage, May.ask_stage, May.propose_sponsor, May.step_back, May.post_update),
    *(May.raise_blocker, May.change_lead_unit, May.hold, May.stop),
)
REF, BACK, MENU = place("ref"), place("back"), place("menu")  # in what is kept of a card
Acts = tuple[May, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a board is looked at: what the address and the saved board say, and where its links lead."""

    filters: Filters
    lanes: Lanes
    opened: frozenset[str]
    back: str  # the address itself
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tools:
    """What drawings share: templates, statements, words of one language, ages up to one day, usual ages of stages."""

    templates: Environment
    readings: Readings
    words: Words
    reckoning: Reckoning
    usual: dict[str, int]


class Face(NamedTuple):
    """A card as it is drawn, before and behind its menu."""

    card: Card
    before: bytes
    behind: bytes


Faces = dict[str, list[Face]]  # of the cards of one cell, by the name of their place on the board


@dataclass(frozen=True, slots=True)
class Sheet:
    """A board as it was read once, under one `state`, and what was drawn of it: for those who may add to it, and others."""

    state: Hashable
    layout: Layout
    drawn: dict[bool, tuple[Page, Faces]] = field(default_factory=dict)


class Drawing:
    """Draws one board. Raises `NotSaid` outside a request for words that were never used before."""

    def __init__(self, tools: Tools, place: Place) -> None:
        self._templates = tools.templates
        self._readings = tools.readings
        self._words = tools.words
        self._reckoning = tools.reckoning
        self._usual = tools.usual
        self._place = place
        self._columns = open_keys(tools.words, place.opened)
        self._back = quote(f"{place.back}#card-", safe="/") + REF  # where the focus was
        self._menus: dict[Any, bytes] = {}
        self._drawn: dict[Any, Face] = {}
        self._deck = Deck(tools.reckoning)
        self._alike = Latest()
        self._own: dict[Viewer, dict[Card, bytes]] = {}
        self._reading = threading.Lock()
        self._sheet: Sheet | None = None

    @property
    def day(self) -> date:
        """The day it is drawn for."""
        return self._reckoning.day

    def sheet(self, state: Hashable = None) -> Sheet:
        """Read the board and lay it out; the last one is given again as long as the `state` is the same. None never is."""
        if state is None:
            return self._read(state)
        with self._reading:
            if self._sheet is None or self._sheet.state != state:
                self._sheet = self._read(state)
            return self._sheet

    def _read(self, state: Hashable) -> Sheet:
        place = self._place
        content = self._readings.content(
            place.filters, self._columns, self.day, measured=place.lanes == Lanes.kpi
        )
        shown = self._deck.cards(content)
        layout = lay_out(
            shown, figures(content.groups), lanes=place.lanes, opened=place.opened, words=self._words, usual=self._usual,
            measures=measures_of(content.measures, content.targets, self.day),
        )  # fmt: skip
        return Sheet(state, layout)

    def cells(self, sheet: Sheet, viewer: Viewer, mark: str) -> bytes:
        """Return the part that polls renew: drawn once, and with the menus of whoever looks in it."""
        may_create = may(viewer, May.create_initiative)
        drawn = sheet.drawn.get(may_create)
        if drawn is None:
            drawn = sheet.drawn[may_create] = self._cells(sheet.layout, may_create=may_create)
        known = self._own.get(viewer)
        if known is None:
            known = roomy(self._own)[viewer] = {}
        page, faces = drawn
        cells = {name: self._whole(some, viewer, known) for name, some in faces.items()}
        return page.filled(mark=mark, **cells)

    def _whole(self, faces: list[Face], viewer: Viewer, known: dict[Card, bytes]) -> bytes:
        parts = [
            part
            for card, before, behind in faces
            for part in (before, self._menu(card, viewer, known), behind)
        ]
        return b"".join(parts)

    def _cells(self, layout: Layout, *, may_create: bool) -> tuple[Page, Faces]:
        """Return the cells with a place for the cards of each, and what belongs there."""
        page = self._alike.of(
            ("cells", may_create), layout.outline, lambda: self._bare(layout, may_create)
        )
        by_partner = self._place.lanes == Lanes.partner
        faces = {
            f"cards{n}": [
                self._face(card, column.usual, lane if by_partner else "") for card in cards
            ]
            for n, (lane, column, cards) in enumerate(layout.cells())
        }
        return page, faces

    def _bare(self, layout: Layout, may_create: bool) -> Page:
        numbers = count()

        def next_place() -> Markup:
            return Markup(place(f"cards{next(numbers)}"))  # noqa: S704 - nothing of anybody's

        cells = self._render(
            "boards/_cells.html",
            layout,
            mark=place(MARK),
            next_place=next_place,
            may_create=may_create,
        )
        return Page(cells.encode())

    def head(self, layout: Layout) -> dict[str, str]:
        """Return what above the cards hangs on them, by the name of its place on the page."""
        return self._alike.of("head", layout.figures, lambda: self._head(layout))

    def _head(self, layout: Layout) -> dict[str, str]:
        parts = self._render("boards/_counts.html", layout, colours=COLOURS).split("\f")
        return dict(zip(("figures", "today", "blocked"), parts, strict=True))

    def _render(self, template: str, layout: Layout, **more: Any) -> str:
        place, words = self._place, self._words
        return self._templates.get_template(template).render(
            layout=layout, w=words, say=words.say, icons=words.icons, fixed=words.fixed, lanes=place.lanes.value, links=place.links,
            usual=self._usual, narrowed=place.filters.blocked, **more,
        )  # fmt: skip

    def _face(self, card: Card, usual: int | None, lane: Any) -> Face:
        """Return a card before and behind its menu; drawn anew only if anything on it is new: most are not when one changes."""
        looks = (card, usual, lane)
        drawn = self._drawn.get(looks)
        if drawn is None:
            words, menu = self._words, Markup(MENU)  # noqa: S704 - nothing of anybody's
            macro: Any = self._templates.get_template("boards/_card.html").module
            text = macro.card_of(
                card, usual, lane, menu, words, words.say, words.icons, words.fixed
            )
            before, _, behind = str(text).encode().partition(MENU.encode())
            drawn = roomy(self._drawn, MOST)[looks] = Face(card, before, behind)
        return drawn

    def _menu(self, card: Card, viewer: Viewer, known: dict[Card, bytes]) -> bytes:
        """Return the menu of a card: what the policy allows this viewer. It is `known` as long as both stay as they are."""
        menu = known.get(card)
        if menu is None:
            acts = () if card.ended else tuple([act for act in ACTS if may(viewer, act, card)])
            menu = roomy(known, MOST)[card] = self._filled(card, acts)
        return menu

    def _filled(self, card: Card, acts: Acts) -> bytes:
        """Return the menu of all who may do these `acts`; those alike but for the number are made once."""
        alike = (
            *(card.stage, card.ended, card.held, bool(card.proposed), bool(card.asked_stage)),
            acts,
        )
        filled = self._menus.get((card.ref, alike))
        if filled is None:
            menu = self._words.menu(alike, lambda: self._made(card, acts))
            filled = menu.replace(BACK, self._back).replace(REF, card.ref).encode()
            roomy(self._menus)[card.ref, alike] = filled
        return filled

    def _made(self, card: Card, acts: Acts) -> Markup:
        words = self._words
        menu = self._templates.get_template("boards/_menu.html").render(
            card=card, acts=frozenset(acts), ref=REF, back=BACK, following=words.following.get(card.stage), stages=words.stages,
            say=words.say, icons=words.icons, fixed=words.fixed,
        )  # fmt: skip
        return Markup(menu)  # noqa: S704 - a template made it
