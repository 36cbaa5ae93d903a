"""The page of an import in the browser: its figures stand evenly in their cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import NARROW, WIDE
from tests.walk import Walk, person_of
from tracker.db import db
from tracker.importing.models import ImportRun

pytestmark = pytest.mark.browser

ROOM = """(cards) => cards.map((card) => {
  const [whole, first, last] = [card, card.firstElementChild, card.lastElementChild].map((one) => one.getBoundingClientRect());
  return [first.top - whole.top, whole.bottom - last.bottom];
})"""
LEAST = 12  # pixels above and below what a card holds


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_figures_of_an_import_stand_clear_of_the_edges_of_their_cards(
    insight: Walk, as_actor: Callable[..., Page], viewport: Any
) -> None:
    """Planted: cards as tight as those of a single line, whose figure touches the border."""
    with insight.app.app_context():
        its = ImportRun.visible_to(person_of("manager")).with_only_columns(ImportRun.id)
        key = db.session.scalars(its.order_by(ImportRun.id).limit(1)).one()
    page = as_actor("manager", f"/import/{key}", viewport=viewport)
    cards = page.locator("dl .stat").evaluate_all(ROOM)
    assert len(cards) == 4
    for above, below in cards:
        assert above >= LEAST
        assert abs(above - below) <= 1
