"""The initiative that this folder works on."""

from __future__ import annotations

import pytest

from tests.doing import work_of


@pytest.fixture
def work(app, cast, clock):
    return work_of(app, cast, clock)
