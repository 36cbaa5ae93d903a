"""The cookie of a session, read and signed as Flask does it, but for what signs: that is made once, and not twice in each request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """Keeps what signs for as long as the key of the application, and those that it took the place of, are the same."""

    _kept: tuple[Any, Any] = ((), None)  # the keys, and what was made of them

    def get_signing_serializer(self, app: Flask) -> Any:
        """Return what signs with the keys of `app`; None without one."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        known, signs = self._kept
        if known != keys:
            signs = super().get_signing_serializer(app)
            self._kept = (keys, signs)
        return signs


def init_app(app: Flask) -> None:
    """Let `app` keep its sessions in such cookies."""
    app.session_interface = Cookies()
