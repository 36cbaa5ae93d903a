"""Pages that follow what others do: they ask again and again whether anything is new, and mostly nothing is.

Whatever changes leaves an event in the same transaction, so a page looks as it did while the trail has not grown: then one
row is read, and nothing else. Once it has, the page is read again; it is drawn again only if what was read is another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request

from tracker.activity.trail import sealed
from tracker.web import render, wants_swap

Read = Callable[[], tuple[Mapping[str, Any], Any]]


def followed(page: str, part: str, today: date, read: Read) -> Response:
    """Return `page`, or to a browser that holds it already its `part`, or that nothing is new (304), which holds until `today` is over.

    `read` gives the context of both and, as something whose `repr` says it, what of it anybody else can change. It is read
    after the state that the answer is marked with, so that the answer may be newer than its mark, never older.
    """
    state = f"{sealed()}-{today.toordinal()}"
    known = request.headers.get("If-None-Match", "").strip('"') if wants_swap() else ""
    before, _, held = known.partition(".")
    if before == state:
        return _nothing_new(known)
    context, stands = read()
    looks = hashlib.blake2b(repr(stands).encode(), digest_size=12).hexdigest()
    mark = f"{state}.{looks}"
    if held == looks:
        return _nothing_new(mark)
    response = render(page, swap=part, mark=mark, **context)
    response.set_etag(mark)
    return response


def _nothing_new(mark: str) -> Response:
    response = Response(status=304)
    response.set_etag(mark)
    response.headers.add("Vary", "HX-Request")
    return response
