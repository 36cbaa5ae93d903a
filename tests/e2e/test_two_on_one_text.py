"""Two browsers save one text: the page that shows both is one that everybody can use.

Planted faults seen red: the label of a choice left out, a rule of 400 px.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import Complaints
from tests.e2e.test_looks import ALWAYS, SIDEWAYS, Cell, violations
from tests.walk import Walk

pytestmark = pytest.mark.browser

LONG = "Nobody calls back, and the next one asks for everything again. " * 8 + "x" * 90


@pytest.mark.parametrize("cell", ALWAYS, ids=str)
def test_the_page_that_shows_both_texts(
    insight: Walk, as_actor: Callable[..., Page], complaints: Complaints, going_on: str, cell: Cell
) -> None:
    complaints.expect(r"status of 409")
    insight.speak(cell.language)
    address = f"/initiatives/{going_on}/friction"
    mine, other = (
        as_actor(
            "manager",
            address,
            reduced_motion="reduce",
            color_scheme=cell.theme,
            viewport=cell.viewport,
        )
        for _ in range(2)
    )
    for page, words in ((other, LONG), (mine, f"<b>Mine</b> {LONG}")):
        page.locator("[name=words]").fill(words)
        page.locator("form:has([name=words]) [type=submit]").first.click()
        page.wait_for_load_state()
    assert mine.locator("[name=words]").count() >= 3  # theirs, mine, one made of both
    assert violations(mine) == []
    mine.set_viewport_size({"width": 320, "height": 700})
    whole, shown = mine.evaluate(SIDEWAYS)
    insight.speak("en")
    assert whole <= shown
