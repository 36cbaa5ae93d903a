"""For stories about verbs: inside an application context, with the cast in its session. For stories in a browser: how
they begin, each in a context of its own."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.initiatives.stories import idea, sponsored
from tracker.db import Model, db
from tracker.initiatives.models import Initiative


@pytest.fixture
def present(inside: None, cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, in the session of the test."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    return cast


@pytest.fixture
def an_idea(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """An idea of customer care, led by the lead."""
    return told(lambda: idea(cast, clock()))


@pytest.fixture
def a_sponsored(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    """One at `framed`, sponsored by the executive."""
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def now_is(app: Flask) -> Callable[[Initiative], Initiative]:
    """An initiative as it stands in the database now."""

    def look(initiative: Initiative) -> Initiative:
        with app.app_context():
            found = db.session.get_one(Initiative, initiative.id, populate_existing=True)
            db.session.expunge(found)
            return found

    return look
