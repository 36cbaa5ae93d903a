"""How the lane of a contact lies on the page: quotes at the reading edge, and each section like the others.

Planted, each seen red: the bar of a quote that follows the language of its words; a wider gap in the section of what waits
for our side; the gap of an act before the edge of rows that have none.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.walk import Walk

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}
# How far the bar of each quote, and its words, lie from the reading edge of the row.
QUOTES = """() => [...document.querySelectorAll('.action .said')].map(quote => {
  const words = document.createRange()
  words.selectNodeContents(quote)
  const style = getComputedStyle(quote), rtl = document.dir === 'rtl', edge = quote.parentElement.getBoundingClientRect()
  const bar = parseFloat(rtl ? style.borderRightWidth : style.borderLeftWidth)
  const off = box => Math.round(rtl ? edge.right - box.right : box.left - edge.left)
  return [bar, off(quote.getBoundingClientRect()), off(words.getBoundingClientRect()) < 20]
})"""
GAPS = """() => [...document.querySelectorAll('section > .group-h')].map(head => {
  return Math.round(head.nextElementSibling.getBoundingClientRect().top - head.getBoundingClientRect().bottom)
})"""
# The end of each row: what stands last in its first line, against the inner edge of the row.
INSETS = """() => [...document.querySelectorAll('.action')].map(row => {
  const last = [...row.children].filter(one => !one.matches('.beside')).at(-1).getBoundingClientRect()
  return Math.round(row.getBoundingClientRect().right - parseFloat(getComputedStyle(row).paddingRight) - last.right)
})"""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_quote_stands_at_the_reading_edge_whatever_its_language(
    insight: Walk, as_actor: Callable[..., Page], language: str
) -> None:
    insight.speak(language)
    page = as_actor("partner", "/partner", viewport=WIDE)
    way, found = page.evaluate("document.dir"), page.evaluate(QUOTES)
    insight.speak("en")
    assert way == ("rtl" if language == "fa" else "ltr")
    assert found
    assert all(quote == [2, 0, True] for quote in found), found


def test_what_waits_for_the_company_is_laid_out_like_the_other_sections(
    insight: Walk, as_actor: Callable[..., Page]
) -> None:
    page = as_actor("partner", "/partner", viewport=WIDE)
    assert page.locator("#waiting").count() == 1
    gaps, insets = page.evaluate(GAPS), page.evaluate(INSETS)
    assert len(set(gaps)) == 1, gaps
    assert set(insets) == {0}, insets
