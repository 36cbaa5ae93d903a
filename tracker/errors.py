"""What can go wrong on purpose, and the one place that turns each into a page or a fragment."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from tracker.db import db
from tracker.meeting import OPENED, met, unpacked
from tracker.typed import settled, typed

log = logging.getLogger(__name__)
KEEPS = frozenset({409, 422, 500, 503})  # after these the same words may be sent again

answered_before: list[
    Callable[[], None]
] = []  # each raises `Repeated` for a submit that was acted on


class Said(Exception):
    """An answer in plain words; `status` is the HTTP status it becomes."""

    status = 400

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


class NotNow(Said):
    """The rules do not allow this act in the present state (409)."""

    status = 409


class Refused(Said):
    """The person may see this but not do it (403)."""

    status = 403


class Missing(Said):
    """It does not exist, or not for this person: the two answer alike (404)."""

    status = 404


class Unfit(Exception):
    """The database is at another revision, `found`, than this program knows, `newest` (503)."""

    def __init__(self, found: str | None, newest: str) -> None:
        super().__init__(found, newest)
        self.found, self.newest = found or "0", newest


class Stale(Said):
    """Somebody saved first (409). The page shows both texts, field by field.

    `form` holds what was typed, `theirs` what stands now as {field name: value}, `version` what to save against, and
    `told` the newest line of the trail about it: who, and when.
    """

    status = 409

    def __init__(self, form: Any, theirs: dict[str, Any], version: int, told: Any = None) -> None:
        super().__init__()
        self.form, self.theirs, self.version, self.told = form, theirs, version, told


class Repeated(Exception):
    """The same submit came a second time: answer as the first did."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def titles() -> dict[int, tuple[str, str]]:
    """Return, by status, the heading and what to do next."""
    return {
        400: (_("The request could not be read"), _("Go back, reload the page and try again.")),
        403: (
            _("This is not yours to do"),
            _("Ask the lead, or whoever the page names as responsible."),
        ),
        404: (_("There is nothing here"), _("The address may be wrong, or it is not open to you.")),
        405: (_("This address does not take that"), _("Go back and use the buttons of the page.")),
        408: (
            _("Your request did not arrive whole"),
            _("Nothing was changed. Look at your connection, then send it again."),
        ),
        409: (_("Not now"), _("Nothing was changed.")),
        413: (_("That is too large"), _("A file may have up to 10 MB.")),
        422: (_("Something needs another look"), _("Nothing was changed.")),
        429: (_("Too many tries"), _("Wait a few minutes, then try again.")),
        500: (
            _("Something broke on our side"),
            _("Nothing half-done was kept. Try again; if it stays, tell us the number below."),
        ),
        503: (_("Busy or under repair"), _("Nothing was lost. Try again in a few seconds.")),
    }


def answer(
    status: int, words: str = "", headers: dict[str, str] | None = None
) -> tuple[str, int, dict[str, str]]:
    """Return the page, or for htmx the fragment, that says what happened, and keeps what was typed."""
    if status >= 500:
        without_the_database()
    g.nowhere = status == 404
    heading, remedy = titles().get(status) or titles()[500 if status >= 500 else 400]
    swap = bool(asked := getattr(request, "htmx", None)) and not asked.boosted
    page = "errors/_error.html" if swap else "errors/error.html"
    body = render_template(
        page,
        status=status,
        heading=heading,
        words=words,
        remedy=remedy,
        request_id=g.get("request_id", ""),
        bare=status >= 500,
        typed=typed(undone=status >= 500) if status in KEEPS else None,
    )
    return body, status, {"Vary": "HX-Request", **(headers or {})}


def without_the_database() -> None:
    """Let the page of a failure be drawn without the database, which may be what failed; it reads as pages did before."""
    g._login_user = AnonymousUserMixin()
    g.nav = []
    g.viewer = g.get("looks")
    g.organisation = g.viewer.organisation if g.viewer else None


def conflict(stale: Stale) -> tuple[str, int, dict[str, str]]:
    """Return the page that shows both texts side by side and lets one choose."""
    fields = met(stale.form, stale.theirs, unpacked(request.form.get(OPENED)))
    named = {field.name for field in fields}
    body = render_template(
        "errors/conflict.html",
        fields=fields,
        kept=typed(undone=False, without=named),
        form=stale.form,
        told=stale.told,
        action=request.full_path.rstrip("?"),
        version=stale.version,
        stands={name: stale.theirs[name] for name in stale.theirs if name in named},
    )
    return body, 409, {"HX-Retarget": "body", "HX-Reswap": "outerHTML", "Vary": "HX-Request"}


def _said(error: Said) -> Any:
    db.session.rollback()
    if isinstance(error, Stale):
        return conflict(error)
    try:
        if request.method == "POST":
            settled()
            for look in answered_before:
                look()
    except Repeated as repeated:  # what is refused now is what one's own first click did
        return _repeated(repeated)
    later = {"Retry-After": "5"} if error.status == 503 else None
    return answer(error.status, error.words, later)


def _repeated(error: Repeated) -> BaseResponse:
    db.session.rollback()
    return redirect(error.location, 303)


def _forged(_error: CSRFError) -> Any:
    return answer(
        400,
        _("This page was open for too long, or did not come from here. Reload it and send again."),
    )


def _nowhere(error: BadHost) -> Any:
    """Answer a request for a host that cannot be: without an address no page can be drawn."""
    return error.get_response()


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    db.session.rollback()
    return answer(
        error.code,
        headers={"Allow": ", ".join(error.valid_methods or [])}
        if isinstance(error, MethodNotAllowed)
        else None,
    )


def broken(error: Exception) -> Any:
    """Answer a fault of ours (500), and write it down."""
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    log.error("unexpected error", exc_info=error, extra={"request_id": g.get("request_id")})
    db.session.rollback()
    return answer(500)


HANDLERS: dict[type[Exception], Callable[[Any], Any]] = {
    Said: _said,
    Repeated: _repeated,
    CSRFError: _forged,
    BadHost: _nowhere,
    HTTPException: _http,
    Exception: broken,
}


def init_app(app: Flask) -> None:
    """Turn every error into an answer. Whatever was half done is rolled back first."""
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, handler)
