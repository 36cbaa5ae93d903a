"""Forms as a browser sends them, one connection each, and what was answered; for servers that may vanish at any moment."""

from __future__ import annotations

import http.client
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from tests.signed_in import held_by

GONE = (OSError, http.client.HTTPException)  # what a client sees of a server that was killed


@dataclass
class Sent:
    """One form: what it does (`kind`), the word by which its effect is found, and whether it was acknowledged."""

    kind: str
    word: str
    path: str
    fields: dict[str, Any]
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    file: bytes | None = None
    status: int | None = None  # None: no answer came
    location: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.status == 303 and not self.location.startswith("/sign-in")


class Browser:
    """Somebody at work; `person` as in the cast, `secret_key` as the server signs its sessions."""

    def __init__(self, port: int, person: Any, secret_key: str) -> None:
        app = Flask("browser")
        app.secret_key = secret_key
        secret = secrets.token_hex(20)
        session = {
            "_user_id": held_by(person.id, person.epoch),
            "_fresh": True,
            "csrf_token": secret,
        }
        signing: Any = SecureCookieSessionInterface().get_signing_serializer(app)
        self._cookie = f"tracker={signing.dumps(session)}"
        self._token = str(URLSafeTimedSerializer(secret_key, "wtf-csrf-token").dumps(secret))
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of a page. Raises one of `GONE`."""
        self._line.request("GET", path, headers={"Cookie": self._cookie})
        answer = self._line.getresponse()
        return answer.status, answer.read().decode()

    def version(self, path: str) -> str:
        """Return the version that the form at `path` is filled from. Raises one of `GONE`, `LookupError` without one."""
        found = re.search(r'name="version" value="(-?\d+)"', self.get(path)[1])
        if found is None:
            raise LookupError(path)
        return found[1]

    def send(self, form: Sent) -> Sent:
        """Send it, and note in it what was answered. Raises one of `GONE` when nothing was."""
        fields = form.fields | {"csrf_token": self._token, "once": form.once}
        kind, body = _multipart(fields, form.file) if form.file else _plain(fields)
        headers = {"Cookie": self._cookie, "Content-Type": kind}
        self._line.request("POST", form.path, body, headers)
        answer = self._line.getresponse()
        answer.read()
        form.status, form.location = answer.status, answer.headers.get("Location", "")
        return form

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _plain(fields: dict[str, Any]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields, doseq=True).encode()


def _multipart(fields: dict[str, Any], file: bytes) -> tuple[str, bytes]:
    mark = secrets.token_hex(12)
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = b'name="file"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n'
    lines = [
        b"--%b\r\nContent-Disposition: form-data; %b\r\n" % (mark.encode(), part)
        for part in [*parts, head + file]
    ]
    return f"multipart/form-data; boundary={mark}", b"".join(lines) + f"--{mark}--\r\n".encode()
