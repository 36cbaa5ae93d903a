"""A scorecard at every width: each figure is read beside its words, and nothing lies on anything else.

Planted, each seen red: the aside of the lane beside it from 64rem; a figure, its words and its course in one line at any
width.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.test_goals import fits
from tests.walk import Walk

pytestmark = pytest.mark.browser
WIDTHS = (1440, 1280, 1100, 1024, 768, 390)
LEAST = 240  # pixels for the words of how a figure is worked out

CRAMPED = """least => [...document.querySelectorAll('.scores > li')].flatMap(li => {
  const words = li.querySelector('.what'), [b, rows] = li.querySelector('.figure').children
  const name = words.querySelector('h3').textContent
  const boxes = [words, b, rows].map(one => one.getBoundingClientRect())
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
  return [
    ...(words.clientWidth < least ? [`${name}: ${words.clientWidth} px for its words`] : []),
    ...(b.scrollWidth > b.clientWidth ? [`${name}: its value sticks out`] : []),
    ...(boxes.some((a, n) => boxes.slice(n + 1).some(b => over(a, b))) ? [`${name}: one thing lies on another`] : []),
  ]
})"""


@pytest.mark.parametrize("actor", ["partner", "admin"])
def test_a_scorecard_reads_well_at_every_width(
    insight: Walk, as_actor: Callable[..., Page], actor: str
) -> None:
    card = "/partner/scorecard" if actor == "partner" else "/partners/kitewright-metering/scorecard"
    page, wrong = as_actor(actor, card), []
    assert page.locator(".scores > li").count() > 7
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width}: {found}" for found in page.evaluate(CRAMPED, LEAST)]
        wrong += [] if fits(page) else [f"{width}: it scrolls sideways"]
    assert not wrong, "\n".join(wrong)


def test_titles_of_the_lane_have_room_beside_their_buttons(
    insight: Walk, as_actor: Callable[..., Page]
) -> None:
    page = as_actor("partner", "/partner")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        rooms = page.locator(".action .main").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(rooms) >= LEAST, (width, rooms)
