"""A real browser on an application in this very process: each request is answered by a test client, and watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route

from tests.conftest import Tab

HOST = "http://localhost"
LISTEN = """
window.addEventListener("securitypolicyviolation", (e) => said(`CSP ${e.effectiveDirective}: ${e.blockedURI} ${e.sample}`));
window.zq = () => said("a script ran");
for (const each of ["alert", "confirm", "prompt", "print"]) window[each] = () => said(each);
"""
SEARCH = """() => [...document.querySelectorAll("*")].filter((one) => one.localName.startsWith("zq") || one.localName === "base"
  || [...one.attributes].some((a) => a.name.startsWith("on") || a.name.startsWith("zq")
    || ["href", "src", "action", "formaction", "data"].includes(a.name) && /^\\s*(javascript|data|java\\tscript):/i.test(a.value)
    || ["src", "href", "action", "hx-get"].includes(a.name) && /^(\\/zq|\\/\\/zq)/.test(a.value)))
  .map((one) => one.outerHTML.slice(0, 200))"""
DROPPED = frozenset({"content-length", "transfer-encoding", "set-cookie"})


@dataclass
class Watch:
    """Somebody's browser; `wrong` says what ran, was blocked, was made of a text, or was asked for."""

    browser: Browser
    tab: Tab
    wrong: list[str] = field(default_factory=list)
    opened: int = 0

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(base_url=HOST, viewport={"width": 1280, "height": 900})  # fmt: skip
        self.context.expose_function("said", self._said)
        self.context.add_init_script(LISTEN)
        self.context.route("**/*", self._answer)
        self.page = self._new_page()
        self.at = ""

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._said(f"script failed: {error}"))
        return page

    def _said(self, words: str) -> None:
        self.wrong.append(f"{self.at}: {words}")

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._said(message.text)

    def _answer(self, route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != HOST or parts.path.startswith("/zq"):
            self._said(f"asked for {request.url}")
            route.abort()
            return
        sent = {k: v for k, v in request.headers.items() if k.lower().startswith(("hx-", "accept"))}  # fmt: skip
        try:
            answer = self.tab.open(
                f"{parts.path}?{parts.query}" if parts.query else parts.path,
                method=request.method, headers=sent, data=request.post_data_buffer, follow_redirects=True,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001  the browser would wait for an answer that never comes
            self._said(f"{parts.path} broke: {error!r}")
            route.abort()
            return
        headers = {k: v for k, v in answer.headers.items() if k.lower() not in DROPPED}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.get_data())

    def open(self, address: str) -> None:
        """Open a page and see what it does by itself, and what was made of its texts."""
        self.at, self.opened = address, self.opened + 1
        told = len(self.wrong)
        try:
            self.page.goto(address, wait_until="load")
        except Error:
            if len(self.wrong) == told:  # one that broke was aborted, and is told
                raise
            # The browser shows its own page for it in a moment, which would interrupt the next visit.
            self.page.close()
            self.page = self._new_page()
            return
        self.wrong += [f"{address}: {found}" for found in self.page.evaluate(SEARCH)]

    def close(self) -> None:
        """Let the browser forget everything."""
        self.page.close()
        self.context.close()
