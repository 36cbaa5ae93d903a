"""Every page in the browser: axe finds nothing, nothing scrolls sideways at 320 px, the console stays clean.

English, light, 1440 px and Persian, dark, 390 px are looked at each time; of the other cells a page takes one, chosen
by the commit, and so is one of its further addresses. Planted faults seen red: the name of a card's menu left
out, a fixed width of 400 px, a script in a page.
"""

from __future__ import annotations

import hashlib
import itertools
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser import Complaints
from tests.walk import Stop, Walk, pages
from tracker import paths

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => (await axe.run(document, {
  runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
})).violations.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(" ")}  ${node.html.slice(0, 160)}`))"""
SIDEWAYS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


class Cell(NamedTuple):
    """One way to look at a page."""

    language: str
    theme: str
    width: int

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width, "height": 900 if self.width > 600 else 844}


ALWAYS = (Cell("en", "light", 1440), Cell("fa", "dark", 390))
OTHERS = sorted(
    {
        Cell(*c)
        for c in itertools.product(
            ("en", "fa", "zh_Hans", "zh_Hant"), ("light", "dark"), (390, 1440)
        )
    }
    - set(ALWAYS)
)
ONE_IN = 4  # of the pages, this share takes one of the other cells at each commit


@cache
def commit() -> str:
    """The commit under test; without git always the same."""
    said = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=paths.PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()


def dice(*what: str) -> int:
    """A number that this commit and `what` always throw."""
    return int.from_bytes(hashlib.sha256(" ".join((commit(), *what)).encode()).digest()[:8])


def looks(insight: Walk, endpoint: str) -> list[tuple[Cell, Stop]]:
    """How and where a page is looked at this time.

    Its first address is seen in both of `ALWAYS`, and so is a partner's own; of the other addresses one is seen in either,
    and one page of `ONE_IN` takes another cell.
    """
    stops = insight.stops(endpoint)
    first, *others = [stop for stop in stops if stop.actor == stops[0].actor]
    always = [first, *[stop for stop in stops if stop.actor == "partner" and stop != first][:1]]
    chosen = [(cell, stop) for cell in ALWAYS for stop in always]
    thrown = dice(endpoint)
    if others:
        chosen.append((ALWAYS[thrown % 2], others[thrown // 2 % len(others)]))
    if thrown % ONE_IN == 0:
        chosen.append((OTHERS[thrown // ONE_IN % len(OTHERS)], first))
    return sorted(chosen, key=lambda look: look[0])


def violations(page: Page) -> list[str]:
    """What axe finds wrong."""
    page.evaluate(AXE)
    return page.evaluate(RUN, TAGS)


@pytest.mark.parametrize("endpoint", pages())
def test_everybody_can_use_the_page(
    insight: Walk, as_actor: Callable[..., Page], complaints: Complaints, endpoint: str
) -> None:
    complaints.expect(
        r"status of (404|410)"
    )  # a link that was used, a row that is gone: pages as well
    wrong: list[str] = []
    opened: dict[Any, Page] = {}
    for cell, stop in looks(insight, endpoint):
        insight.speak(cell.language)
        if stop.actor not in opened:
            opened[stop.actor] = as_actor(stop.actor, "/health/live", reduced_motion="reduce")
        page = opened[stop.actor]
        if stop.actor == "nobody":
            page.context.add_cookies(
                [{"name": "language", "value": cell.language, "url": page.url}]
            )
        page.emulate_media(color_scheme="dark" if cell.theme == "dark" else "light")
        page.set_viewport_size(cell.viewport)
        page.goto(stop.address)
        wrong += [f"{stop}, {cell}: {found}" for found in violations(page)]
        page.set_viewport_size({"width": 320, "height": 700})
        whole, shown = page.evaluate(SIDEWAYS)
        if whole > shown:
            wrong.append(f"{stop}, {cell.language} at 320 px: {whole} px wide")
    insight.speak("en")
    assert not wrong, "\n".join(wrong)
