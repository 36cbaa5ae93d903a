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
    """An application in which whoever comes stays until they are let go, or at once where `let_go` is set."""

    def __init__(self) -> None:
        self.counting = threading.Lock()
        self.inside = self.most = 0
        self.came, self.let_go = threading.Semaphore(0), threading.Event()

    def __call__(self, _environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with self.counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.came.release()
        self.let_go.wait(20)
        with self.counting:
            self.inside -= 1
        start("200 OK", [])
        return [b"done"]


class Noted(threading.Semaphore):
    """A queue that says when somebody has come to stand in it."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self.stood = threading.Semaphore(0)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Stand in it."""
        self.stood.release()
        return super().acquire(blocking, timeout)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, front.Front]:
    app, inside = Flask("desk"), Desk()
    app.config.update(BASE_URL="http://localhost", ENVIRONMENT="demo")
    monkeypatch.setattr(app, "wsgi_app", inside)
    return inside, front.Front(app)


def ask(before: front.Front, method: str, path: str = "/") -> str:
    return run_wsgi_app(before, create_environ(path, method=method))[1]


def test_forms_come_one_after_the_other_and_pages_beside_them(
    desk: tuple[Desk, front.Front], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `line` never taken (nobody stands in it, all are inside); taken by pages too (the page never comes in)."""
    inside, before = desk
    monkeypatch.setattr(front, "IN_LINE", 20.0)
    before.line = line = Noted(1)
    with ThreadPoolExecutor(4) as pool:
        forms = [pool.submit(ask, before, "POST") for _ in range(3)]
        try:
            assert all(line.stood.acquire(timeout=20) for _ in forms)
            assert inside.came.acquire(timeout=20)
            assert inside.inside == 1
            page = pool.submit(ask, before, "GET")
            assert inside.came.acquire(timeout=20)
            assert inside.inside == 2
        finally:
            inside.let_go.set()
        assert {each.result(20) for each in (*forms, page)} == {"200 OK"}
    assert inside.most == 2


def test_a_slow_form_holds_up_nobody_for_long(desk: tuple[Desk, front.Front]) -> None:
    """Planted: `acquire()` without an end (the second form never comes in); `line` not given back."""
    inside, before = desk
    with ThreadPoolExecutor(2) as pool:
        forms = [pool.submit(ask, before, "POST") for _ in range(2)]
        try:
            assert all(inside.came.acquire(timeout=20) for _ in forms)
            assert inside.inside == 2
        finally:
            inside.let_go.set()
        assert {each.result(20) for each in forms} == {"200 OK"}
    assert before.line.acquire(blocking=False), "the line was not given back"


def test_sign_ins_take_no_more_places_than_there_are_doors(
    desk: tuple[Desk, front.Front], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: sign-ins in no line (all places are taken, and nobody else comes in); in the line of the forms (one comes in)."""
    inside, before = desk
    monkeypatch.setattr(front, "AT_THE_DOOR", 20.0)
    before.doors = doors = Noted(front.DOORS)
    with ThreadPoolExecutor(front.PLACES + 2) as pool:
        asked = [pool.submit(ask, before, "POST", front.SIGN_IN) for _ in range(front.PLACES)]
        try:
            assert all(doors.stood.acquire(timeout=20) for _ in range(front.PLACES))
            assert all(inside.came.acquire(timeout=20) for _ in range(front.DOORS))
            assert inside.inside == front.DOORS
            asked += [pool.submit(ask, before, method) for method in ("GET", "POST")]
            assert all(inside.came.acquire(timeout=20) for _ in range(2))
        finally:
            inside.let_go.set()
        assert {each.result(20) for each in asked} == {"200 OK"}
