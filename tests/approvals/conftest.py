"""For stories about requests: inside an application context, with the cast in its session."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import gates
from tests.initiatives.stories import sponsored
from tracker.approvals.models import Approval
from tracker.db import Model, db, writing


@pytest.fixture
def here(inside: None, cast: SimpleNamespace, clock: Any) -> SimpleNamespace:
    """The cast, and an initiative at `framed` that Lena leads and Emil sponsors, with a goal that is whole."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    return SimpleNamespace(**vars(cast), one=sponsored(cast, clock()))


def drafts(here: Any, clock: Any, **says: Any) -> Approval:
    """Draft a request, by the lead unless another is named, in a write of its own."""
    with writing():
        made = gates.drafted(here.one, now=clock(), **says)
    here.gate = made.milestone  # a session forgets what nobody holds
    return made


def asks(here: Any, clock: Any, **says: Any) -> Approval:
    """Put a request to the sponsor, by the lead unless another is named, in a write of its own."""
    with writing():
        made = gates.requested(here.one, now=clock(), **says)
    here.gate = made.milestone
    return made


def decides(approval: Approval, here: Any, clock: Any, decision: Any, words: str = "", **more: Any) -> bool:  # fmt: skip
    """Decide, by the sponsor unless another is named, in a write of its own."""
    with writing():
        return approval.decide(
            decision, **{"by": here.executive, "now": clock(), "words": words, **more}
        )
