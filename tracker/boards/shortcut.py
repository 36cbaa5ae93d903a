"""The short road to a board that looks as it did: it stands before Flask, so it decides everything by itself.

A page that is kept and a poll with nothing new need the session, one statement, and nothing else: no request context, no
ORM, no form, no template. Whatever is not plain goes on to the long road, which is the same for every page; the
fingerprint that was read goes with it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from flask import Flask, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request

from tracker.boards.kept import Pages, whole
from tracker.boards.live import Asked, Viewed, Watch, roomy
from tracker.clock import now
from tracker.db import db

log = logging.getLogger(__name__)

PREFIX, CELLS = "/boards/", "cells"
VIEWED = "tracker.boards.viewed"  # in the environment of a request that goes the long road
HTML = "text/html; charset=utf-8"
# What an answer depends on.
SAID = ("PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE")
Answer = tuple[str, list[tuple[str, str]], bytes]


class Visit:
    """Somebody's request, to be answered again and again: what its cookies say, checked once, and what it asks for."""

    __slots__ = ("asked", "flashed", "key", "poll", "token", "until")

    def __init__(
        self, asked: Asked, session: Mapping[str, Any], token: str | None, until: float
    ) -> None:
        self.asked = asked
        self.poll = not asked.counts
        self.token = token  # to post with; None when the session has none yet
        self.flashed = bool(session.get("_flashes"))  # a message waits for the next page
        self.until = until  # on the monotonic clock
        self.key = key(asked.slug, asked.text, self.poll, asked.session[0])


class Shortcut:
    """Stands in front of an application as WSGI middleware."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.behind = app.wsgi_app
        self.pages = Pages()
        self._watch: Watch | None = None
        self._visits: dict[Hashable, Visit] = {}
        self._headers: list[tuple[str, str]] | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].startswith(PREFIX):
            answer = self.answer(environ)
            if answer is not None:
                start(answer[0], answer[1])
                return [answer[2]]
        return self.behind(environ, start)

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """Return status, headers and body, or None where the long road has to answer."""
        visit = self._visit(environ)
        if visit is None:
            return None
        try:
            viewed = self.watch.look(visit.asked, now(self.app))
        except (SQLAlchemyError, self.watch.error):
            log.info("a fingerprint could not be read", exc_info=True)
            return None
        if viewed is None:
            return None
        if visit.poll and viewed.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 NOT MODIFIED", _conditions(viewed), b""
        environ[VIEWED] = viewed
        if visit.token is None or (visit.flashed and not visit.poll) or not self.keeps:
            return None
        parts = self.pages.get(visit.key, state(viewed))
        if parts is None:
            return None
        body = whole(parts, visit.token)
        length = ("Content-Length", str(len(body)))
        return "200 OK", [*_conditions(viewed), length, *self.headers], body

    @property
    def keeps(self) -> bool:
        """Whether rendered boards are kept; a setting of the benchmark switches it off."""
        return not self.app.config.get("BOARD_CACHE_OFF", False)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What every page of the application carries, asked of it once."""
        if self._headers is None:
            scheme = "https" if self.app.config["SESSION_COOKIE_SECURE"] else "http"
            with self.app.test_request_context(PREFIX, base_url=f"{scheme}://localhost"):
                page = self.app.process_response(Response(content_type=HTML))
            usual = {"content-length", "vary", "cache-control"}
            self._headers = [pair for pair in page.headers if pair[0].lower() not in usual]
        return self._headers

    def forget(self) -> None:
        """Forget everything that is kept, as if the application had just started."""
        self.pages.clear()
        self._visits.clear()
        if self._watch is not None:
            self._watch.forget()

    @property
    def watch(self) -> Watch:
        """What reads fingerprints; made when the first is wanted, after the server has forked."""
        if self._watch is None:
            with self.app.app_context():
                self._watch = Watch(db.engine)
        return self._watch

    def _visit(self, environ: dict[str, Any]) -> Visit | None:
        """Return who asks for what; None without a session that this application signed and that is young enough."""
        said = tuple([environ.get(name) for name in SAID])
        visit = self._visits.get(said)
        if visit is None or visit.until < time.monotonic():
            visit = self._checked(environ)
            if visit is not None:
                roomy(self._visits)[said] = visit
        return visit

    def _checked(self, environ: dict[str, Any]) -> Visit | None:
        slug, _, rest = environ["PATH_INFO"][len(PREFIX) :].partition("/")
        if not slug or rest not in {"", CELLS}:
            return None
        cookies = Request(environ).cookies
        interface: Any = self.app.session_interface
        serializer = interface.get_signing_serializer(self.app)
        longest = int(self.app.permanent_session_lifetime.total_seconds())
        given = cookies.get(interface.get_cookie_name(self.app), "")
        try:
            session, signed = serializer.loads(given, max_age=longest, return_timestamp=True)
        except BadSignature:
            return None
        person, _, epoch = str(session.get("_user_id", "")).partition(".")
        if not (person.isdecimal() and epoch.isdecimal()):
            return None
        asked = Asked(
            slug, environ.get("QUERY_STRING", ""), (int(person), int(epoch)), counts=rest != CELLS,
            wanted=f"{cookies.get('language', '')} {environ.get('HTTP_ACCEPT_LANGUAGE', '')}",
        )  # fmt: skip
        age = serializer.make_signer(serializer.salt).get_timestamp() - signed.timestamp()
        token = self._token(session.get("csrf_token"))
        return Visit(asked, session, token, time.monotonic() + longest - age)

    def _token(self, secret: str | None) -> str | None:
        """Return the token that Flask-WTF makes of the secret in a session; it signs the time too, which no one asks for."""
        if secret is None or self.app.config.get("WTF_CSRF_TIME_LIMIT") is not None:
            return None
        return str(URLSafeTimedSerializer(str(self.app.secret_key), "wtf-csrf-token").dumps(secret))


def key(slug: str, text: str, poll: bool, person_id: int) -> tuple[Hashable, ...]:
    """Return the name under which a rendered board, or its cells alone, is kept for one person."""
    return slug, text, poll, person_id


def state(viewed: Viewed) -> tuple[Hashable, ...]:
    """Return what must be the same for a kept page to be answered with."""
    return viewed.mark, viewed.counts


def _conditions(viewed: Viewed) -> list[tuple[str, str]]:
    return [
        ("ETag", viewed.tag),
        ("Vary", "HX-Request, Cookie"),
        ("Cache-Control", "no-store"),
    ]
