"""Rendered pages, kept in memory for as long as nothing on them would look different."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

MOST = 256
TOKEN, MARK = "token", "mark"  # names of places
_SECRET = secrets.token_hex(16)  # so that nobody can type a place into a title
_PLACE = re.compile(rf"\[{_SECRET}:([a-z]+[0-9]*)\]".encode())

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things by key, the latest used kept; one maker for each key at a time."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._things: OrderedDict[Hashable, tuple[Hashable, Thing]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, state: Hashable) -> Thing | None:
        """Return what lies under `key` if it was made under the same `state`."""
        with self._lock:
            found = self._things.get(key)
            if found is None or found[0] != state:
                return None
            self._things.move_to_end(key)
            return found[1]

    def made(self, key: Hashable, state: Hashable, make: Callable[[], Thing]) -> Thing:
        """Return what lies under `key`, making it with `make` if it is not there."""
        with self._lock:
            lock = self._making.setdefault(key, threading.Lock())
        try:
            with lock:
                found = self.get(key, state)
                return self._keep(key, state, make()) if found is None else found
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _keep(self, key: Hashable, state: Hashable, thing: Thing) -> Thing:
        with self._lock:
            self._things[key] = (state, thing)
            self._things.move_to_end(key)
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return thing

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()


class Latest:
    """Of each name the thing that was made last: given again as long as what it is made from is the same."""

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[Any, Any]] = {}

    def of(self, name: Hashable, source: Any, make: Callable[[], Thing]) -> Thing:
        """Return the thing of this `name` as `make` makes it from `source`, which need not be hashable."""
        made = self._made.get(name)
        if made is None or made[0] != source:
            made = self._made[name] = (source, make())
        return made[1]


class Page:
    """A page with places that are filled later, such as the CSRF token of whoever asks."""

    __slots__ = ("_names", "_parts")

    def __init__(self, text: bytes) -> None:
        """`text` has `place(name)` where something is missing."""
        parts = _PLACE.split(text)
        self._parts = parts
        self._names = [(n, parts[n].decode()) for n in range(1, len(parts), 2)]

    def partly(self, **given: str | bytes) -> Page:
        """Return the page with this in its place, and the other places still to be filled."""
        page = Page(b"")
        page._parts = self._parts.copy()
        page._names = []
        for n, name in self._names:
            if name in given:
                page._parts[n] = _bytes(given[name])
            else:
                page._names.append((n, name))
        return page

    def filled(self, **given: str | bytes) -> bytes:
        """Return the page with everything in its place. KeyError for a place that nothing is given for."""
        parts = self._parts.copy()
        for n, name in self._names:
            parts[n] = _bytes(given[name])
        return b"".join(parts)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def place(name: str) -> str:
    """Return what stands on a page where `name` is missing."""
    return f"[{_SECRET}:{name}]"
