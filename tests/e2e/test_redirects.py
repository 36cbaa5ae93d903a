"""Another site as `next`, in two hundred spellings: judged by where the browser ends up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.browser import Complaints
from tests.elsewhere import some
from tests.live import Server
from tests.promises import full
from tracker.demo.accounts import ACCOUNTS

pytestmark = pytest.mark.browser


def test_the_browser_stays_here(
    as_actor: Callable[..., Page], open_page: Callable[..., Page], live_server: Server,
    complaints: Complaints, promise: Any,
) -> None:  # fmt: skip
    """CVE-2026-21879. Other sites are there, so that whoever is led away arrives. Planted: `next` as it came; `//` refused alone."""
    complaints.expect(r"status of (400|404)")
    page, chosen = as_actor("manager", "/health/live"), some(full(10, 200))

    def another_site(route: Route) -> None:
        if urlsplit(route.request.url).netloc == complaints.host:
            route.fallback()
        else:
            route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title>")

    page.context.route("**/*", another_site)
    led: list[str] = []
    for spelling in chosen:
        page.goto(f"/sign-in?next={quote(spelling, safe='')}", wait_until="commit")
        if not page.url.startswith(f"{live_server.url}/"):
            led.append(f"{spelling!r} to {page.url}")
    assert not led, "\n".join(led)

    account = next(one for one in ACCOUNTS if one.role == "manager")
    for spelling in some(full(2, 10)):
        page = open_page("/sign-in")
        page.context.route("**/*", another_site)
        page.evaluate("(to) => { document.querySelector('[name=next]').value = to }", spelling)
        page.locator("input[name=email]").fill(account.email)
        page.locator("input[name=password]").fill(account.password)
        page.locator("form:has(input[name=password]) button[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="commit")
        assert page.url.startswith(f"{live_server.url}/"), spelling
    promise("led to another site by `next`, judged in the browser", tried=len(chosen), led=0)
