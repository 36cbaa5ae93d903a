"""The round mark of a person."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tracker.people_marks import HUES, hue, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Maya Osei", "MO"),
        ("Ludwig van Beethoven", "LB"),
        ("maya", "M"),
        ("Jana Ruiz, BrightDesk", "JR"),
        ("Åsa Öberg", "ÅÖ"),
        ("O'Neil", "O"),
        ("李娜", "李娜"),
        ("欧阳小明", "小明"),
        ("李 娜", "李娜"),
        ("مریم رضایی", "م\u200cر"),
        ("علی", "ع"),
        ("  ", "?"),
        ("42", "?"),
        (None, "?"),
    ],
)
def test_initials_in_every_script(name, letters):
    """Planted: first letters of all words; Persian letters joined, which changes their shape."""
    assert initials(name) == letters


def test_a_hue_is_one_of_twelve_and_names_spread():
    """Planted: always 0."""
    seen = {hue(f"Person {n}") for n in range(200)}
    assert seen == set(range(HUES))


def test_a_hue_is_the_same_in_every_process():
    """Planted: Python's own hash(), which differs from process to process."""
    code = "from tracker.people_marks import hue; print(hue('Maya Osei'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(other.stdout) == hue("maya osei ")
