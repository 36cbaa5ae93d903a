"""A view that is saved as a board says beforehand what of it the board does not keep."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from tracker.boards.models import Board

KEEPS = "a board keeps filters and lanes"


@pytest.mark.usefixtures("board")
def test_the_form_says_that_the_search_is_not_kept(as_: Any, cast: SimpleNamespace) -> None:
    """Planted: the sentence left out of the form; asked of a view without a search; lost with a form that comes back."""
    tab = as_(cast.manager)
    page = tab.get("/boards/everything?q=meter&lanes=unit").text
    way = re.search(r'href="(/boards/new\?[^"]*)"', page)
    assert way
    address = unescape(way[1])
    assert "The search for “\u2068meter\u2069” is not kept: " + KEEPS in tab.get(address).text
    assert KEEPS in tab.submit(address, name="").text
    assert KEEPS not in tab.get("/boards/new?lanes=unit").text


def test_what_is_edited_says_nothing_of_a_search(
    as_: Any, cast: SimpleNamespace, board: Board
) -> None:
    """Planted: asked of a board that there is."""
    page = as_(cast.manager).get(f"/boards/{board.slug}/edit?q=meter")
    assert page.status_code == 200
    assert KEEPS not in page.text
