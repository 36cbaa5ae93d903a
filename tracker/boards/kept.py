"""Rendered pages, kept in memory for as long as nothing on them would look different."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST = 256
TOKEN = b"csrf-goes-here-after-the-cache"

Parts = list[bytes]


class Pages:
    """Pages by key, the latest used kept; one renderer for each key at a time.

    A page is kept in parts: between them goes the CSRF token of whoever asks.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._pages: OrderedDict[Hashable, tuple[Hashable, Parts]] = OrderedDict()
        self._lock = threading.Lock()
        self._rendering: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, mark: Hashable) -> Parts | None:
        """Return the page under `key` if it was made under the same `mark`."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != mark:
                return None
            self._pages.move_to_end(key)
            return found[1]

    def made(self, key: Hashable, mark: Hashable, make: Callable[[], bytes]) -> Parts:
        """Return the page under `key`, making it with `make` if it is not there."""
        with self._lock:
            lock = self._rendering.setdefault(key, threading.Lock())
        try:
            with lock:
                return self.get(key, mark) or self._keep(key, mark, parted(make()))
        finally:
            with self._lock:
                self._rendering.pop(key, None)

    def _keep(self, key: Hashable, mark: Hashable, page: Parts) -> Parts:
        with self._lock:
            self._pages[key] = (mark, page)
            self._pages.move_to_end(key)
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)
        return page

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()


def parted(page: bytes) -> Parts:
    """Return a page that was rendered with `TOKEN` in its parts."""
    return page.split(TOKEN)


def whole(parts: Parts, token: str) -> bytes:
    """Return the page for whoever's CSRF token this is."""
    return token.encode().join(parts)
