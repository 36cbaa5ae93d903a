"""The initiative that this folder works on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doing import change, work_of


@pytest.fixture
def work(app, cast, clock):
    return work_of(app, cast, clock)


def accept(app: Any, cast: Any, clock: Any, actions: list[Any]) -> None:
    """Have the vendor hand in these actions, and the lead accept them."""
    for one in actions:
        change(app, one, lambda row: row.submit(by=cast.contact, now=clock()))
        change(app, one, lambda row: row.accept(by=cast.lead, now=clock()))
