"""A partner's contact on a phone: every act from the lane on, clicks counted, by touch and by keyboard alone.

Each act begins at `/partner` and ends when it is said to be done. To type and to choose a day or a file is no click; the
field that comes first has the cursor, or the test could not type into it.

Planted, each seen red: a link of the row that leads to the action's page instead of the form (three clicks for evidence);
`back` not kept by the form of evidence; the words of a return left out of the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_goals import PHONE, fits
from tests.walk import Walk, person_of
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.browser
MOST_CLICKS = 2
CALLED = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"


@dataclass
class Hand:
    """Somebody at the lane. `start` opens it; from there on every press counts until `done`, which keeps what the act took."""

    page: Page
    took: dict[str, int] = field(default_factory=dict)
    presses: int = 0

    def start(self) -> None:
        self.page.goto(re.sub(r"(//[^/]+)/.*", r"\1/partner", self.page.url))
        self.presses = 0

    def press(self, name: str, role: Any = "button") -> None:
        """Press what is called so."""
        self._reach(self.page.get_by_role(role, name=name, exact=True).first)
        self.presses += 1

    def _reach(self, what: Locator) -> None:
        what.tap()

    def type(self, into: str, words: str) -> None:
        """Type where the cursor stands, which has to be in this field."""
        expect(self.page.locator(f"[name={into}]")).to_be_focused()
        self.page.keyboard.type(words)

    def day(self, into: str, days: int) -> None:
        """Choose a day in the field where the cursor stands."""
        there = self.page.locator(f"[name={into}]")
        expect(there).to_be_focused()
        there.fill((now() + timedelta(days=days)).date().isoformat())

    def done(self, act: str, said: str) -> None:
        """The act is over, and took no more presses than it may."""
        expect(self.page.get_by_text(said).first).to_be_visible()
        self.took[act] = self.presses
        assert self.presses <= MOST_CLICKS, (act, self.presses)
        assert fits(self.page)


class Keys(Hand):
    """The same by keyboard: walks with the Tab key and presses Enter."""

    def _reach(self, what: Locator) -> None:
        expect(what).to_be_visible()
        wanted = what.evaluate("one => one.getAttribute('aria-label') || one.innerText").strip()
        for _step in range(300):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(CALLED).strip() == wanted:
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"no way to {wanted}")


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


@pytest.mark.parametrize("kind", [Hand, Keys], ids=["by touch", "by keyboard"])
def test_every_act_of_a_contact_takes_two_clicks_from_the_lane(
    as_actor: Callable[..., Page], given: Action, tmp_path: Path, kind: type[Hand]
) -> None:
    page = as_actor("partner", "/", viewport=PHONE, has_touch=kind is Hand)
    expect(page).to_have_url(re.compile("/partner$"))
    hand, title = kind(page), given.title
    row = page.locator("li.action", has=page.get_by_role("link", name=title, exact=True))

    hand.start()
    hand.press(f"Acknowledge {title}")
    hand.done("acknowledge", "The action is acknowledged.")
    hand.start()
    hand.press(f"Start {title}")
    hand.done("start", "The action is in progress.")

    hand.start()
    hand.press(f"How far it is: {title}", "link")
    expect(page.locator("[name=progress]")).to_be_focused()
    page.locator("[name=progress]").fill("40")
    hand.press("Save the update")
    hand.done("progress", "The update is saved.")
    expect(row.get_by_text("40%")).to_be_visible()

    hand.start()
    hand.press(f"Add evidence: {title}", "link")
    hand.type("url", "https://example.org/ten-homes")
    hand.press("Add it")
    hand.done("evidence, a link", "It is added to the action.")
    expect(page).to_have_url(re.compile("/partner$"))
    hand.start()
    hand.press(f"Add evidence: {title}", "link")
    proof = tmp_path / "ten homes.txt"
    proof.write_text("Ten homes, ten answers", "utf-8")
    page.get_by_label("Or a file").set_input_files(proof)
    hand.press("Add it")
    hand.done("evidence, a file", "It is added to the action.")

    hand.start()
    hand.press(f"Another date: {title}", "link")
    hand.day("proposed_on", 9)
    page.get_by_label("Why").fill("Two of them are away")
    hand.press("Propose this date")
    hand.done("propose a date", "The date is proposed. The host answers.")

    hand.start()
    hand.press(f"Hand it in: {title}", "link")
    for criterion in ("Ten homes", "Their words kept"):
        expect(page.get_by_text(criterion, exact=True)).to_be_visible()
    hand.type("words", "All ten rang back")
    hand.press("Hand it in: all 2 criteria are met")
    hand.done("submit", "The action is handed in.")

    host = as_actor("manager", f"/actions/{given.ref}")
    for brought in ("ten homes.txt", "example.org"):
        expect(host.get_by_role("link", name=brought, exact=True)).to_be_visible()
    expect(host.get_by_text("All ten rang back").first).to_be_visible()
    host.get_by_label("Or say what is missing").fill("Whose words are these?")
    host.get_by_role("button", name="Return it").click()
    expect(host.get_by_text("The action is returned.")).to_be_visible()

    hand.start()
    expect(row.get_by_text("Returned to you")).to_be_visible()
    hand.done("see it returned", "Whose words are these?")
    hand.press(title, "link")
    hand.done("see it returned, all of it", "Returned to you: this is missing")
    hand.start()
    hand.press(f"Hand it in: {title}", "link")
    expect(page.get_by_text("Whose words are these?")).to_be_visible()
    hand.press("Hand it in: all 2 criteria are met")
    hand.done("submit again", "The action is handed in.")
    print(hand.took)

    host.reload()
    host.get_by_role("button", name="Accept", exact=True).click()
    expect(host.get_by_text("The action is accepted.")).to_be_visible()
    hand.start()
    expect(page.get_by_role("heading", name="Accepted lately")).to_be_visible()
    expect(row.get_by_text("Accepted").first).to_be_visible()


@pytest.mark.parametrize("kind", [Hand, Keys], ids=["by touch", "by keyboard"])
def test_saying_that_one_is_blocked_takes_two_clicks_and_confirming_one(
    as_actor: Callable[..., Page], given: Action, kind: type[Hand]
) -> None:
    """Planted, seen red: the button behind a menu."""
    page = as_actor("partner", "/partner", viewport=PHONE, has_touch=kind is Hand)
    hand, stop = kind(page), f"Nobody opens the depot for {given.ref}"
    hand.start()
    hand.press(f"We are blocked: {given.title}", "link")
    hand.type("title", stop)
    hand.press("Say that we are blocked")
    hand.done("say that one is blocked", "is told.")
    expect(page.get_by_role("link", name=stop)).to_be_visible()

    host = as_actor("manager", f"/actions/{given.ref}")
    host.get_by_role("link", name=stop).click()
    host.get_by_label("How it was resolved").fill("The keys lie at the gate")
    host.get_by_role("button", name="Say that it is resolved").click()
    expect(host.get_by_text("Said to be resolved.")).to_be_visible()

    hand.start()
    hand.press(f"Confirm that it is resolved: {stop}")
    hand.done("confirm", "Confirmed: it is out of the way.")
    assert hand.took["confirm"] == 1
