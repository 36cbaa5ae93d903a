"""Addresses of this site that a request names: where one may be sent without leaving it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.routing import IntegerConverter, Map


def safe_next(address: str | None) -> str | None:
    """Return `address` if it leads somewhere on this site, else None.

    Browsers read backslashes as slashes and drop tabs and line breaks, so anything but a plain local path is refused.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if any(ord(c) < 33 or c == "\\" for c in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address


def is_web_address(link: Any) -> bool:
    """Tell whether a link that was kept leads to a page; one that came into the tables past our forms may run something."""
    return isinstance(link, str) and link.lower().startswith(("https://", "http://"))


class Id(IntegerConverter):
    """A number in an address that a row can have; any other leads nowhere (404), and no database is asked."""

    def __init__(self, rules: Map, *args: Any, **more: Any) -> None:
        super().__init__(rules, *args, **{"min": 1, "max": 2**31 - 1, **more})


def id_in(text: Any) -> int | None:
    """Return the number of a row that a request names, or None for anything that no row can have."""
    said = str(text)
    if not (said.isascii() and said.isdecimal() and len(said) <= 10):
        return None
    number = int(said)
    return number if 0 < number < 2**31 else None


def came_from() -> str | None:
    """Return the page of this site that the browser says the request was made on; None where it names none."""
    try:
        said = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    except ValueError:
        return None
    if said.netloc != request.host:
        return None
    return safe_next(f"{said.path}?{said.query}" if said.query else said.path)
