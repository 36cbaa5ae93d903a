"""From the mail to the card that moves, and from an idea to what it was for: on a phone, by pages alone, each doing their own part.

Whoever has no part in a step sends the same form first, and is refused.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import gates
from tests.browser import Complaints, sign_in
from tests.e2e.test_board import BOARD
from tests.live import COMMAND, Server, environment
from tests.visitor import Visitor
from tests.walk import Walk, person_of
from tracker.clock import now
from tracker.db import db, writing
from tracker.demo.accounts import ACCOUNTS
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
IN_TIME = 2_500  # milliseconds until a board that is open shows what was decided
PATIENCE = 30  # seconds until the mail lies in its folder
PEOPLE = {one.role: one for one in ACCOUNTS}
TRIERS = ("executive", "owner", "head", "member", "manager", "finance", "auditor", "admin", "partner")  # fmt: skip
# The form of a page that posts to an address, and what it would send.
FORM = """([address, at]) => {
  const forms = [...document.querySelectorAll("form[method=post]")];
  const form = forms.find((one) => new URL(one.action || at, at).pathname === address);
  if (!form) throw new Error(`no form to ${address} among ${forms.map((one) => one.action)}`);
  document.querySelectorAll("[data-under-test]").forEach((one) => one.removeAttribute("data-under-test"));
  form.dataset.underTest = "";
  return true;
}"""
BODY = "(form) => [...new FormData(form)].map(([name, value]) => [name, String(value)])"


def mail_to(folder: Path, email: str, words: str) -> str:
    """Wait for the mail to somebody that says these words, and return its text."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for file in folder.glob("*.eml"):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            body = mail.get_body(("plain",))
            text = body.get_content() if body else ""
            if email in mail["To"] and words in text:
                return text
        time.sleep(0.1)
    raise AssertionError(f"no mail to {email} says {words!r}")


def test_from_the_mail_to_the_card_that_moves_on_another_board(
    insight: Walk, going_on: str, live_server: Server, open_page: Callable[..., Page], as_actor: Callable[..., Page]
) -> None:  # fmt: skip
    """Planted: the sponsor not told of what is asked."""
    question = f"Shall {going_on} go to every region?"
    with insight.app.app_context(), writing():
        one = db.session.query(Initiative).filter_by(ref=going_on).one()
        gates.requested(one, now=now(), by=person_of("manager"), question=question)
    text = mail_to(live_server.data_dir / "mail", PEOPLE["executive"].email, question)
    link = next(urlsplit(one).path for one in re.findall(r"https?://\S+", text) if "/approve/" in one)  # fmt: skip

    board = as_actor("manager", BOARD)
    column = board.locator(f"ul[data-column]:has(#card-{going_on})")
    expect(column).to_have_attribute("data-column", "piloting")
    phone = open_page(link, viewport=PHONE)
    assert urlsplit(phone.url).path == "/sign-in"
    phone.locator("input[name=email]").fill(PEOPLE["executive"].email)
    phone.locator("input[name=password]").fill(PEOPLE["executive"].password)
    phone.locator("form:has(input[name=password]) button[type=submit]").click()
    phone.wait_for_url(re.compile(r"/approvals/\d+$"))
    expect(phone.get_by_role("heading", level=1)).to_have_text(question)
    phone.get_by_role("button", name=re.compile("^Approve and open")).click()
    phone.wait_for_url(re.compile(r"/done$"))
    expect(column).to_have_attribute("data-column", "rolling_out", timeout=IN_TIME)


@dataclass
class Way:
    """A demo of its own, somebody's phone for each part in it, and those who try what is not theirs."""

    server: Server
    browser: Browser
    complaints: Complaints
    phones: dict[str, Page] = field(default_factory=dict)
    others: dict[str, Visitor] = field(default_factory=dict)
    refused: int = 0

    def phone(self, who: str) -> Page:
        """Return the phone of somebody, who signs in by the form when they first come."""
        if who not in self.phones:
            context = self.browser.new_context(base_url=self.server.url, viewport=PHONE)
            context.set_default_timeout(10_000)
            context.on("page", self.complaints.listen)
            self.phones[who] = context.new_page()
            sign_in(self.phones[who], PEOPLE[who].email, PEOPLE[who].password)
        return self.phones[who]

    def other(self, who: str) -> Visitor:
        if who not in self.others:
            visitor = self.others[who] = Visitor(self.server.port)
            visitor.token = visitor.get("/sign-in").hidden("csrf_token")
            said = {"email": PEOPLE[who].email, "password": PEOPLE[who].password}
            assert visitor.post("/sign-in", **said).status == 303
            home = "/partner" if who == "partner" else "/"
            visitor.token = visitor.get(home).hidden("csrf_token")
        return self.others[who]

    def does(
        self, who: str, page: str, press: str, fields: Mapping[str, str] | None = None, *, to: str = "", also: str = ""
    ) -> str:  # fmt: skip
        """Let somebody fill in the form of `page` that posts `to` an address, and press; return where they come.

        Everybody else but those who may `also` sends the same first.
        """
        phone, address = self.phone(who), to or page
        phone.goto(page)
        phone.evaluate(FORM, [address, phone.url])
        form = phone.locator("form[data-under-test]")
        for name, value in (fields or {}).items():
            part = form.locator(f'[name="{name}"]').first
            if part.get_attribute("type") == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif part.evaluate("(one) => one.tagName") == "SELECT":
                part.select_option(value)
            else:
                part.fill(value)
        body = [(name, value) for name, value in form.evaluate(BODY) if name not in ("csrf_token", "once")]  # fmt: skip
        for one in TRIERS:
            if one != who and one not in also.split():
                self.tries(one, address, body)
        with phone.expect_navigation():
            form.get_by_role("button", name=re.compile(press)).click()
        wrong = phone.locator(".error, .errors").all_inner_texts()
        assert urlsplit(phone.url).path != address, f"{address}: {wrong}"
        return urlsplit(phone.url).path

    def tries(self, who: str, address: str, body: list[tuple[str, str]]) -> None:
        other = self.other(who)
        sent = urlencode([*body, ("csrf_token", other.token), ("once", f"{who}{self.refused}")])
        status = other.ask("POST", address, sent).status
        assert status == (404 if who == "partner" else 403), f"{who} sent {address}: {status}"
        self.refused += 1

    def ahead(self, hours: int) -> None:
        """Go on as if so many hours had passed: everybody signs in anew."""
        self.leave()
        self.server.stop()
        moved = {"TRACKER_CLOCK_AHEAD_HOURS": str(hours)}
        self.server = Server(self.server.data_dir, moved, port=self.server.port)
        self.server.start()

    def leave(self) -> None:
        for phone in self.phones.values():
            phone.context.close()
        self.phones.clear()
        self.others.clear()


@pytest.fixture
def way(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    server = Server(tmp_path_factory.mktemp("way"))
    server.start()
    made = Way(server, browser, Complaints(urlsplit(server.url).netloc))
    try:
        yield made
        assert made.complaints.open == []
    finally:
        made.leave()
        made.server.stop()


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def choice(page: Page, name: str, words: str) -> str:
    """Return the value of what a list offers in these words."""
    option = page.locator(f'select[name="{name}"] option', has_text=words).first
    return option.get_attribute("value") or ""


def test_an_idea_goes_the_whole_way_by_pages_alone(way: Way, promise: Callable[..., None]) -> None:
    """The proposer begins, an executive accepts, the lead plans and asks, the sponsor decides each gate.

    Planted: a manager beside the sponsor in the policy of decisions.
    """
    begun = {"title": "A refund that arrives", "words": "I wait for weeks.", "lead_unit": "2"}
    home = way.does("head", "/initiatives/new", "Begin|Create|Add", begun, also="executive owner member manager finance admin")  # fmt: skip
    way.phone("head").goto(f"{home}/lead")
    lead = choice(way.phone("head"), "person", PEOPLE["member"].name)
    way.does("head", f"{home}/lead", "", {"person": lead}, also="manager")
    goal = {"baseline": "30", "baseline_on": day(-30), "target": "45", "target_on": day(400)}
    way.phone("member").goto(f"{home}/goals/new")
    goal["kpi_id"] = choice(way.phone("member"), "kpi_id", "would recommend us")
    way.does("member", f"{home}/goals/new", "", goal, also="manager")
    way.phone("member").goto(f"{home}/sponsorship")
    sponsor = choice(way.phone("member"), "person", PEOPLE["executive"].name)
    way.does("member", f"{home}/sponsorship", "", {"person": sponsor}, also="manager owner")
    way.does("executive", f"{home}/sponsorship", "", to=f"{home}/sponsorship/acceptance")
    page = way.phone("member")
    page.goto(
        f"{home}/milestones"
    )  # the usual stage plan of the demo plans the gates as its sponsor accepts
    assert page.locator('main a[href*="/milestones/"]').count() >= 5
    for stage in ("designing", "piloting", "rolling_out", "proving_benefit"):
        gate(way, home, conditioned=stage == "piloting")
    days = {"first_on": day(1), "second_on": "", "third_on": ""}
    way.does("member", f"{home}/checkpoints", "", days, also="manager")
    way.ahead(48)
    page = way.phone("member")
    page.goto(home)
    seen = page.locator(f'a[href*="{home}/checkpoints/"]').first.get_attribute("href") or ""
    way.does("member", urlsplit(seen).path, "", {"words": "It arrives within a day."}, also="manager")  # fmt: skip
    said = {"result": "achieved", "lesson": "Ask the bank first."}
    way.does("member", f"{home}/result", "", said, also="manager")
    gate(way, home)
    page.goto(home)
    expect(page.locator("main")).to_contain_text("Realised")
    told = subprocess.run(
        [COMMAND, "audit", "verify", "--state"], env=environment(way.server.data_dir), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (told.returncode, "The tables are as the trail says" in told.stdout) == (0, True), told
    promise("an idea goes the whole way by pages alone, everybody else refused", tried=way.refused, database="sqlite", let=0)  # fmt: skip


def gate(way: Way, home: str, *, conditioned: bool = False) -> None:
    """Let the lead ask for the next gate and the sponsor open it, with a condition or without."""
    words = {"cost": "1000", "gain": "Fewer calls", "waiting": "More of them", "risk": "The bank"}
    way.does("member", f"{home}/stage", "^Ask|^Put|^Request", words, to=f"{home}/stage/request", also="manager")  # fmt: skip
    page = way.phone("member")
    page.goto(f"{home}/stage")
    asked = urlsplit(page.url).path
    assert re.fullmatch(r"/approvals/\d+", asked), asked
    if not conditioned:
        way.does("executive", asked, "^Approve and open", to=f"{asked}/approval")
        return
    sponsor = way.phone("executive")
    sponsor.goto(f"{asked}/condition")
    owner = choice(sponsor, "owner_id", PEOPLE["manager"].name)
    wanted = {"words": "Ring ten customers", "owner_id": owner, "due_on": day(9)}
    way.does("executive", f"{asked}/condition", "^Approve with", wanted)
    sponsor.goto(asked)
    forms = sponsor.locator(f'form[action*="{asked}/conditions/"]')
    accept = urlsplit(forms.first.get_attribute("action") or "").path
    way.does("executive", asked, "^It is met", to=accept)
