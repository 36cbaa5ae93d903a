"""The sums of the small charts."""

from __future__ import annotations

from itertools import combinations

import pytest

from tracker.charts import AGEING_HEIGHT, AgeColumn, AgeMark, laid_out, spark


def mark(age: int) -> AgeMark:
    return AgeMark(f"CX-{age}", f"CX-{age}, {age} days", f"/{age}", age, "ok", "On track")


def test_a_line_runs_from_edge_to_edge_and_upwards():
    """Planted: y not turned round: rising figures fall."""
    drawn = spark([1, 2, 3], width=63, height=26)
    assert drawn.line == "0.0,23.0 30.0,13.0 60.0,3.0"
    assert drawn.dot == (60.0, 3.0)
    assert drawn.band is None


def test_the_band_shares_the_scale():
    """Planted: the band scaled alone."""
    drawn = spark([0, 10], width=63, height=26, band=(10, 20))
    assert drawn.band == (3.0, 10.0)
    assert drawn.dot == (60.0, 13.0)


def test_no_figures_and_equal_figures_draw_something_sane():
    """Planted: division by zero."""
    assert spark([]).line == ""
    assert spark([5]).dot == (73.0, 10.0)
    assert {point.split(",")[1] for point in spark([4, 4, 4]).line.split()} == {"10.0"}


def test_older_stands_higher_and_all_columns_share_a_scale():
    """Planted: each column scaled by its own oldest."""
    young, old = laid_out(
        [AgeColumn("A", "", "", 10, [mark(5)]), AgeColumn("B", "", "", None, [mark(20), mark(10)])]
    )
    assert [m.age for m in old.marks] == [10, 20]
    assert young.marks[0].y > old.marks[0].y > old.marks[1].y == 0
    assert young.band is not None
    assert 0 <= young.band <= AGEING_HEIGHT
    assert old.band is None


def test_marks_of_one_age_stand_side_by_side():
    """Planted: all at the same place."""
    (column,) = laid_out([AgeColumn("A", "", "", None, [mark(5), mark(5), mark(5)])])
    assert len({m.x for m in column.marks}) == 3


@pytest.mark.parametrize(
    "ages",
    [[5] * 60, [0] * 240, [0] * 7, [*range(40)], [*range(0, 400, 7), *[90] * 29], [1, 1, 400], []],
)
def test_no_mark_lies_on_another_however_many_are_of_one_age(ages: list[int]):
    """Planted: five lanes at any number: the sixth of an age covers the first."""
    (column,) = laid_out([AgeColumn("A", "", "", None, [mark(age) for age in ages])])
    places = [(m.x * column.width / 100, m.y) for m in column.marks]
    for one, other in combinations(places, 2):
        apart = max(abs(one[0] - other[0]), abs(one[1] - other[1]))
        assert apart > 23.99, (one, other)
    assert all(x > -0.01 and x + 24 < column.width + 0.01 for x, _y in places)
    assert all(-0.1 <= y <= column.height - 24 for _x, y in places)
    assert 120 <= column.width <= 300


def test_a_stack_moves_everything_older_up_so_that_higher_stays_older():
    """Planted: the stack pushed up in its own column alone: an older mark elsewhere lies lower, a band says too slow."""
    few = AgeColumn("B", "", "", 10, [mark(9), mark(10), mark(11), mark(40)])
    columns = laid_out([AgeColumn("A", "", "", 9, [*[mark(9)] * 60, mark(12)]), few])
    (height,) = {column.height for column in columns}
    assert AGEING_HEIGHT + 96 <= height < AGEING_HEIGHT + 120
    drawn = sorted((m.age, m.y) for column in columns for m in column.marks)
    assert all(old[1] <= young[1] for young, old in combinations(drawn, 2) if young[0] < old[0])
    for column in columns:
        middle = [(m.age, m.y + 12) for m in column.marks]
        assert column.band is not None
        assert column.usual is not None
        assert all((y < column.band - 0.1) is (age > column.usual) for age, y in middle)
