"""The server that is measured: the shipped one with its own settings, and two yardsticks beside it.

`python -m tests.bench.serving` reads the `TRACKER_*` variables like `tracker serve`; it neither migrates nor seeds. The
yardsticks stand in the same process, in front of everything that the application does for a request: `/_b/page` gives
back the bytes that were posted to it, `/_b/empty` is a bare 304, `/_b/bare` a move in plain Flask (bare.py), `/_b/hash` a
password that is looked at. `/_b/cold` and `/_b/warm` (posts) switch the page cache.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask

from tests.bench import bare
from tracker import create_app, serve
from tracker.config import settings_from_environment
from tracker.organisation import passwords

READY = "ready"
HTML = [("Content-Type", "text/html; charset=utf-8")]


class Yardsticks:
    """Answers its own addresses at once and passes everything else on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.behind = app.wsgi_app
        self.page = b""
        self.bare = bare.made(dict(app.config))

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/_b/"):
            return self.behind(environ, start)
        if path.startswith(bare.PREFIX):
            return self.bare(environ, start)
        if path == "/_b/hash":
            self._look_at_a_hash()
        if path == "/_b/empty":
            start("304 NOT MODIFIED", [])
            return [b""]
        if environ["REQUEST_METHOD"] == "POST":
            self._switch(path, environ["wsgi.input"].read())
        start("200 OK", HTML)
        return [self.page]

    def _look_at_a_hash(self) -> None:
        with self.app.app_context():
            if not passwords.matches(self._hash(), "a password"):
                raise RuntimeError("The hash of the yardstick does not match.")

    @cache  # noqa: B019 - there is one of it, for as long as the process lives
    def _hash(self) -> str:
        return passwords.hashed("a password")

    def _switch(self, path: str, body: bytes) -> None:
        if path == "/_b/page":
            self.page = body
        else:
            self.app.config["BOARD_CACHE_OFF"] = path == "/_b/cold"


def measured(settings: dict[str, Any]) -> Flask:
    """Return the application as it is shipped, with the yardsticks in front."""
    app = create_app(settings)
    app.wsgi_app = Yardsticks(app)  # type: ignore[method-assign]
    return app


def main() -> None:
    """Serve until SIGTERM; says "ready" once it answers."""
    settings = settings_from_environment(os.environ)
    serve.create_app = measured  # the worker is a fork of this process
    bare.prepare(bare.made(settings))
    ip = serve.check_address(settings["HOST"], settings["PORT"])
    serve.run(settings, ip=ip, ready=lambda: print(READY, flush=True))


if __name__ == "__main__":
    main()
