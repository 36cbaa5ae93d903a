"""What stands at addresses that every site has: whom to tell of a weakness, and where one changes a password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, url_for

from tracker.clock import now
from tracker.gate import public

pages = Blueprint("well_known", __name__)
HOLDS = timedelta(days=180)


@pages.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Say whom to tell of a weakness (RFC 9116); 404 where no contact is set."""
    contact = current_app.config.get("SECURITY_CONTACT")
    if not contact:
        abort(404)
    lines = (
        f"Contact: {contact}",
        f"Expires: {now() + HOLDS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, zh, fa",
        f"Canonical: {current_app.config['BASE_URL']}/.well-known/security.txt",
    )
    text = "\n".join(lines) + "\n"
    return Response(text, 200, content_type="text/plain; charset=utf-8")


@pages.get("/.well-known/change-password")
@public
def change_password() -> Any:
    """Lead to the page on which one changes a password (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect(url_for("organisation.profile", _anchor="password-title"), 303)
