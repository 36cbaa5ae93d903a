"""What stands around the cards of a board: its head, its links, and the words that all cards share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import get_template_attribute, request, url_for
from flask_babel import gettext as _

from tracker.boards.choices import filter_options
from tracker.boards.filters import Filters
from tracker.boards.forms import lane_words
from tracker.boards.layout import Layout, lay_out
from tracker.boards.models import Board, Lanes
from tracker.gate import me
from tracker.initiatives import stages
from tracker.initiatives.reporting import Colour, colour_mark, colour_name
from tracker.initiatives.stages import Stage, stage_name
from tracker.wording import today, zone


def layout_of(board: Board, query: Filters) -> Layout:
    """Return a board as this request narrows it, for whoever looks."""
    opened = frozenset(request.args.get("open", "").split(","))
    return lay_out(
        board.filters.narrowed(query),
        lanes_of(board),
        opened,
        viewer=me(),
        day=today(),
        zone=zone(),
    )


def lanes_of(board: Board) -> Lanes:
    """Return the lanes that were asked for, else the board's own."""
    chosen = request.args.get("lanes", "")
    return Lanes(chosen) if chosen in set(Lanes) else board.lanes


def around_of(board: Board, query: Filters, view: str, layout: Layout) -> dict[str, Any]:
    """Return what the head of a board shows beside its cards."""
    chosen = kept()
    return {
        "query": query,
        "view": view,
        "lanes": lanes_of(board),
        "lane_choices": [(value, str(words)) for value, words in lane_words()],
        "options": filter_options(),
        "back": url_for("boards.show", slug=board.slug, **chosen),
        "cells_url": url_for("boards.cells", slug=board.slug, **chosen),
        "drop_url": url_for("boards.drop", slug=board.slug, **chosen),
        "stage_name": stage_name,
        "colour_word": colour_name,
        "nexts": {
            stage.value: following.value for stage in Stage if (following := stages.after(stage))
        },
        "usuals": {column.key: column.usual for column in layout.columns if column.usual},
        "here_board": _board_address(board),
        **_card_words(),
    }


def _board_address(board: Board) -> Callable[..., str]:
    """Return a function like `here`, that stays on the board's own address also inside a poll's answer."""

    def address(**changes: Any) -> str:
        chosen = {**kept(), **changes}
        return url_for(
            "boards.show", slug=board.slug, **{key: value for key, value in chosen.items() if value}
        )

    return address


def _card_words() -> dict[str, Any]:
    """Return what is the same on every card, made once: sixty cards ask for it."""
    icon = get_template_attribute("components/icon.html", "icon")
    rag = get_template_attribute("components/status.html", "rag")
    marks = {
        colour and colour.value: str(rag(colour_mark(colour), colour_name(colour)))
        for colour in (None, *Colour)
    }
    return {
        "marks": marks,
        "dashed": str(icon("none")),
        "dots": str(icon("more")),
        "stop": str(icon("stop")),
        "clock": str(icon("clock")),
        "arrow": str(icon("arrow", flip=True)),
        "words": {
            "held": _("On hold"),
            "silent": _("No update"),
            "silent_why": _("The last report is older than one and a half times what was agreed"),
            "stopped": _("Stopped"), "interim": _("Interim sponsor"), "single": _("Single unit"),
            "single_why": _("No other unit takes part"), "no_sponsor": _("No sponsor yet"), "age_why": _("Working days in this stage"),
            "propose": _("Propose a sponsor"), "propose_new": _("Propose a new sponsor"), "back": _("Back one stage"),
            "update": _("Post an update"), "blocker": _("Raise a blocker"), "lead_unit": _("Change the lead unit"),
            "resume": _("Resume"), "hold": _("Put on hold"), "stop": _("Stop"), "open": _("Open the page"),
        },
    }  # fmt: skip


def kept() -> dict[str, Any]:
    """Return what of the address stays when a link of the board is followed."""
    names = (
        "q",
        "theme",
        "unit",
        "sponsor",
        "lead",
        "partner",
        "colour",
        "blocked",
        "lanes",
        "open",
    )
    return {name: request.args[name] for name in names if request.args.get(name)}


def for_list(filters: Filters) -> dict[str, Any]:
    """Return filters as the list of initiatives reads them from its address."""
    return {key: 1 if value is True else value for key, value in filters.as_dict().items()}
