"""A poll with nothing new is answered from memory: without a place to work, and without a question. Each test names its planted fault."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import create_environ

from tests.boards.conftest import poll
from tracker.boards import pulse
from tracker.fitting import Known
from tracker.front import Front
from tracker.initiatives.models import Initiative

CELLS = "/boards/everything/cells"


@pytest.fixture
def known(
    app: Flask, tab: Any, framed: Initiative, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, str]:
    """A browser that has polled once, and the mark of the board it knows."""
    monkeypatch.setattr(pulse, "EVERY", 60)
    monkeypatch.setattr(pulse, "LONGEST", 60)
    tag = tab.get("/boards/everything").headers["ETag"]
    assert poll(tab, tag).status_code == 304
    return tab, tag


def cookie_of(tab: Any) -> str:
    """Return what a browser would send as its cookies."""
    sent = create_environ(CELLS)
    tab._add_cookies_to_wsgi(sent)
    return str(sent["HTTP_COOKIE"])


@pytest.fixture
def remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One entry for each poll that was answered from memory."""
    seen: list[Any] = []
    front: Any = app.wsgi_app
    while not isinstance(front, Front):
        front = front.behind
    unchanged = front.unchanged
    assert unchanged

    def noted(environ: dict[str, Any]) -> Any:
        headers = unchanged(environ)
        if headers is not None:
            seen.append(headers)
        return headers

    monkeypatch.setattr(front, "unchanged", noted)
    return seen


def test_it_needs_no_place(app: Flask, known: tuple[Any, str]) -> None:
    """Planted: asked only behind the places, where a poll would wait as long as four others work."""
    tab, tag = known
    front: Any = app.wsgi_app
    while not isinstance(front, Front):
        front = front.behind
    taken = [front.places.get_nowait() for _ in range(front.places.qsize())]
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(poll(tab, tag)), daemon=True)
    asking.start()
    asking.join(5)
    for one in taken:
        front.places.put(one)
    assert answers, "it waits for a place"
    assert answers[0].status_code == 304
    assert answers[0].headers["ETag"] == tag
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert "Cookie" in answers[0].headers["Vary"]
    assert answers[0].headers["X-Request-ID"]


@pytest.mark.parametrize("other", ["host", "body", "chunked", "method", "mark", "session"])
def test_whatever_is_not_plain_goes_the_longer_road(
    app: Flask, known: tuple[Any, str], remembered: list[Any], other: str
) -> None:
    """Planted, one after another: each of them not looked at."""
    tab, tag = known
    asked: dict[str, Any] = {"headers": {"HX-Request": "true", "If-None-Match": tag}}
    if other == "host":
        asked["headers"] |= {"Host": "elsewhere.example", "Cookie": cookie_of(tab)}
        tab = app.test_client(use_cookies=False)
    elif other == "body":
        asked["data"] = b"something"
    elif other == "chunked":
        asked |= {
            "environ_overrides": {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"")}
        }
        asked["headers"]["Transfer-Encoding"] = "chunked"
    elif other == "mark":
        asked["headers"]["If-None-Match"] = '"of another day"'
    elif other == "session":
        tab = app.test_client()
    tab.open(CELLS, method="HEAD" if other == "method" else "GET", **asked)
    assert remembered == []
    assert poll(known[0], tag).status_code == 304
    assert len(remembered) == 1


def test_nothing_is_said_of_a_schema_that_does_not_fit(
    app: Flask, known: tuple[Any, str], remembered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: not looked at."""
    tab, tag = known
    behind = Known(newest="0031", found="0030", at=float("inf"))
    monkeypatch.setitem(app.extensions, "fitting", behind)
    poll(tab, tag)
    assert remembered == []
