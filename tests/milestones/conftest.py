"""For stories about milestones: inside an application context, with the cast in its session."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tests.initiatives.stories import sponsored
from tracker.db import Model, db, writing
from tracker.milestones.models import Milestone

DUE = date(2026, 4, 10)  # a Friday; the clock stands on Monday, the 2nd of March


@pytest.fixture
def here(inside: None, cast: SimpleNamespace, clock: Any) -> SimpleNamespace:
    """The cast, and an initiative at `framed` that Lena leads and Emil sponsors, with a goal that is whole."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    return SimpleNamespace(**vars(cast), one=sponsored(cast, clock()))


def plans(here: Any, clock: Any, name: str = "The pilot runs", due_on: date = DUE, **more: Any) -> Milestone:  # fmt: skip
    """Plan a milestone, by the lead, in a write of its own."""
    with writing():
        return Milestone.plan(here.one, name=name, due_on=due_on, by=here.lead, now=clock(), **more)
