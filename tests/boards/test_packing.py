"""Pages are packed for browsers that unpack them, and only where nobody else can make the browser ask.

Planted faults seen red: packed whatever `Sec-Fetch-Site` says; the short road of boards left out; no `Vary`.
"""

from __future__ import annotations

import gzip
from types import SimpleNamespace
from typing import Any

import pytest

from tracker.boards.models import Board

PACKED = {"Accept-Encoding": "gzip, br", "Sec-Fetch-Site": "same-origin"}


def fetched(tab: Any, address: str, **headers: str) -> Any:
    return tab.get(address, headers={**PACKED, **headers})


@pytest.mark.parametrize("address", ["/", "/initiatives", "/boards/everything"])
@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_is_packed_for_our_own_browser(
    as_: Any,
    cast: SimpleNamespace,
    board: Board,
    address: str,
    site: str,
) -> None:
    """A board twice: drawn by the long road, then by the short one."""
    tab = as_(cast.manager)
    tab.token()
    plain = tab.get(address)
    assert "Content-Encoding" not in plain.headers
    for _visit in range(2):
        answer = fetched(tab, address, **{"Sec-Fetch-Site": site})
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert {"Accept-Encoding", "Sec-Fetch-Site"} <= {
            v.strip() for v in answer.headers["Vary"].split(",")
        }
        assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data)
        assert gzip.decompress(answer.data).startswith(b"<!doctype html>")


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
@pytest.mark.parametrize("address", ["/", "/boards/everything"])
def test_nothing_is_packed_that_another_site_may_have_asked_for(
    as_: Any,
    cast: SimpleNamespace,
    board: Board,
    address: str,
    site: str,
) -> None:
    tab = as_(cast.manager)
    tab.token()
    fetched(tab, address)
    for _visit in range(2):
        assert "Content-Encoding" not in fetched(tab, address, **{"Sec-Fetch-Site": site}).headers


def test_what_cannot_be_unpacked_is_not_packed(as_: Any, cast: SimpleNamespace) -> None:
    tab = as_(cast.manager)
    assert "Content-Encoding" not in fetched(tab, "/", **{"Accept-Encoding": "identity"}).headers
    assert "Content-Encoding" not in fetched(tab, "/initiatives.xlsx").headers
    assert fetched(tab, "/initiatives.csv").headers.get("Content-Encoding") in {None, "gzip"}
