"""One sponsored initiative of customer care that Lena leads, and short ways to look at its reports."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.initiatives.stories import sponsored
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.updates.models import Update

WHY = {"reason": "The data is late", "help_needed": "IT platforms send it"}


@pytest.fixture
def work(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """One at `framed`, sponsored by the executive; an update is due every month."""
    return told(lambda: sponsored(cast, clock(), "One bill"))


@pytest.fixture
def reports(app: Flask, work: Initiative) -> Callable[[], list[Update]]:
    """The reports of it as they stand in the database now, in the order they were posted."""

    def look() -> list[Update]:
        with app.app_context():
            query = select(Update).where(Update.initiative_id == work.id).order_by(Update.id)
            found = list(db.session.scalars(query))
            db.session.expunge_all()
            return found

    return look
