"""What stands in front of everything: a request gets its number, all of its body, and one of the few places to work.

The server has more threads than places: whoever sends a body slowly, or waits for a place, holds a thread and nothing
else, while pages for others, and the questions of whatever watches over the process, are answered.
"""

from __future__ import annotations

import logging
import random
import re
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from time import monotonic, perf_counter
from typing import Any

from flask import Flask

from tracker import bodies, patience
from tracker.bodies import CUT_SHORT, TOO_MANY, Bodies
from tracker.metrics import counts
from tracker.whence import Hosts, Proxies

REQUEST_ID = "tracker.request_id"  # in the environment of a request
ROUTE, PERSON = "tracker.route", "tracker.person"  # there too, once they are known
OTHER_HOST = "tracker.other_host"  # there too, when a host is asked for that is none of ours
NO_BODY = "tracker.no_body"  # there too, when less came than was announced
NO_PLACE = "tracker.no_place"  # when the database is silent and everybody waits for it, or too many are still sending

# In an application's extensions: given an environment, the headers of an answer that says "as you know it", told from memory
# alone, or None. It needs no place to work.
UNCHANGED = "unchanged"

PLACES = 4  # requests that are worked on at the same time
# Seconds that a form waits for the one before it, outside of any place. Forms all want to write, one after the other:
# worked on at once they only take the interpreter out of each other's hands. A slow one holds up nobody for longer.
IN_LINE = 0.05
# A password that is looked at keeps a core busy: more of them at once are no quicker, and would take the places of others.
SIGN_IN, DOORS, AT_THE_DOOR = "/sign-in", 2, 2.0  # the last in seconds
LONGEST_WAIT = 1.5  # seconds for a place while the database is silent
FREE = (
    "/health/",
    "/static/",
    "/metrics",
)  # need no place: they are quick, or must always be answered
KNOWN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

access = logging.getLogger("tracker.access")
Start = Callable[..., Any]


class Front:
    """WSGI middleware around an application; what `app.wsgi_app` was before stands behind it."""

    def __init__(self, app: Flask) -> None:
        self.behind = app.wsgi_app
        self.unchanged: Callable[[dict[str, Any]], Any] | None = app.extensions.get(UNCHANGED)
        self.bodies = Bodies(app.config.get("MAX_CONTENT_LENGTH"))
        # Quicker than a semaphore, which polls would feel.
        self.places: SimpleQueue[None] = SimpleQueue()
        for _ in range(PLACES):
            self.places.put(None)
        self.line, self.doors = threading.Semaphore(1), threading.Semaphore(DOORS)
        self.writes_access = bool(app.config.get("ACCESS_LOG"))
        self.proxies = Proxies(app.config.get("TRUSTED_PROXIES", ()))
        self.hosts = Hosts(app.config)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        number = environ[REQUEST_ID] = self._number(environ)
        began, ours = perf_counter(), self.hosts.asked(environ)
        if ours and "HTTP_IF_NONE_MATCH" in environ and not _has_body(environ):
            kept = self.unchanged(environ) if self.unchanged else None
            if kept is not None:
                start("304 NOT MODIFIED", [*kept, ("X-Request-ID", number)])
                self._note(environ, 304, perf_counter() - began)
                return [b""]
        if not ours:
            environ[OTHER_HOST] = True
        return self._answered(environ, start, number, began)

    def _answered(
        self, environ: dict[str, Any], start: Start, number: str, began: float
    ) -> Iterable[bytes]:
        told = ["500"]

        def numbered(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told[0] = status
            return start(status, [*headers, ("X-Request-ID", number)], *more)

        wrong = self.bodies.gather(environ)
        if wrong == CUT_SHORT:
            environ[NO_BODY] = True
        elif wrong == TOO_MANY:
            environ[NO_PLACE] = True
        try:
            return self._worked_on(environ, numbered)
        finally:
            self._note(environ, int(told[0][:3]), perf_counter() - began)

    def _note(self, environ: dict[str, Any], status: int, seconds: float) -> None:
        """Count the answer, and write it down where that is wished for."""
        method, route = environ["REQUEST_METHOD"], environ.get(ROUTE) or "none"
        counts.request(method if method in METHODS else "other", route, status, seconds)
        if self.writes_access:
            said = {
                "request_id": environ[REQUEST_ID],
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "person": environ.get(PERSON),
            }
            access.info("%s %s %s", method, route, status, extra=said)

    def _number(self, environ: dict[str, Any]) -> str:
        """Return the number that a trusted proxy gave this request, else a new one."""
        if self.proxies and self.proxies.know(environ.get("REMOTE_ADDR") or ""):
            given = environ.get("HTTP_X_REQUEST_ID", "")
            if KNOWN_ID.fullmatch(given):
                return given
        return f"{random.getrandbits(64):016x}"  # a name and no secret

    def _worked_on(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        free = NO_PLACE in environ or environ["PATH_INFO"].startswith(FREE)
        if free or environ["REQUEST_METHOD"].upper() != "POST":
            return self._placed(environ, start, free=free)
        door = environ["PATH_INFO"] == SIGN_IN
        queue, longest = (self.doors, AT_THE_DOOR) if door else (self.line, IN_LINE)
        waited = queue.acquire(timeout=longest)
        try:
            return self._placed(environ, start, free=False)
        finally:
            if waited:
                queue.release()

    def _placed(self, environ: dict[str, Any], start: Start, *, free: bool) -> Iterable[bytes]:
        placed = not free and self._takes_place()
        if not (free or placed):
            environ[NO_PLACE] = True
        patience.begin()
        try:
            return self.behind(environ, start)
        finally:
            patience.end()
            bodies.let_go(environ)
            if placed:
                self.places.put(None)

    def _takes_place(self) -> bool:
        """Wait for a place; False when the database is silent, so that none will become free in time."""
        began = monotonic()
        while True:
            try:
                self.places.get(timeout=0.2)
            except Empty:
                if patience.silent() and monotonic() - began >= LONGEST_WAIT:
                    return False
            else:
                return True


def _has_body(environ: dict[str, Any]) -> bool:
    return bool(environ.get("CONTENT_LENGTH")) or "HTTP_TRANSFER_ENCODING" in environ


def init_app(app: Flask) -> None:
    """Put the front before everything else that stands before `app`."""
    app.wsgi_app = Front(app)  # type: ignore[method-assign]
