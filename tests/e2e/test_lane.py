"""A partner's contact on a phone: a whole visit by touch, clicks counted, and the same acts by keyboard alone.

Planted, each seen red: the button of the row left out of the lane; "Add evidence" without its link; the words of a return not
shown to the partner.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Complaints
from tests.e2e.test_goals import PHONE, fits
from tests.walk import Walk, person_of
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.browser
MOST_CLICKS = 2


@dataclass
class Thumb:
    """Taps, and counts them from one act to the next."""

    page: Page
    taps: int = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def done(self) -> None:
        """One act is over: it took no more taps than it may."""
        assert 1 <= self.taps <= MOST_CLICKS, self.taps
        self.taps = 0
        assert fits(self.page)


@pytest.fixture
def given(insight: Walk, going_on: str) -> Action:
    """An action of the demo's partner on an initiative that the manager leads and hosts."""
    with insight.app.app_context():
        with writing():
            initiative = db.session.query(Initiative).filter_by(ref=going_on).one()
            vendor = Assignee(partner_id=person_of("partner").partner_id)
            made = Action.add(
                initiative, title=f"Ring ten homes of {going_on}", why="Nobody asked them", criteria="Ten homes\nTheir words kept",
                due_on=(now() + timedelta(days=3)).date(), assignee=vendor, by=person_of("manager"), now=now(),
            )  # fmt: skip
        db.session.refresh(made)
        db.session.expunge(made)
    return made


def test_a_whole_visit_by_touch_takes_two_taps_for_each_act(
    as_actor: Callable[..., Page], given: Action, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect("422")  # what is not ticked
    page = as_actor("partner", "/", viewport=PHONE, has_touch=True)
    expect(page).to_have_url(re.compile("/partner$"))
    thumb, lane = Thumb(page), "/partner"
    row = page.locator("li.action", has=page.get_by_role("link", name=given.title))
    thumb.tap(row.get_by_role("button", name=f"Acknowledge {given.title}"))
    expect(page.get_by_text("The action is acknowledged.")).to_be_visible()
    thumb.done()
    thumb.tap(row.get_by_role("button", name=f"Start {given.title}"))
    expect(page.get_by_text("The action is in progress.")).to_be_visible()
    thumb.done()

    page.goto(page.url.replace(lane, f"/partner/actions/{given.ref}"))
    thumb.tap(page.get_by_role("link", name="Add evidence"))
    proof = tmp_path / "ten homes.txt"
    proof.write_text("Ten homes, ten answers", "utf-8")
    page.get_by_label("File").set_input_files(proof)
    thumb.tap(page.get_by_role("button", name="Add it"))
    expect(page.get_by_role("link", name="ten homes.txt", exact=True)).to_be_visible()
    thumb.done()
    thumb.tap(page.get_by_role("link", name="Propose another date"))
    page.get_by_label("Proposed for").fill((now() + timedelta(days=9)).date().isoformat())
    page.get_by_label("Why").fill("Two of them are away")
    thumb.tap(page.get_by_role("button", name="Propose this date"))
    expect(page.get_by_text("The date is proposed. The host answers.")).to_be_visible()
    thumb.done()

    page.get_by_role("checkbox", name="Ten homes").check()
    page.get_by_label("What was done").fill("All ten rang back")
    thumb.tap(page.get_by_role("button", name="Hand it in"))
    expect(page.get_by_text("Not ticked yet: “Their words kept”").first).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("All ten rang back")
    page.get_by_role("checkbox", name="Their words kept").check()
    thumb.tap(page.get_by_role("button", name="Hand it in"))
    expect(page.get_by_text("The action is handed in.")).to_be_visible()
    thumb.done()

    host = as_actor("manager", f"/actions/{given.ref}")
    expect(host.get_by_text("All ten rang back").first).to_be_visible()
    host.get_by_label("Or say what is missing").fill("Whose words are these?")
    host.get_by_role("button", name="Return it").click()
    expect(host.get_by_text("The action is returned.")).to_be_visible()

    page.goto(page.url.partition("/partner")[0] + lane)
    expect(page.get_by_text("1 returned")).to_be_visible()
    thumb.tap(row.get_by_role("link", name=given.title, exact=True).first)  # its date waits as well
    expect(page.get_by_text("Whose words are these?").first).to_be_visible()
    thumb.done()
    for criterion in ("Ten homes", "Their words kept"):
        page.get_by_role("checkbox", name=criterion).check()
    thumb.tap(page.get_by_role("button", name="Hand it in"))
    expect(page.get_by_text("The action is handed in.")).to_be_visible()
    thumb.done()
    host.reload()
    host.get_by_role("button", name="Accept", exact=True).click()
    expect(host.get_by_text("The action is accepted.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Accepted").first).to_be_visible()


def test_saying_that_one_is_blocked_takes_two_taps_and_confirming_one(
    as_actor: Callable[..., Page], given: Action
) -> None:
    """Planted, seen red: the button behind a menu."""
    page = as_actor("partner", f"/partner/actions/{given.ref}", viewport=PHONE, has_touch=True)
    thumb, stop = Thumb(page), f"Nobody opens the depot for {given.ref}"
    thumb.tap(page.get_by_role("link", name="We are blocked"))
    page.get_by_label("What stops you").fill(stop)
    thumb.tap(page.get_by_role("button", name="Say that we are blocked"))
    expect(page.get_by_text("is told.")).to_be_visible()
    expect(page.get_by_role("link", name=stop)).to_be_visible()
    thumb.done()

    host = as_actor("manager", f"/actions/{given.ref}")
    host.get_by_role("link", name=stop).click()
    host.get_by_label("How it was resolved").fill("The keys lie at the gate")
    host.get_by_role("button", name="Say that it is resolved").click()
    expect(host.get_by_text("Said to be resolved.")).to_be_visible()

    page.goto(page.url.partition("/partner")[0] + "/partner")
    thumb.tap(page.get_by_role("button", name=f"Confirm that it is resolved: {stop}"))
    expect(page.get_by_text("Confirmed: it is out of the way.")).to_be_visible()
    thumb.done()


def test_the_same_by_keyboard_alone(as_actor: Callable[..., Page], given: Action) -> None:
    page = as_actor("partner", "/partner", viewport=PHONE)

    def press_on(name: str) -> None:
        """Walk with the Tab key to what is called this, and press Enter."""
        for _step in range(200):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"
            )
            if told.strip() == name:
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"no way to {name}")

    press_on(f"Acknowledge {given.title}")
    expect(page.get_by_text("The action is acknowledged.")).to_be_visible()
    press_on(f"Start {given.title}")
    expect(page.get_by_text("The action is in progress.")).to_be_visible()
    press_on(f"Hand it in: {given.title}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand this action in")
    for criterion in ("Ten homes", "Their words kept"):
        page.get_by_role("checkbox", name=criterion).focus()
        page.keyboard.press("Space")
    press_on("Hand it in")
    expect(page.get_by_text("The action is handed in.")).to_be_visible()
