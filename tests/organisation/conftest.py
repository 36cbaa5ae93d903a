"""What tests of the organisation share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracker.db import db


@pytest.fixture
def fresh(inside: None) -> Callable[[Any], Any]:
    """Return a row of the cast as it stands in the database now."""

    def look(row: Any) -> Any:
        return db.session.get_one(type(row), row.id, populate_existing=True)

    return look
