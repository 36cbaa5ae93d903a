"""A sponsor decides on a phone: everything that matters on one screen, above the answer, in a language of either direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import gates
from tests.browser import Complaints
from tests.e2e.test_looks import SIDEWAYS
from tests.walk import Walk, person_of
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
# What reaches below the bar, or above the window.
HIDDEN = """() => {
  const bar = document.querySelector(".decide").getBoundingClientRect();
  const read = [document.querySelector("main h1"), ...document.querySelectorAll("main .facts > div")];
  const wrong = read.filter((part) => {
    const box = part.getBoundingClientRect();
    return box.top < 0 || box.bottom > bar.top || box.height === 0;
  });
  return {read: read.length, wrong: wrong.map((part) => part.textContent.trim()), at: window.scrollY, bar: bar.bottom};
}"""


@pytest.fixture
def asked(insight: Walk, going_on: str) -> int:
    """The number of a request about that initiative, in words as long as people write them."""
    with insight.app.app_context(), writing():
        one = db.session.query(Initiative).filter_by(ref=going_on).one()
        return gates.requested(
            one,
            now=now(),
            by=person_of("manager"),
            question="Start the callback pilot in two regions?",
            cost=48_000,
            cost_words="",
            gain="24% fewer repeat calls, about 310,000 a year",
            waiting="Misses the January peak; the next window is 8 March",
            risk="The telephony change window is not booked",
        ).id


@pytest.fixture
def speaking(insight: Walk) -> Iterator[Callable[[str], None]]:
    """Let the executive read another language, until the test is over."""

    def speak(language: str) -> None:
        with insight.app.app_context(), writing():
            db.session.get_one(Person, person_of("executive").id).language = language

    yield speak
    speak("en")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_a_sponsor_weighs_stands_above_the_answer_without_scrolling(
    asked: int, speaking: Callable[[str], None], as_actor: Callable[..., Page], language: str
) -> None:
    """Planted: the criteria put before what is asked for."""
    speaking(language)
    page = as_actor("executive", f"/approvals/{asked}", viewport=PHONE)
    assert page.locator("html").get_attribute("lang") == language
    found = page.evaluate(HIDDEN)
    assert (found["wrong"], found["at"], round(found["bar"])) == ([], 0, PHONE["height"])
    assert found["read"] == 6  # the question, what, cost, gain, waiting, open risk
    whole, shown = page.evaluate(SIDEWAYS)
    assert whole <= shown


def test_the_decision_takes_one_press_and_says_what_was_recorded(
    asked: int, as_actor: Callable[..., Page]
) -> None:
    """Planted: the way on to the list instead of to what was recorded."""
    page = as_actor("executive", f"/approvals/{asked}", viewport=PHONE)
    page.get_by_role("button", name=re.compile("^Approve and open")).click()
    expect(page).to_have_url(re.compile(rf"/approvals/{asked}/done$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Approved")
    page.goto(f"/approvals/{asked}")
    expect(page.locator(".decide")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Approved")


def test_a_phone_offers_the_other_answers(
    asked: int, as_actor: Callable[..., Page], complaints: Complaints
) -> None:
    """Planted: the choice sent without a reason."""
    complaints.expect("422")
    page = as_actor("executive", f"/approvals/{asked}", viewport=PHONE)
    page.get_by_role("link", name="Not yet").click()
    page.get_by_label("Send it back").check()
    page.get_by_role("button", name="Send my decision").click()
    expect(page.get_by_text("Say in words why you decide so.").first).to_be_visible()
    page.get_by_label("Why, and what has to happen first").fill("Book the window first.")
    page.get_by_role("button", name="Send my decision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent back")
