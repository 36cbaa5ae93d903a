"""A measured server and what one does with it: sign in, post, and see what it costs."""

from __future__ import annotations

import http.client
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from tests.bench.serving import READY
from tests.live import children, environment, free_port
from tests.signed_in import held_by
from tracker.config import settings_from_environment


class Service:
    """The server of `tests.bench.serving` on a database; a context manager that stops it."""

    def __init__(self, database: str, settings: dict[str, str]) -> None:
        """`settings` are the `TRACKER_*` variables that name the data; `database` is what figures call it."""
        self.database = database
        self.settings = settings
        self.port = free_port()
        self._app = Flask("bench")
        self._app.secret_key = settings_from_environment(settings)["SECRET_KEY"]
        self._secret = secrets.token_hex(20)

    def __enter__(self) -> Service:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.serving"],
            env=environment(Path(self.settings["TRACKER_DATA_DIR"]), TRACKER_PORT=str(self.port), **self._more()),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        line = self.process.stdout.readline() if self.process.stdout else ""
        if line.strip() != READY:
            self.__exit__()
            raise RuntimeError("The server did not start.")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        if self.process.stdout:
            self.process.stdout.close()

    def _more(self) -> dict[str, str]:
        return {key: value for key, value in self.settings.items() if key != "TRACKER_DATA_DIR"}

    def cookie(self, person_id: int) -> str:
        """Return the cookie of a session of this person, for the header of that name."""
        return self._cookie(_user_id=held_by(person_id), _fresh=False)

    def stranger(self) -> str:
        """Return the cookie of somebody who is not signed in."""
        return self._cookie()

    def _cookie(self, **session: Any) -> str:
        serializer: Any = SecureCookieSessionInterface().get_signing_serializer(self._app)
        return f"tracker={serializer.dumps({**session, 'csrf_token': self._secret})}"

    def token(self) -> str:
        """Return the token with which every session of `cookie` and `stranger` may post."""
        signer = URLSafeTimedSerializer(str(self._app.secret_key), "wtf-csrf-token")
        return str(signer.dumps(self._secret))

    def post(self, path: str, body: bytes = b"") -> None:
        """Post to one of the bench's own addresses."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("POST", path, body)
        line.getresponse().read()
        line.close()

    @property
    def processes(self) -> list[int]:
        """The supervisor and its workers."""
        return [self.process.pid, *children(self.process.pid)]


def cpu_seconds(pids: list[int]) -> float:
    """Return the time that these processes have spent on a core, threads and system calls included."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
