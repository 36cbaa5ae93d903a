"""Who sends headers and then nothing holds up nobody else, and is cut off in the end.

Planted, each seen red: `bodies.gather` left out of the front (the reads of others hang); `_cut_off` doing nothing, or cutting off
everybody; the place of a body kept; a short body handed on as if it were whole; every client's number believed.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Tab
from tests.live import Server
from tests.promises import LONG, full
from tests.visitor import Visitor
from tracker import bodies
from tracker.bodies import CUT_SHORT, TOO_MANY, Bodies
from tracker.whence import Proxies

IN_TIME = 3.5  # seconds: two, and what a shared machine takes
HEAD = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def silent(port: int) -> socket.socket:
    """Announce a body and send a little of it."""
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(f"{HEAD}Content-Length: 100\r\n\r\nemail=a".encode())
    return line


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who was silent")
def test_silent_connections_hold_up_nobody(live_server: Server, promise: Any) -> None:
    how_many = full(8, 40)
    visitor = Visitor(live_server.port)
    with contextlib.ExitStack() as lines:
        held = [lines.enter_context(silent(live_server.port)) for _ in range(how_many)]
        answers = [
            visitor.get("/sign-in"),
            visitor.get("/health/live"),
            visitor.get("/health/ready"),
        ]
        visitor.token = answers[0].hidden("csrf_token")
        answers.append(visitor.post("/sign-in", email="x@example.org", password="no such"))
        assert [one.status for one in answers] == [200, 200, 200, 422]
        slowest = max(one.took for one in answers)
        assert slowest < IN_TIME
        if LONG:  # it takes the ten seconds that they may be silent
            told = held[0].recv(4096)
            assert told.startswith(b"HTTP/1.1 408 ")
            assert b"did not arrive whole" in told + held[0].recv(65536)
    promise("silent senders hold up nobody", tried=how_many, slowest=f"{slowest:.2f} s")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who was silent")
def test_who_was_silent_is_cut_off_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SILENCE", 0.2)
    with contextlib.ExitStack() as open_:
        listening = [open_.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in "ab"]
        clients = [
            open_.enter_context(socket.create_connection(one.getsockname())) for one in listening
        ]
        servers = [open_.enter_context(one.accept()[0]) for one in listening]
        late = {("127.0.0.1", str(listening[0].getsockname()[1]))}
        clients[0].sendall(b"x")
        assert servers[0].recv(9) == b"x"
        bodies._cut_off(late)
        servers[0].settimeout(0.5)
        with pytest.raises(TimeoutError):
            servers[0].recv(9)  # it sent something a moment ago
        bodies._cut_off(late)
        assert servers[0].recv(9) == b""
        servers[1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            servers[1].recv(9)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who was silent")
def test_looking_for_who_is_silent_leaves_nothing_open() -> None:
    """Planted: the copy of what is no socket left open, as it was: every look took as many descriptors again."""
    with tempfile.TemporaryFile(), socket.socket(), socket.socket(socket.AF_UNIX):
        before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208
        bodies._cut_off({("127.0.0.1", "1")})
        assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


class Slow(io.BytesIO):
    """A body of which nothing comes until it is let go."""

    def __init__(self, held: threading.Event) -> None:
        super().__init__(b"x" * 10)
        self.held = held

    def read(self, size: int | None = -1) -> bytes:
        self.held.wait(10)
        return super().read(size)


def test_more_than_may_wait_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the place not given back."""
    monkeypatch.setattr(bodies, "WAITING", 1)
    reader, held, first = Bodies(None), threading.Event(), {"CONTENT_LENGTH": "10"}
    sender = threading.Thread(target=reader.gather, args=({**first, "wsgi.input": Slow(held)},))
    sender.start()
    while not reader._waiting:
        pass
    second = {**first, "wsgi.input": io.BytesIO(b"x" * 10)}
    assert reader.gather(second) == TOO_MANY
    assert second["CONTENT_LENGTH"] == "0"
    held.set()
    sender.join()
    third = {**first, "wsgi.input": io.BytesIO(b"x" * 10)}
    assert reader.gather(third) == ""
    assert third["wsgi.input"].read() == b"x" * 10


def test_what_is_shorter_than_announced_is_not_acted_on() -> None:
    environ: dict[str, Any] = {"CONTENT_LENGTH": "11", "wsgi.input": io.BytesIO(b"x" * 10)}
    assert Bodies(None).gather(environ) == CUT_SHORT
    assert environ["wsgi.input"].read() == b""


def test_a_body_without_a_length_is_gathered_too() -> None:
    environ: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"ab")}
    assert Bodies(100).gather(environ) == ""
    with environ["wsgi.input"] as body:
        assert (environ["CONTENT_LENGTH"], body.read()) == ("2", b"ab")


def test_the_number_of_a_request_is_told_and_a_proxy_may_give_it(
    app: Flask, as_: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: every client's number believed; one with a line break in it believed."""
    asked = {"X-Request-ID": "from-the-proxy-7"}
    assert as_(None).get("/sign-in", headers=asked).headers["X-Request-ID"] != asked["X-Request-ID"]
    monkeypatch.setattr(app.wsgi_app, "proxies", Proxies(["127.0.0.1"]))
    assert as_(None).get("/sign-in", headers=asked).headers.getlist("X-Request-ID") == [
        "from-the-proxy-7"
    ]
    for wrong in ("short", "<script>alert(1)</script>", "x" * 65):
        told = as_(None).get("/sign-in", headers={"X-Request-ID": wrong}).headers["X-Request-ID"]
        assert len(told) == 16
