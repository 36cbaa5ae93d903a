"""The first visit: a browser that knows nothing opens the board of 60 cards."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.bench.boards import ADDRESS
from tests.bench.company import MANAGER
from tests.bench.figures import Report
from tests.bench.service import Service
from tests.browser import FLAGS, MISSING, WIDE, chromium


def measure(service: Service, report: Report) -> None:
    """Report the bytes as they came over the wire, the requests, and those that left the host."""
    program = chromium()
    if program is None:
        report.skip("first visit", MISSING)
        return
    name, _, value = service.cookie(MANAGER).partition("=")
    host = f"127.0.0.1:{service.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        context = browser.new_context(viewport=WIDE)
        context.add_cookies([{"name": name, "value": value, "url": f"http://{host}"}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        addresses: dict[str, str] = {}
        sizes: dict[str, int] = {}
        wire.on(
            "Network.requestWillBeSent",
            lambda said: addresses.update({said["requestId"]: said["request"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished",
            lambda said: sizes.update({said["requestId"]: int(said["encodedDataLength"])}),
        )
        page.goto(f"http://{host}{ADDRESS}", wait_until="networkidle")
        browser.close()
    seen = {key: urlsplit(url) for key, url in addresses.items() if not url.startswith("data:")}
    opening = {key: parts for key, parts in seen.items() if not parts.path.endswith("/cells")}
    each = {parts.path: sizes.get(key, 0) for key, parts in opening.items()}
    report.say("first visit, bytes", sum(each.values()), each=each)
    report.say("first visit, requests", len(opening))
    report.say(
        "first visit, requests that leave", sum(parts.netloc != host for parts in seen.values())
    )
