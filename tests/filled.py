"""A form as its page shows it: what a browser would send if nobody touched a field."""

from __future__ import annotations

from html.parser import HTMLParser

ELSEWHERE = {"submit", "button", "reset", "file", "image"}
Sent = dict[str, list[str]]


class Forms(HTMLParser):
    """The forms of a page that post, each as (action, what it would send)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Sent]] = []
        self._sent: Sent | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method") == "post":
            self._sent = {}
            self.found.append((has.get("action", ""), self._sent))
        if self._sent is None:
            return
        if tag == "option":
            self._options.append((has.get("value", ""), "selected" in has))
        elif tag == "textarea":
            self._area = has.get("name")
            self._add(self._area, "")
        elif tag == "select":
            self._select, self._options = has.get("name"), []
        elif tag == "input" and has.get("type") not in ELSEWHERE:
            ticked = has.get("type") in {"radio", "checkbox"}
            if not ticked or "checked" in has:
                self._add(has.get("name"), has.get("value", "on" if ticked else ""))

    def handle_data(self, data: str) -> None:
        if self._sent is not None and self._area:
            self._sent[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._sent is not None and self._area:
            text = self._sent[self._area][-1].replace("\r\n", "\n")
            self._sent[self._area][-1] = text.removeprefix("\n")
            self._area = None
        elif tag == "select" and self._sent is not None:
            chosen = [value for value, selected in self._options if selected]
            for value in chosen or [value for value, _selected in self._options[:1]]:
                self._add(self._select, value)
            self._select = None
        elif tag == "form":
            self._sent = None

    def _add(self, name: str | None, value: str) -> None:
        if self._sent is not None and name:
            self._sent.setdefault(name, []).append(value)


def form_to(page: str, address: str, here: str = "") -> Sent:
    """Return what the form of `page` that posts to `address` would send; one without an action posts `here`.

    Raises LookupError where there is none.
    """
    for action, sent in Forms(page).found:
        if (action or here).partition("?")[0] == address.partition("?")[0]:
            return sent
    raise LookupError(f"no form of the page posts to {address}")
