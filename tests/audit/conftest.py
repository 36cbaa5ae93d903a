"""A trail with words on it, and who watches over it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.activity.conftest import change
from tracker import clock, sweeping
from tracker.db import db, writing

SECRET = "Kestrel-Quince"


@pytest.fixture
def busy(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """Twelve more events: the manager's with a word of their own, and the lead's."""
    with app.app_context():
        for n in range(12):
            with writing() as session:
                session.info["request_id"] = f"request{n:02}"
                by = cast.manager if n % 2 else cast.lead
                person = session.merge(cast.executive)
                change(person, by, clock.now(app), words=f"{SECRET} {n}")
    return cast


@pytest.fixture
def swept(app: Flask) -> Callable[[], dict[str, int]]:
    """Let the slow sweeps, and the hourly ones, do what is due."""

    def sweep() -> dict[str, int]:
        with app.app_context():
            return sweeping.sweep(only={"checks", "checkpoints"})

    return sweep


def tampered(app: Flask, statement: str) -> None:
    """Change the database past the application."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement))


def page(tab: Any, address: str = "/settings/audit") -> str:
    """What stands on a page."""
    answer = tab.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)
