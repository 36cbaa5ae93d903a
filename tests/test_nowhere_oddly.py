"""However oddly a contact asks: what is not for them still reads byte for byte like an address that never was.

Each is asked for once as it is on the map, and once where nothing is, in the same odd way.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Tab
from tests.test_nowhere import told
from tests.test_unreadable import UNREADABLE
from tracker import fitting
from tracker.front import NO_PLACE, OTHER_HOST

HIDDEN = ("/admin/people", "/boards", "/boards/new", "/kpis/new", "/settings/audit", "/import")
AGAIN = re.compile(r"(?<=<form method=\"post\" action=\")[^\"]+(?=\" class=\"form kept)|(?<=name=\"once\" value=\")[^\"]+")  # fmt: skip
ODD: dict[str, dict[str, Any]] = {
    **{f"POST, {what}": {"method": "POST", **given} for what, given in UNREADABLE.items()},
    "PUT, announced too large": {"method": "PUT", **UNREADABLE["announced too large"]},
    "a body that was cut short": {"environ_overrides": {"CONTENT_LENGTH": "50"}},
    "a form that was cut short": {"method": "POST", "environ_overrides": {"CONTENT_LENGTH": "50"}},
    "another host": {"environ_base": {OTHER_HOST: True}},
    "a form to another host": {"method": "POST", "environ_base": {OTHER_HOST: True}, "data": {"once": "x"}},
    "no place": {"environ_base": {NO_PLACE: True}},
    "no place for a form": {"method": "POST", "environ_base": {NO_PLACE: True}, "data": {"words": "so many words"}},
    "a websocket": {"headers": {"Connection": "Upgrade", "Upgrade": "websocket"}},
    "a websocket that posts": {"method": "POST", "headers": {"Connection": "Upgrade", "Upgrade": "websocket"}},
    **{f"{method} alone": {"method": method} for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "LOCK")},
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_request_tells_no_contact_what_is_there(
    as_: Any, cast: SimpleNamespace, odd: str
) -> None:
    """Planted: only a form that is refused with 400 leads to hiding (`hiding`); only what takes another method is hidden
    (`_may_be_there`), so that a websocket is told of; the cut body, the missing place and the menu of the other
    host told only where there is an endpoint (`arrive`, `navigation`)."""  # fmt: skip
    tab = as_(cast.contact)
    never = asked(tab, "/nonsense/1", odd)
    for address in HIDDEN:
        assert asked(tab, address, odd) == never, address


def asked(tab: Tab, address: str, odd: str) -> Any:
    """Ask for `address` in an odd way, and return all of the answer but what is its own: of a form to send again that is its key."""
    status, text, headers = told(tab.open(address, **ODD[odd]))
    return status, AGAIN.sub("", text), headers


@pytest.mark.parametrize("address", ["/admin//people", "/kpis//new", "/admin/people/", "/admin/people//"])  # fmt: skip
def test_an_address_that_is_spelt_oddly_leads_nowhere(
    as_: Any, cast: SimpleNamespace, address: str
) -> None:
    """Planted: led to the true address (308), as Werkzeug does it for others."""
    tab = as_(cast.contact)
    never = told(tab.get("/nonsense//1"))
    assert never[0] == 404
    assert told(tab.get(address)) == never


@pytest.mark.parametrize("method", ["PUT", "POST", "OPTIONS", "DELETE"])
def test_which_words_are_taken_is_told_to_no_contact(
    as_: Any, cast: SimpleNamespace, method: str
) -> None:
    """`/blockers/<ref>` is for contacts, `/blockers/matrix` is not. Planted: 405 for them where some view takes the address;
    OPTIONS answered as Flask does it."""  # fmt: skip
    tab = as_(cast.contact)
    never = told(tab.open("/nonsense/1", method=method))
    assert never[0] == 404
    for address in ("/blockers/zzzz", "/blockers/matrix", "/blockers/new", "/partner"):
        assert told(tab.open(address, method=method)) == never, address
    assert as_(cast.manager).open("/blockers/matrix", method="PUT").status_code == 405


def test_a_schema_that_does_not_fit_is_said_at_every_address(
    app: Flask, as_: Any, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: looked at only where there is an endpoint."""
    monkeypatch.setitem(app.extensions, "fitting", fitting.Known("9", "8"))
    monkeypatch.setattr(fitting, "_revision", lambda: "8")
    tab = as_(cast.contact)
    never = told(tab.get("/nonsense/1"))
    assert never[0] == 503
    assert told(tab.get("/admin/people")) == never
