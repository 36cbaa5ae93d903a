"""Initiatives for boards: made by verbs, then looked at through the page."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest

from tests.conftest import Clock
from tests.initiatives.stories import idea, sponsored
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

CELLS = "/boards/everything/cells"


@pytest.fixture
def board(told: Any, clock: Clock) -> Board:
    """A board of everything, for all."""

    def saved() -> Board:
        with writing():
            return Board.save(
                name="Everything", filters=Filters(), lanes=Lanes.none, owner=None, by=None, now=clock()
            )  # fmt: skip

    return told(saved)


@pytest.fixture
def framed(told: Any, cast: SimpleNamespace, clock: Clock) -> Initiative:
    """One at `framed`, led by the lead, sponsored by the executive."""
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def an_idea(told: Any, cast: SimpleNamespace, clock: Clock) -> Initiative:
    """An idea that nobody sponsors."""
    return told(lambda: idea(cast, clock(), "Quieter letters"))


@pytest.fixture
def change(told: Any) -> Callable[..., None]:
    """Let something happen to an initiative: `change(framed, lambda it: it.hold(by=..., now=..., words=...))`."""

    def happen(initiative: Initiative, act_on: Callable[[Initiative], Any]) -> None:
        def act() -> None:
            with writing():
                act_on(db.session.get_one(Initiative, initiative.id))

        told(act)

    return happen


@pytest.fixture
def tab(as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative) -> Any:
    """The manager's browser, with one card on the board."""
    return as_(cast.manager)


def poll(tab: Any, tag: str) -> Any:
    """Ask whether the board is still as its `tag` says."""
    return tab.get(CELLS, headers={"If-None-Match": tag, "HX-Request": "true"})


def look(text: str) -> Any:
    """Return a page or fragment as a tree."""
    return html5lib.parse(text, namespaceHTMLElements=False)


def columns(text: str) -> dict[str, list[str]]:
    """Return the numbers of the cards in each column of a board."""
    found: dict[str, list[str]] = {}
    for cell in look(text).iter("ul"):
        if "data-column" in cell.attrib:
            refs = [card.attrib["data-card"] for card in cell.iter("article")]
            found.setdefault(cell.attrib["data-column"], []).extend(refs)
    return found


def lanes(text: str) -> dict[str, list[str]]:
    """Return the numbers of the cards in each lane of a board, by the lane's name."""
    found: dict[str, list[str]] = {}
    for section in look(text).iter("section"):
        heads = [
            head for head in section.iter("h2") if head.attrib.get("id", "").startswith("lane-")
        ]
        if heads:
            found["".join(heads[0].itertext())] = [
                c.attrib["data-card"] for c in section.iter("article")
            ]
    return found


def menu(text: str, ref: str) -> dict[str, str]:
    """Return what the menu of a card offers: words -> address."""
    card = next(c for c in look(text).iter("article") if c.attrib["data-card"] == ref)
    listed = next(d for d in card.iter("div") if d.attrib.get("class") == "menu-list")
    return {" ".join("".join(a.itertext()).split()): a.attrib["href"] for a in listed.iter("a")}
