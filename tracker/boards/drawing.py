"""How one person's board is drawn: everything it takes but the cards themselves, which are read anew each time.

The long road makes a drawing, with what only a request knows: the language, who looks, where links lead. After that it
draws by itself, as often as the cards change, for as long as nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from tracker.boards.cards import Card, cards
from tracker.boards.figures import COLOURS, figures
from tracker.boards.filters import Filters
from tracker.boards.kept import place
from tracker.boards.layout import Layout, lay_out, open_keys
from tracker.boards.models import Lanes
from tracker.boards.reading import Readings
from tracker.boards.reckoning import Reckoning
from tracker.boards.words import Words
from tracker.organisation.duties import Duties
from tracker.policy import May, may

ACTS = (
    *(May.decide_stage, May.ask_stage, May.propose_sponsor, May.step_back, May.post_update),
    *(May.raise_blocker, May.change_lead_unit, May.hold, May.stop),
)
MOST = 600  # cards that one drawing keeps
REF, BACK = place("ref"), place("back")  # in a menu that is kept


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks, as far as the policy asks; it stays when the request is over."""

    id: int
    role: str
    is_admin: bool
    duties: Duties

    @classmethod
    def of(cls, person: Any) -> Viewer:
        """Return what holds of `person` now; deputyships and heads included."""
        return cls(person.id, str(person.role), person.is_admin, person.duties)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a board is looked at: what the address and the saved board say, and where its links lead."""

    filters: Filters
    lanes: Lanes
    opened: frozenset[str]
    back: str  # the address itself
    links: dict[str, str]
    may_create: bool


@dataclass(frozen=True, slots=True)
class Tools:
    """What drawings share: templates, statements, words of one language, ages up to one day, usual ages of stages."""

    templates: Environment
    readings: Readings
    words: Words
    reckoning: Reckoning
    usual: dict[str, int]


class Drawing:
    """Draws one board for one person. Raises `NotSaid` outside a request for words that were never used before."""

    def __init__(self, tools: Tools, viewer: Viewer, place: Place) -> None:
        self._templates = tools.templates
        self._readings = tools.readings
        self._words = tools.words
        self._reckoning = tools.reckoning
        self._usual = tools.usual
        self._viewer = viewer
        self._place = place
        self._columns = open_keys(tools.words, place.opened)
        self._back = quote(f"{place.back}#card-", safe="/") + REF  # where the focus was
        self._menus: dict[Any, Markup] = {}
        self._cards: dict[Any, Markup] = {}

    @property
    def day(self) -> date:
        """The day it is drawn for."""
        return self._reckoning.day

    def layout(self) -> Layout:
        """Read the board and lay it out."""
        content = self._readings.content(
            self._viewer.id, self._place.filters, self._columns, self.day, units=bool(self._viewer.duties.heads)
        )  # fmt: skip
        shown = cards(content, self._viewer.id, self._reckoning)
        return lay_out(
            shown, figures(content.groups), lanes=self._place.lanes, opened=self._place.opened, words=self._words,
            usual=self._usual,
        )  # fmt: skip

    def cells(self, layout: Layout, mark: str) -> str:
        """Return the part that polls renew."""
        return self._render("boards/_cells.html", layout, mark=mark, drawn=self._card)

    def head(self, layout: Layout) -> dict[str, str]:
        """Return what above the cards hangs on them, by the name of its place on the page."""
        parts = self._render("boards/_counts.html", layout, colours=COLOURS).split("\f")
        return dict(zip(("figures", "today", "blocked"), parts, strict=True))

    def _render(self, template: str, layout: Layout, **more: Any) -> str:
        place, words = self._place, self._words
        return self._templates.get_template(template).render(
            layout=layout, w=words, say=words.say, icons=words.icons, fixed=words.fixed, lanes=place.lanes.value, links=place.links,
            usual=self._usual, may_create=place.may_create, narrowed=place.filters.blocked, **more,
        )  # fmt: skip

    def _card(self, card: Card, usual: int | None, lane: Any) -> Markup:
        """Return a card, drawn anew only if anything on it is new; most are as they were when one of them changes."""
        looks = (card, usual, lane)
        drawn = self._cards.get(looks)
        if drawn is None:
            words = self._words
            macro: Any = self._templates.get_template("boards/_card.html").module
            drawn = macro.card_of(
                card, usual, lane, self._menu(card), words, words.say, words.icons, words.fixed
            )
            if len(self._cards) >= MOST:
                self._cards.clear()
            self._cards[looks] = drawn
        return drawn

    def _menu(self, card: Card) -> Markup:
        """Return the menu of a card; those alike but for the number are made once."""
        acts = () if card.ended else tuple([act for act in ACTS if may(self._viewer, act, card)])
        alike = (
            *(card.stage, card.ended, card.held, bool(card.proposed), bool(card.asked_stage)),
            acts,
        )
        menu = self._menus.get(alike)
        if menu is None:
            made = self._words.menu(alike, lambda: self._made(card, acts))
            menu = self._menus[alike] = made.replace(BACK, self._back)
        return menu.replace(REF, card.ref)

    def _made(self, card: Card, acts: tuple[May, ...]) -> Markup:
        words = self._words
        menu = self._templates.get_template("boards/_menu.html").render(
            card=card, acts=frozenset(acts), ref=REF, back=BACK, following=words.following.get(card.stage), stages=words.stages,
            say=words.say, icons=words.icons, fixed=words.fixed,
        )  # fmt: skip
        return Markup(menu)  # noqa: S704 - a template made it
