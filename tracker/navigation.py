"""What stands at the side of every page: only what the person may open, with counts that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ScalarSelect, Select, literal, select, true

from tracker.db import asked
from tracker.policy import may
from tracker.somebody import Somebody, given


@dataclass(frozen=True)
class Item:
    """One line of the navigation."""

    endpoint: str
    label: str
    url: str
    icon: str
    count: int | None = None
    most: int | None = None  # what is more than this is not counted
    hot: bool = False
    current: bool = False


@dataclass(frozen=True)
class Group:
    """Lines that belong together; the first group has no title, the last stands at the foot."""

    title: str
    items: list[Item]
    foot: bool = False


CountFor = Callable[[Any], ScalarSelect[int] | None]
BoardsFor = Callable[[Any], Select[Any]]
counts: dict[str, CountFor] = {}  # by endpoint: rooms register what counts for `Somebody`
most: dict[str, int] = {}  # by endpoint: how far it is counted
hot: set[str] = set()  # endpoints whose count means that somebody waits for this person
# The boards room gives the select of those at the side: name, slug, and place, by which they stand in order.
boards: list[BoardsFor] = []


def item(endpoint: str, label: str, icon: str, **arguments: Any) -> Item | None:
    """Return a line, or None where the page is not open to this person or its room is not there."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not may(current_user, getattr(view, "act", None)):  # type: ignore[arg-type]
        return None
    return Item(
        endpoint,
        label,
        url_for(endpoint, **arguments),
        icon,
        most=most.get(endpoint),
        hot=endpoint in hot,
    )


def group(title: str, *items: Item | None, foot: bool = False) -> Group | None:
    """Return a group of what is there, or None if nothing is."""
    there = [one for one in items if one]
    return Group(title, there, foot) if there else None


def build() -> list[Group]:
    """Return the groups for the person who is signed in."""
    every_board = item("boards.index", _("All boards"), "more")
    groups = [
        group(
            "",
            item("partners.home", _("Home"), "home"),
            item("overview.home", _("Home"), "home") if current_user.is_internal else None,
            item("notices.inbox", _("Inbox"), "inbox"),
            item("initiatives.sponsorships", _("Sponsorship"), "person"),
            item("approvals.index", _("Approvals"), "sign"),
            item("actions.index", _("Actions"), "check"),
            item("blockers.index", _("Blockers"), "stop"),
            item("partners.own_scorecard", _("Scorecard"), "report"),
        ),
        group(_("Boards"), every_board),
        group(
            _("Programme"),
            item("initiatives.index", _("Initiatives"), "list"),
            item("kpis.tree", _("Goals"), "goal"),
            item("blockers.matrix", _("Who blocks whom"), "grid"),
            item("partners.index", _("Scorecards"), "report"),
            item("importing.index", _("Import"), "import"),
            item("overview.trail", _("Activity"), "trail"),
        ),
        group(
            _("Administration"),
            item("organisation.people", _("People"), "people"),
            item("organisation.units", _("Units"), "unit"),
            item("organisation.partners", _("Partners"), "partner"),
            item("organisation.calendars", _("Calendars"), "calendar"),
            item("audit.index", _("Audit"), "lock"),
            item("notices.mails", _("Mail"), "mail"),
            item("notices.jobs", _("Jobs"), "clock"),
        ),
        group("", item("organisation.workspace", _("Settings"), "settings"), foot=True),
    ]
    there = [one for one in groups if one]
    counted, pinned = _read([one for some in there for one in some.items], every_board)
    for some in there:
        if every_board in some.items:
            some.items[:0] = [one for one in pinned if one]
    # The page of what is nowhere is the same for every address.
    nearest = (
        None if g.get("nowhere") else _nearest([one.url for some in there for one in some.items])
    )
    for some in there:
        some.items[:] = [
            replace(one, current=one.url == nearest, count=counted.get(one.endpoint) or None)
            for one in some.items
        ]
    return there


def _read(items: list[Item], every_board: Item | None) -> tuple[dict[str, int], list[Item | None]]:
    """Return what the pages of these lines count for the person, by endpoint, and the boards at the side, in one statement."""
    counted = tuple((one.endpoint, counts[one.endpoint]) for one in items if one.endpoint in counts)
    at_side = boards[0] if boards and every_board else None
    names, query = _asking(Somebody.like(current_user), counted, at_side)
    if query is None:
        return {}, []
    rows = asked(query, given(current_user)).all()
    if at_side is None:
        return dict(zip(names, rows[0], strict=True)), []
    pinned = [
        item("boards.show", row.name, "board", slug=row.slug)
        for row in rows
        if row.slug is not None
    ]
    return dict(zip(names, rows[0][2:], strict=True)), pinned


@cache
def _asking(
    who: Somebody, counted: tuple[tuple[str, CountFor], ...], at_side: BoardsFor | None
) -> tuple[list[str], Any]:
    """Return the endpoints that count something for such a person, and the one select for all: None where nothing is read.

    It stands on every page, and takes longer to build than to ask: so it is built once for all people alike.
    """
    queries = {name: query for name, of in counted if (query := of(who)) is not None}
    columns = [query.label(f"count_{n}") for n, query in enumerate(queries.values())]
    if at_side is None:
        return [*queries], select(*columns) if columns else None
    mine, always = at_side(who).subquery(), select(literal(1)).subquery()
    query = select(mine.c.name, mine.c.slug, *columns).select_from(always).outerjoin(mine, true())
    return [*queries], query.order_by(mine.c.place)


def _nearest(urls: list[str]) -> str | None:
    """Return the address that this page is, or stands below: the longest one that fits."""
    below = [
        u for u in urls if request.path == u or (u != "/" and request.path.startswith(f"{u}/"))
    ]
    return max(below, key=len, default=None)


def init_app(app: Flask) -> None:
    """Give every page its navigation, made once for a request and before the template runs."""

    @app.context_processor
    def navigation() -> dict[str, Any]:
        if "nav" not in g:
            known = current_user and current_user.is_authenticated
            g.nav = build() if known else []
        return {"nav": g.nav, **_shell()}


def _home(known: bool, views: Mapping[str, Any]) -> str:
    own = "partners.home" if known and not current_user.is_internal else "overview.home"
    return url_for(own) if own in views else "/"


def _shell() -> dict[str, Any]:
    """Return what the frame of a page shows of the person."""
    known = bool(current_user and current_user.is_authenticated)
    views = current_app.view_functions
    return {
        "signed_in": {
            "name": current_user.name,
            "url": url_for("organisation.profile"),
            "sign_out_url": url_for("organisation.sign_out"),
        }
        if known and "organisation.profile" in views
        else None,
        "home_url": _home(known, views),
        "shortcuts": "on" if known and current_user.shortcuts else "off",
    }
