"""The columns of an answer are described only where somebody looks at them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text

from tracker.db import db
from tracker.organisation.people import Person


@pytest.mark.both
def test_a_statement_that_was_asked_before_describes_nothing(
    app: Flask, cast: SimpleNamespace, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Planted: the driver's own cursor (thirty columns each time)."""
    if database_kind == "sqlite":
        pytest.skip("the driver of SQLite describes no more than the names")
    made: list[int] = []
    column = psycopg.Column

    def note(cursor: Any, index: int) -> Any:
        made.append(index)
        return column(cursor, index)

    monkeypatch.setattr(psycopg, "Column", note)
    with app.app_context():
        query = select(Person).where(Person.id == cast.manager.id)
        names = [db.session.scalars(query).one().name for _ in range(2)]
        made.clear()
        names.append(db.session.scalars(query).one().name)
        assert names == [cast.manager.name] * 3
        assert made == []
        told = db.session.execute(text("SELECT 1 AS one, 'two' AS two"))
        assert list(told.keys()) == ["one", "two"]
        assert made == [0, 1]
