"""What stands at the side of every page: only what the person may open, with counts that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ScalarSelect, select

from tracker.db import db
from tracker.policy import may


@dataclass(frozen=True)
class Item:
    """One line of the navigation."""

    endpoint: str
    label: str
    url: str
    icon: str
    count: int | None = None
    hot: bool = False
    current: bool = False


@dataclass(frozen=True)
class Group:
    """Lines that belong together; the first group has no title, the last stands at the foot."""

    title: str
    items: list[Item]
    foot: bool = False


Count = ScalarSelect[int] | None
counts: dict[
    str, Callable[[Any], Count]
] = {}  # by endpoint: rooms register what counts for a person
hot: set[str] = set()  # endpoints whose count means that somebody waits for this person
boards: list[Callable[[Any], list[tuple[str, str]]]] = []  # the boards room gives (name, slug)


def item(endpoint: str, label: str, icon: str, **arguments: Any) -> Item | None:
    """Return a line, or None where the page is not open to this person or its room is not there."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not may(current_user, getattr(view, "act", None)):  # type: ignore[arg-type]
        return None
    return Item(endpoint, label, url_for(endpoint, **arguments), icon, hot=endpoint in hot)


def group(title: str, *items: Item | None, foot: bool = False) -> Group | None:
    """Return a group of what is there, or None if nothing is."""
    there = [one for one in items if one]
    return Group(title, there, foot) if there else None


def build() -> list[Group]:
    """Return the groups for the person who is signed in."""
    groups = [
        group(
            "",
            item("partners.home", _("Home"), "home"),
            item("overview.home", _("Home"), "home") if current_user.is_internal else None,
            item("notices.inbox", _("Inbox"), "inbox"),
            item("initiatives.sponsorships", _("Sponsorship"), "sign"),
            item("actions.index", _("Actions"), "check"),
            item("blockers.index", _("Blockers"), "stop"),
        ),
        group(
            _("Boards"),
            *(
                item("boards.show", name, "board", slug=slug)
                for name, slug in (boards[0](current_user) if boards else ())
            ),
            item("boards.index", _("All boards"), "more"),
        ),
        group(
            _("Programme"),
            item("initiatives.index", _("Initiatives"), "list"),
            item("kpis.tree", _("Goals"), "goal"),
            item("blockers.matrix", _("Who blocks whom"), "grid"),
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
    items = [one for some in there for one in some.items]
    nearest, counted = _nearest([one.url for one in items]), _counted(items)
    for some in there:
        some.items[:] = [
            replace(one, current=one.url == nearest, count=counted.get(one.endpoint) or None)
            for one in some.items
        ]
    return there


def _counted(items: list[Item]) -> dict[str, int]:
    """Return what the pages of these lines count for the person, by endpoint, in one statement."""
    queries = {
        one.endpoint: query
        for one in items
        if one.endpoint in counts and (query := counts[one.endpoint](current_user)) is not None
    }
    if not queries:
        return {}
    found = db.session.execute(select(*queries.values())).one()
    return dict(zip(queries, found, strict=True))


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
            g.nav = build() if known and request.endpoint else []
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
