"""Who asks, from the cookies alone: checked as Flask checks a session, and remembered for as long as it holds."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from typing import Any

from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Request

from tracker.boards.live import Asked
from tracker.boards.prepared import roomy
from tracker.organisation.sign_ins import key_of

PREFIX, CELLS = "/boards/", "cells"
MOST_SAID = 4096  # characters; whoever says more goes the long road, where nothing of it is kept


class Visit:
    """Somebody's request, to be answered again and again: what its cookies say, and what it asks for."""

    __slots__ = ("address", "asked", "flashed", "key", "poll", "token", "until")

    def __init__(
        self, asked: Asked, session: Mapping[str, Any], token: str | None, until: float
    ) -> None:
        self.asked = asked
        self.poll = not asked.counts
        self.token = token  # to post with; None when the session has none yet
        self.flashed = bool(session.get("_flashes"))  # a message waits for the next page
        self.until = until  # on the monotonic clock
        self.address = (asked.slug, asked.text)
        self.key = (*self.address, asked.session[0])


class Visits:
    """Reads the cookies of one application's visitors."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[Hashable, Visit] = {}

    def of(self, environ: Mapping[str, Any]) -> Visit | None:
        """Return who asks for which board; None without a session that this application signed and that is young enough."""
        get = environ.get
        said = (
            get("PATH_INFO"),
            get("QUERY_STRING"),
            get("HTTP_COOKIE"),
            get("HTTP_ACCEPT_LANGUAGE"),
        )
        visit = self._known.get(said)
        if visit is None or visit.until < time.monotonic():
            if sum([len(text or "") for text in said]) > MOST_SAID:
                return None
            visit = self._checked(environ)
            if visit is not None:
                roomy(self._known)[said] = visit
        return visit

    def clear(self) -> None:
        """Forget everybody."""
        self._known.clear()

    def _checked(self, environ: Mapping[str, Any]) -> Visit | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        slug, *rest = path[len(PREFIX) :].split("/")
        if (
            not slug
            or "\x00" in path
            or "%00" in environ.get("QUERY_STRING", "")
            or rest not in ([], [CELLS])
        ):
            return None
        cookies = Request(dict(environ)).cookies
        interface: Any = self._app.session_interface
        serializer = interface.get_signing_serializer(self._app)
        longest = int(self._app.permanent_session_lifetime.total_seconds())
        given = cookies.get(interface.get_cookie_name(self._app), "")
        try:
            session, signed = serializer.loads(given, max_age=longest, return_timestamp=True)
        except BadSignature:
            return None
        held = key_of(str(session.get("_user_id", "")))
        if held is None:
            return None
        asked = Asked(
            slug, environ.get("QUERY_STRING", ""), held, counts=not rest,
            wanted=f"{cookies.get('language', '')} {environ.get('HTTP_ACCEPT_LANGUAGE', '')}",
        )  # fmt: skip
        age = serializer.make_signer(serializer.salt).get_timestamp() - signed.timestamp()
        token = self._token(session.get("csrf_token"))
        return Visit(asked, session, token, time.monotonic() + longest - age)

    def _token(self, secret: str | None) -> str | None:
        """Return the token that Flask-WTF makes of the secret in a session; it signs the time too, which nobody asks for."""
        if secret is None or self._app.config.get("WTF_CSRF_TIME_LIMIT") is not None:
            return None
        return str(
            URLSafeTimedSerializer(str(self._app.secret_key), "wtf-csrf-token").dumps(secret)
        )
