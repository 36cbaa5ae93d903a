"""What only a request knows of a board: who looks at it in which language, and where its links lead."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for

from tracker.blockers.holders import Calendars
from tracker.boards.choices import filter_options
from tracker.boards.drawing import Drawing, Place, Tools
from tracker.boards.filters import Filters
from tracker.boards.forms import lane_words
from tracker.boards.kept import Kept
from tracker.boards.layout import FOLDED
from tracker.boards.models import Board, Lanes
from tracker.boards.reading import Readings
from tracker.boards.reckoning import Reckoning
from tracker.boards.words import Words
from tracker.clock import local_day, now
from tracker.gate import me
from tracker.initiatives.spells import usual_ages
from tracker.initiatives.stages import Stage
from tracker.organisation.settings import Organisation
from tracker.viewing import language, today, zone

KEPT = (
    "q",
    "theme",
    "unit",
    "sponsor",
    "lead",
    "partner",
    "kpi",
    "colour",
    "blocked",
    "lanes",
    "open",
)


class Studio:
    """Makes drawings, and keeps what several of them share until the organisation changes or the day ends."""

    def __init__(self, app: Flask, readings: Readings) -> None:
        self._templates = app.jinja_env
        self._readings = readings
        self._words: Kept[Words] = Kept()
        self._reckonings: Kept[Reckoning] = Kept()
        self._usual: Kept[dict[str, int]] = Kept()

    def drawing(self, board: Board, query: Filters) -> Drawing:
        """Return how `board`, narrowed by `query`, is drawn for all who read like whoever asks; needs a request."""
        organisation, person = Organisation.current(), me()
        epoch, home = organisation.epoch, organisation.time_zone
        day, here_day = today(), local_day(now(), home)
        tools = Tools(
            self._templates,
            self._readings,
            words=self._words.made((language(), person.digits, person.day_calendar), epoch, Words),
            reckoning=self._reckonings.made(
                zone(), (epoch, day), lambda: Reckoning(Calendars(), day, zone(), home)
            ),
            usual=self._usual.made("usual", (epoch, here_day), _usual),
        )
        return Drawing(tools, place_of(board, query))

    def forget(self) -> None:
        """Forget what is shared."""
        for kept in (self._words, self._reckonings, self._usual):
            kept.clear()


def _usual() -> dict[str, int]:
    return {stage.value: days for stage, days in usual_ages().items()}


def place_of(board: Board, query: Filters) -> Place:
    """Return where whoever asks looks at `board`."""
    return Place(
        filters=board.filters.narrowed(query),
        lanes=lanes_of(board),
        opened=frozenset(request.args.get("open", "").split(",")),
        back=address(board),
        links=_links(board, query),
    )


def lanes_of(board: Board) -> Lanes:
    """Return the lanes that were asked for, else the board's own."""
    chosen = request.args.get("lanes", "")
    return Lanes(chosen) if chosen in set(Lanes) else board.lanes


def address(board: Board, **changes: Any) -> str:
    """Return the board's own address as it is narrowed now, also inside a poll; a change to None leaves something out."""
    chosen = {**kept(), **changes}
    return url_for("boards.show", slug=board.slug, **{k: v for k, v in chosen.items() if v})


def kept() -> dict[str, Any]:
    """Return what of the address stays when a link of the board is followed."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def for_list(filters: Filters) -> dict[str, Any]:
    """Return filters as the list of initiatives reads them from its address."""
    return {key: 1 if value is True else value for key, value in filters.as_dict().items()}


def _links(board: Board, query: Filters) -> dict[str, str]:
    stages = {
        f"list_{stage.value}": url_for("initiatives.index", stage=stage.value) for stage in Stage
    }
    view = request.args.get("view")
    opened = {f"open_{column}": address(board, open=column) for column in FOLDED}
    return {
        **stages,
        **opened,
        "list_ended": url_for("initiatives.index", stage="ended"),
        "fold": address(board, open=None),
        "new": url_for("initiatives.new", back=address(board)),
        "only_blocked": address(board, view=view, blocked=1),
        "blocked": address(board, view=view, blocked=None if query.blocked else 1),
        "silent": url_for("initiatives.index", silent=1, **for_list(board.filters)),
    }


def head_of(board: Board, query: Filters, view: str) -> dict[str, Any]:
    """Return what the head of a board shows whatever lies on it."""
    chosen = kept()
    return {
        "board": board,
        "query": query,
        "view": view,
        "lanes": lanes_of(board),
        "lane_choices": [(value, str(words)) for value, words in lane_words()],
        "options": filter_options(),
        "back": address(board),
        "cells_url": url_for("boards.cells", slug=board.slug, **chosen),
        "drop_url": url_for("boards.drop", slug=board.slug, **chosen),
    }
