"""The blueprint that every view of this room hangs on, and the ways on from its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for

from tracker.gate import safe_next
from tracker.initiatives.models import Initiative

pages = Blueprint("initiatives", __name__)
MOST_CHOSEN = 200  # initiatives of one act


def onward(initiative: Initiative) -> str:
    """Return where an act leads back to: the page that it was opened from, else that of the initiative."""
    return safe_next(request.args.get("back")) or url_for("initiatives.show", ref=initiative.ref)


def list_onward() -> str:
    """Return where an act on several leads back to: the list it was opened from, with its filters."""
    return safe_next(request.args.get("back")) or url_for("initiatives.index")


def address(endpoint: str, **arguments: Any) -> str | None:
    """Return the address of another room's page, or None while that room is not open."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **arguments)


def chosen_ids() -> list[int]:
    """Return the ids of the rows that were ticked, each once and ascending, at most `MOST_CHOSEN`."""
    sent = request.form.getlist("ids") or request.args.getlist("ids")
    ids = {int(id_) for id_ in sent if id_.isascii() and id_.isdecimal() and len(id_) < 10}
    return sorted(ids)[:MOST_CHOSEN]
