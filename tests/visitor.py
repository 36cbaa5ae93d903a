"""Somebody at a running server, over real connections: signs in, reads, sends forms, and knows how long each took."""

from __future__ import annotations

import html
import http.client
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tracker.demo.accounts import ACCOUNTS

LATE = 20  # seconds after which a test gives up


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    text: str
    took: float

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the last form that has one of this name."""
        found = re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', self.text)
        return html.unescape(found[-1])


@dataclass
class Visitor:
    """One browser's worth of cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Send one request on a connection of its own."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LATE)
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        took = time.monotonic() - began
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text, took)

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, once: str = "", **fields: Any) -> Answer:
        """Send a form with the token of this visitor's session."""
        said = {"csrf_token": self.token, "once": once or f"{time.monotonic_ns()}", **fields}
        return self.ask("POST", path, urlencode(said))

    def sign_in(self, role: str = "manager") -> Visitor:
        """Come in as one of the demo's accounts."""
        account = next(one for one in ACCOUNTS if one.role == role)
        self.token = self.get("/sign-in").hidden("csrf_token")
        came = self.post("/sign-in", email=account.email, password=account.password)
        assert came.status == 303, came.text
        self.token = self.get("/boards/new").hidden("csrf_token")
        return self
