"""The blueprint that every view of this room hangs on, and the ways on from its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for

from tracker.gate import safe_next
from tracker.initiatives.models import Initiative

pages = Blueprint("initiatives", __name__)


def onward(initiative: Initiative) -> str:
    """Return where an act leads back to: the page that it was opened from, else that of the initiative."""
    return safe_next(request.args.get("back")) or url_for("initiatives.show", ref=initiative.ref)


def address(endpoint: str, **arguments: Any) -> str | None:
    """Return the address of another room's page, or None while that room is not open."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **arguments)
