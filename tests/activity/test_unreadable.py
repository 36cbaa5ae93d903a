"""What the application cannot even read, and a second row of one key, are named like any other change behind the trail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from tests.initiatives.stories import sponsored
from tracker.activity.comparing import compare
from tracker.activity.stocktaking import take_stock
from tracker.db import db, writing


@pytest.fixture
def held(crew: SimpleNamespace, clock: Any) -> Any:
    """An initiative that is on hold, where every row has its birth on the trail."""
    take_stock(clock())
    made = sponsored(crew, clock())
    with writing():
        made.hold(by=crew.executive, now=clock(), words="We wait for the supplier.")
    return made


@pytest.mark.both
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("initiative", "cadence", "nonsense"),
        ("initiative", "held_at", {"sqlite": "garbage", "postgresql": "infinity"}),
        ("hold", "begun_at", {"sqlite": "garbage", "postgresql": "0044-03-15 BC"}),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_hides_nothing(held, database_kind, table, column, value):  # fmt: skip
    """Planted: the rows read together or not at all (a traceback, and not one row named)."""
    put = value if isinstance(value, str) else value[database_kind]
    with writing() as session:
        session.execute(text(f"UPDATE {table} SET {column} = :put"), {"put": put})
        session.execute(text("UPDATE initiative SET budget = 7"))
    told = "\n".join(compare(db.session.connection()).lines())
    assert f"{table} " in told
    if (table, column) == ("hold", "begun_at"):  # which is a part of its key
        assert "no event made it, the table has it: put in past the application" in told
    else:
        assert f", {column}: event" in told
        assert "the table holds what cannot be read" in told
    assert "budget: event" in told


@pytest.mark.both
def test_a_second_row_of_one_key_is_known_to_nobody(held):
    """Planted: of two rows with one key the last one alone held against the trail."""
    assert compare(db.session.connection()).whole
    with writing() as session:
        session.execute(text(
            "INSERT INTO hold (id, initiative_id, begun_at, ended_at) "
            "SELECT -7, initiative_id, begun_at, begun_at FROM hold"
        ))  # fmt: skip
    report = compare(db.session.connection())
    assert not report.whole
    assert "no event made it, the table has it" in "\n".join(report.lines())
