"""What is written down: one line for each entry, enough to find a request by, and no secret.

Planted, each seen red: the address written in place of the route (the reset link); `hide_parameters` and `_VALUES` taken out, which
each would be enough; `withheld` not asked for tracebacks; each pattern but `_IN_LINK` taken out; `secrets` not looked for.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.conftest import Tab
from tests.live import PATIENCE, Server
from tests.visitor import Visitor
from tracker import create_app, logs
from tracker.config import settings_from_environment
from tracker.db import db
from tracker.demo.accounts import ACCOUNTS
from tracker.notices.composing import compose
from tracker.notices.models import Mail

SECRET = "s-e-c-r-e-t-key-of-the-sessions-0123456789"
AUDIT = "a-u-d-i-t-key-of-the-trail-0123456789abcdef"
TOKEN = "metrics-token-that-nobody-knows"
WRONG = "wrong-copper-kettle"


def entry(line: logging.LogRecord, form: str = "json", secrets: tuple[str, ...] = ()) -> str:
    return logs.Lines(form, secrets).format(line)


def record(words: str, *given: Any, error: BaseException | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("tracker.x", logging.WARNING, __file__, 1, words, given, told)


def test_an_entry_is_one_line_whatever_it_holds() -> None:
    try:
        raise ValueError("first\nsecond\u2028third")
    except ValueError as raised:
        line = entry(record("it\nbroke %s", "<b>", error=raised))
    assert len(line.splitlines()) <= 2  # U+2028 is a line end for Python alone
    assert "\n" not in line
    found = json.loads(line)
    assert (found["level"], found["logger"], found["message"]) == (
        "warning",
        "tracker.x",
        "it\nbroke <b>",
    )
    assert found["time"].endswith("+00:00")
    assert "ValueError: first\nsecond" in found["exception"]
    assert entry(record("a\nforged line"), "text").count("\n") == 0


@pytest.mark.parametrize(
    "words",
    [
        "password=hush-hush-1", "Password: 'hush-hush-1'", '{"new_password": "hush-hush-1"}', "csrf_token=hush-hush-1&x=2",
        "Cookie: hush-hush-1", "Authorization: Bearer hush-hush-1", "with Bearer hush-hush-1",
        "postgresql://me:hush-hush-1@host/db", "Key of ours: hush-hush-1 was used",
        'violates unique constraint\nDETAIL:  Key (email)=(hush-hush-1) already exists.',
        "[parameters: {'email': 'hush-hush-1'}]",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_withheld(words: str) -> None:
    secrets = ("hush-hush-1",) if words.startswith("Key of ours") else ()
    for form in logs.FORMS:
        assert "hush" not in entry(record("%s", words), form, secrets)
        assert "hush" not in entry(record("x", error=ValueError(words)), form, secrets)


@pytest.mark.both
def test_a_fault_is_one_entry_with_the_number_that_the_page_shows(
    app: Flask, cast: SimpleNamespace, as_: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: kept.append(entry(record))  # type: ignore[method-assign]
    logging.getLogger("tracker").addHandler(handler)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken(*_any: Any, **_more: Any) -> Any:
        words = {"a": "Lea Typed-This", "b": "lead@example.org"}
        db.session.execute(text("INSERT INTO person (nothing) VALUES (:a || :b)"), words)

    monkeypatch.setitem(app.view_functions, "boards.index", _declared(app, "boards.index", broken))
    try:
        page = as_(cast.lead).get("/boards?q=typed-by-me")
    finally:
        logging.getLogger("tracker").removeHandler(handler)
    assert page.status_code == 500
    (line,) = (one for one in kept if "exception" in one)
    found = json.loads(line)
    number = page.headers["X-Request-ID"]
    assert number in page.text
    assert (found["request_id"], found["method"], found["route"]) == (number, "GET", "/boards")
    assert found["person"] == cast.lead.id
    assert "Traceback" in found["exception"]
    assert not re.search("Typed-This|lead@example|typed-by-me", line)


def _declared(app: Flask, endpoint: str, view: Any) -> Any:
    view.act, view.on = app.view_functions[endpoint].act, None  # type: ignore[attr-defined]
    return view


@pytest.mark.skipif(sys.platform != "linux", reason="the server is watched by Linux")
def test_a_run_in_which_every_secret_was_used_writes_none_of_them(
    tmp_path: Path, promise: Any
) -> None:
    settings = {
        "TRACKER_SECRET_KEY": SECRET, "TRACKER_AUDIT_KEY": AUDIT, "TRACKER_METRICS_TOKEN": TOKEN, "TRACKER_LOG": "json",
        "TRACKER_ACCESS_LOG": "1", "TRACKER_SMTP_URL": "smtp://me:mail-password@127.0.0.1:1",
    }  # fmt: skip
    account = ACCOUNTS[0]
    with Server(tmp_path, settings) as server:
        stranger = Visitor(server.port)
        stranger.token = stranger.get("/sign-in").hidden("csrf_token")
        assert stranger.post("/sign-in", email=account.email, password=WRONG).status == 422
        assert stranger.post("/reset", email=account.email).status == 200
        link = _link({**settings, "TRACKER_DATA_DIR": str(tmp_path)})
        assert stranger.get(link).status == 200
        visitor = Visitor(server.port).sign_in()
        assert visitor.post("/boards/new", name="Words-of-mine", lanes="none").status == 422
        assert visitor.get("/boards?q=searched-by-me").status == 200
        assert visitor.get("/metrics", Authorization=f"Bearer {TOKEN}").status == 200
        assert visitor.ask("POST", "/boards/new", "csrf_token=forged-token-1").status == 400
        number = visitor.get("/nothing/here").headers["x-request-id"]
    lines = [json.loads(line) for line in server.output if line.startswith("{")]
    asked = [line for line in lines if line["logger"] == "tracker.access"]
    assert {"GET /reset/<token> 200", "POST /sign-in 303", "GET none 404"} <= {
        line["message"] for line in asked
    }
    assert [line for line in asked if line["request_id"] == number]
    assert any(line["person"] for line in asked)
    assert all(line["ms"] >= 0 for line in asked)
    written = "\n".join(line for line in server.output if line.startswith("{"))
    secrets = [
        *(SECRET, AUDIT, TOKEN, WRONG, account.password, "mail-password", "forged-token-1"),
        *(
            link.rpartition("/")[2],
            visitor.token,
            *visitor.cookies.values(),
            *stranger.cookies.values(),
        ),
        *(account.email, account.name, "Words-of-mine", "searched-by-me"),
    ]
    found = [secret for secret in secrets if secret in written]
    assert not found
    promise("no secret is written down", tried=len(secrets), lines=len(lines), found=0)


def _link(settings: dict[str, str]) -> str:
    """Return the address in the mail that waits: its server does not answer, which is written down too."""
    app = create_app(settings_from_environment(settings))
    end, found = time.monotonic() + PATIENCE, None  # the wish is answered after the page
    while not found:
        assert time.monotonic() < end, "no letter came"
        with app.app_context():
            waiting = db.session.scalars(select(Mail).order_by(Mail.id.desc()))
            letters = [composed.message for mail in waiting if (composed := compose(mail))]
            db.session.remove()
            db.engine.dispose()
        texts = [body.get_content() for letter in letters if (body := letter.get_body(("plain",)))]
        found = re.search(r"https?://[^/\s]+(/reset/\S+)", "\n".join(texts))
        time.sleep(0.1)
    return found[1]
