"""Pages are sent packed to browsers that can unpack them.

What a page repeats of what was asked lets a stranger guess a secret on it by its length, if the stranger can make the
browser ask (the BREACH attack). So only what our own pages, or the person at the address bar, asked for is packed: current
browsers say so on secure connections, and with that no other site can measure anything.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

LEAST = 1024  # bytes; below this it is not worth it
LEVEL = 5
OURS = frozenset({"same-origin", "none"})
KINDS = frozenset({"text/html", "text/csv", "application/json"})


def wanted(environ: Mapping[str, Any]) -> bool:
    """Tell whether whoever asks takes gzip and is no other site."""
    return environ.get("HTTP_SEC_FETCH_SITE") in OURS and "gzip" in environ.get(
        "HTTP_ACCEPT_ENCODING", ""
    )


def packed(body: bytes) -> bytes:
    """Return `body` packed with gzip."""
    return gzip.compress(body, LEVEL, mtime=0)


def pack(response: Response) -> Response:
    """Pack what is long enough, of a kind that shrinks, and not packed or partial already."""
    if response.mimetype not in KINDS or response.direct_passthrough or not response.is_sequence:
        return response
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if "Content-Encoding" in response.headers or not wanted(request.environ):
        return response
    body = response.get_data()
    if len(body) >= LEAST:
        response.set_data(packed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Pack the answers of `app`."""
    app.after_request(pack)
