"""Pages that follow what others do: they ask again and again whether anything is new, and mostly nothing is.

Whatever changes leaves an event in the same transaction, so a page looks as it did while the trail has not grown: then one
row is read, and nothing else. Once it has, the page is read again; it is drawn again only if what was read is another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request

from tracker.activity.trail import sealed
from tracker.gate import me
from tracker.organisation.settings import Organisation
from tracker.viewing import jalali, language, persian_digits, zone
from tracker.web import render, wants_swap

_MARK = re.compile(
    r"[0-9]+-[0-9]+(\.[0-9a-f]{24}){2}"
)  # as it is made here; what else a browser sends is not given back
Read = Callable[[], tuple[Mapping[str, Any], Any]]


def followed(page: str, part: str, today: date, read: Read) -> Response:
    """Return `page`, or to a browser that holds it already its `part`, or that nothing is new (304), which holds until `today` is over.

    `read` gives the context of both and, as something whose `repr` says it, what of it anybody else can change. It is read
    after the state that the answer is marked with, so that the answer may be newer than its mark, never older. What is shown
    of it hangs on who reads it, in which language and how, and on what the organisation calls things, so the mark does too.
    """
    state = f"{sealed()}-{today.toordinal()}"
    organisation = Organisation.current()
    reads = (
        me().id,
        language(),
        persian_digits(),
        jalali(),
        zone(),
        organisation.version,
        organisation.epoch,
    )
    before = f"{state}.{_looks(reads)}."
    asked = request.if_none_match.as_set(include_weak=True) if wants_swap() else set()
    held = sorted(mark for mark in asked if _MARK.fullmatch(mark))
    for mark in held:
        if mark.startswith(before):
            return _nothing_new(mark)
    context, stands = read()
    mark = before + _looks(stands)
    if any(one.partition(".")[2] == mark.partition(".")[2] for one in held):
        return _nothing_new(mark)
    response = render(page, swap=part, mark=mark, **context)
    response.set_etag(mark)
    return response


def _looks(thing: Any) -> str:
    return hashlib.blake2b(repr(thing).encode(), digest_size=12).hexdigest()


def _nothing_new(mark: str) -> Response:
    response = Response(status=304)
    response.set_etag(mark)
    response.headers.add("Vary", "HX-Request")
    return response
