"""On a small laptop the matrix of who blocks whom is read whole: what each row comes to stands in sight.

Planted, each seen red: the columns as wide as on a large screen (the totals lie beyond the edge); the total that does not
stay at the end where the columns are too many.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.walk import Walk

pytestmark = pytest.mark.browser
# Whether the box that scrolls has nothing to scroll, and how many totals lie beyond its edges, of how many.
TOTALS = """() => {
  const box = document.querySelector('.matrix').closest('.scroll-x'), edge = box.getBoundingClientRect()
  const all = [...box.querySelectorAll('.tot, .sum')].map(one => one.getBoundingClientRect())
  const beyond = all.filter(one => one.left < edge.left - 1 || one.right > edge.left + box.clientWidth + 1)
  return [box.scrollWidth <= box.clientWidth, beyond.length, all.length]
}"""
# As a house with a dozen columns more has it.
WIDER = "() => { document.querySelector('.matrix').style.minInlineSize = '100rem' }"


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [1024, 1280, 1366])
def test_what_each_row_comes_to_is_in_sight_on_a_small_laptop(
    insight: Walk, as_actor: Callable[..., Page], width: int, language: str
) -> None:
    insight.speak(language)
    page = as_actor("manager", "/blockers/matrix", viewport={"width": width, "height": 800})
    way, (whole, beyond, totals) = page.evaluate("document.dir"), page.evaluate(TOTALS)
    page.evaluate(WIDER)
    scrolls, hidden = not page.evaluate(TOTALS)[0], page.evaluate(TOTALS)[1]
    insight.speak("en")
    assert way == ("rtl" if language == "fa" else "ltr")
    assert totals > 5
    assert (whole, beyond) == (True, 0)
    assert (scrolls, hidden) == (True, 0)
