"""Forms are worked on one after the other, pages beside them, and a slow form holds up nobody for long."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from tracker import front


class Desk:
    """An application that counts who is inside at the same time. `/slow` stays until it is let go."""

    def __init__(self) -> None:
        self.counting = threading.Lock()
        self.inside = self.most = 0
        self.slow_is_in, self.let_go = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with self.counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if environ["PATH_INFO"] == "/slow":
            self.slow_is_in.set()
            self.let_go.wait(20)
        else:
            threading.Event().wait(0.002)  # as long as an answer of the database takes
        with self.counting:
            self.inside -= 1
        start("200 OK", [])
        return [b"done"]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, front.Front]:
    app, inside = Flask("desk"), Desk()
    app.config.update(BASE_URL="http://localhost", ENVIRONMENT="demo")
    monkeypatch.setattr(app, "wsgi_app", inside)
    return inside, front.Front(app)


def ask(before: front.Front, method: str, path: str = "/") -> str:
    return run_wsgi_app(before, create_environ(path, method=method))[1]


def test_forms_come_one_after_the_other_and_pages_at_once(
    desk: tuple[Desk, front.Front], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `line` never taken (four forms at once); taken by pages too (never two at once)."""
    inside, before = desk
    monkeypatch.setattr(front, "IN_LINE", 20.0)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: ask(before, "POST"), range(40))) == {"200 OK"}
        assert inside.most == 1
        assert set(pool.map(lambda _: ask(before, "GET"), range(40))) == {"200 OK"}
    assert inside.most > 1


def test_a_slow_form_holds_up_nobody_for_long(desk: tuple[Desk, front.Front]) -> None:
    """Planted: `acquire()` without an end (the second form is never answered); `line` not given back."""
    inside, before = desk
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(ask, before, "POST", "/slow")
        try:
            assert inside.slow_is_in.wait(20)
            assert ask(before, "GET") == "200 OK"
            assert pool.submit(ask, before, "POST").result(20) == "200 OK"
            assert not slow.done()
        finally:
            inside.let_go.set()
        assert slow.result(20) == "200 OK"
    assert before.line.acquire(blocking=False), "the line was not given back"
