"""The sums of the small charts."""

from __future__ import annotations

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
