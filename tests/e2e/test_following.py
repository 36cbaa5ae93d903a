"""Pages that follow what others do, in two browsers: a promise of one click, and a connection that comes and goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser import Complaints
from tests.walk import Walk, person_of
from tracker.blockers.models import Blocker
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit

pytestmark = pytest.mark.browser
WHAT = "Nobody may look at the meters before noon"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def sides(insight: Walk) -> tuple[str, str]:
    """The pages of the unit that holds a blocker, for so long that it stands on top, and of the one that waits."""
    with insight.app.app_context(), writing():
        head, manager = person_of("head"), person_of("manager")
        holds = db.session.scalars(select(Unit).where(Unit.acting_head_id == head.id)).first()
        initiative = db.session.get_one(Initiative, 1)
        waits = db.session.scalars(
            select(Unit).where(Unit.id != holds.id, Unit.ended_at.is_(None)).order_by(Unit.id.desc())
        ).first()  # fmt: skip
        needed, long_ago = day_of(now()) + timedelta(days=9), now() - timedelta(days=700)
        Blocker.raise_(
            initiative, title=WHAT, holder_unit_id=holds.id, blocked_unit_id=waits.id, needed_by=needed, by=manager, now=long_ago
        )  # fmt: skip
        return f"/units/{holds.slug}", f"/units/{waits.slug}"


def test_a_day_is_promised_in_one_click_and_the_side_that_waits_sees_it_without_reload(
    sides: tuple[str, str], as_actor: Callable[..., Page]
) -> None:
    """Within 2.5 s, the focus kept. Planted: the focus left to the body."""
    holds, waits = sides
    watcher = as_actor("manager", waits)
    line = watcher.locator("li", has_text=WHAT).first
    expect(line).to_contain_text("Nobody yet")
    line.locator("a.row").focus()
    head = as_actor("head", holds)
    mine = head.locator("li", has_text=WHAT).first
    mine.get_by_role("button", name=re.compile("^Promise ")).click()
    expect(watcher.locator("li", has_text=WHAT).first).to_contain_text("promised", timeout=2500)
    assert (
        watcher.evaluate(
            "document.activeElement.matches('a.row') && document.activeElement.textContent"
        )
        == WHAT
    )
    head.wait_for_url(f"**{holds}")
    expect(head.locator("#toast")).to_contain_text("Promised for")
    expect(head.locator("li", has_text=WHAT).first.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("address", ["unit", "/blockers/matrix", "/boards/whole-portfolio"])
def test_a_page_says_when_the_connection_is_lost_and_picks_up_again_by_itself(
    sides: tuple[str, str], as_actor: Callable[..., Page], complaints: Complaints, address: str
) -> None:
    """What is pressed meanwhile leads nowhere. Planted: a failed question that is forgotten; a notice that stays; clicks let through."""
    complaints.expect("ERR_FAILED")  # the browser's own words for it
    page = as_actor("manager", sides[0] if address == "unit" else address)
    notice = page.locator(".lost")
    expect(notice).to_have_count(0)
    asks = re.compile(r"/units/|/blockers/matrix|/cells")
    page.route(asks, lambda route: route.abort())
    expect(notice).to_contain_text("The connection is lost", timeout=9000)
    before, inside = page.url, page.locator("[data-follow], [data-board]").first
    inside.locator("a[href]").first.click()
    assert page.url == before
    expect(page.locator("#live")).to_contain_text("The connection is lost")
    page.unroute(asks)
    expect(notice).to_contain_text("The connection is back", timeout=15_000)
    expect(notice).to_have_count(0, timeout=6000)


def test_a_hidden_page_asks_nothing(sides: tuple[str, str], as_actor: Callable[..., Page]) -> None:
    """And asks at once when it is looked at again. Planted: `document.hidden` not looked at."""
    page = as_actor("manager", sides[0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(HIDE, True)
    asked.clear()
    page.wait_for_timeout(4000)
    assert asked == []
    page.evaluate(HIDE, False)
    page.wait_for_timeout(500)
    assert len(asked) == 1
