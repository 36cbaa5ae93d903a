"""A real browser for the tests (a pytest plugin): Chromium through Playwright.

``open_page`` gives pages that watch themselves: whatever the console, the content security policy
or a failing script says makes the test fail, and so does a request that leaves the host.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.live import Server

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MISSING = "no browser: install the package chromium (as root, 'make tools' does)"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


def chromium() -> str | None:
    """The path of an installed Chromium; Playwright's own download is not used."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; each page has a profile of its own."""
    program = chromium()
    if program is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory) -> Iterator[Server]:
    """The shipped start command over fresh demo data, one for each test process."""
    with Server(tmp_path_factory.mktemp("live")) as server:
        yield server


class Complaints:
    """What the pages of a test complained about, less what the test expects."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.heard: list[str] = []
        self.expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Let complaints that contain the regular expression ``pattern`` pass."""
        self.expected.append(pattern)

    def listen(self, page: Page) -> None:
        """Hear what ``page`` says from now on."""
        page.on("console", lambda said: said.type in {"error", "warning"} and self.hear(said.text))
        page.on("pageerror", lambda error: self.hear(f"script failed: {error}"))
        page.on("request", lambda request: self.note_address(request.url))
        page.on("crash", lambda: self.hear("the page crashed"))

    def hear(self, words: str) -> None:
        """Keep one complaint."""
        self.heard.append(words)

    def note_address(self, url: str) -> None:
        """Complain when ``url`` is not of the server under test."""
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.hear(f"a request left the host: {url}")

    @property
    def open(self) -> list[str]:
        """Those that the test did not expect."""
        return [
            words for words in self.heard if not any(re.search(one, words) for one in self.expected)
        ]


@pytest.fixture
def complaints(live_server: Server) -> Iterator[Complaints]:
    """The complaints of this test's pages; any that was not expected fails the test."""
    gathered = Complaints(urlsplit(live_server.url).netloc)
    yield gathered
    assert gathered.open == []


@pytest.fixture
def open_page(browser: Browser, live_server: Server, complaints: Complaints) -> Iterator[Callable]:
    """A function that opens a page, such as ``open_page("/", viewport=NARROW, locale="fa")``."""
    contexts = []

    def opened(path: str = "/", **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **{"viewport": WIDE, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("page", complaints.listen)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in on ``page`` by the form, as a person does."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
