"""What the board by age says of each column and mark, in the digits of whoever looks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from flask import Flask, g

from tracker.boards.ageing import ageing_columns
from tracker.boards.layout import Column, Lane, Layout


def test_ages_are_said_in_the_digits_of_the_reader(app: Flask) -> None:
    """Planted: `days=column.usual` and `age=card.age`."""
    card = SimpleNamespace(id=7, ref="CX-7", title="Letters", age=31, colour=None)
    lane = Lane("", "", cells=cast("Any", {"framed": [card]}))
    layout = Layout([Column("framed", "Framed", 1, 24, folded=False)], [lane], cast("Any", None), 1)
    with app.test_request_context():
        (column,) = ageing_columns(layout)
        assert column.said == "Framed: 1 here, most take under 24 working days"
        assert column.marks[0].said.startswith("CX-7 Letters, 31 working days in this stage")
        g.viewer = SimpleNamespace(language="fa", digits="auto")
        (column,) = ageing_columns(layout)
    assert "۲۴" in column.said
    assert "۳۱" in column.marks[0].said
    assert not {"24", "31"} & {*column.said.split(), *column.marks[0].said.split()}
