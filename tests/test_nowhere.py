"""To a partner's contact, what is not for them reads byte for byte like an address that never was, over the whole map.

Only the number of the request and the token of the forms differ from one answer to the next. Planted, each seen red: the menu
left out where no address fits; the line of the menu that is nearest marked; 405 for a POST that is not theirs; the token of a
form asked for before it is asked who comes.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from tests.midway import midway
from tests.test_permissions import arguments, rules
from tracker.policy import for_partners

ITS_OWN = re.compile(r"(?<=request: )\w+|(?<=X-CSRFToken\": \")[^\"]+|(?<=csrf_token\" value=\")[^\"]+")  # fmt: skip
CHANGING = {"Date", "Content-Length", "X-Request-ID", "Set-Cookie", "Server-Timing"}
METHODS = ("GET", "POST", "OPTIONS")


def told(answer: Any) -> tuple[int, str, dict[str, str]]:
    """Return all of an answer but what is its own."""
    headers = {name: value for name, value in answer.headers if name not in CHANGING}
    return answer.status_code, ITS_OWN.sub("", answer.text), headers


def places(app: Flask, world: Any) -> list[tuple[Any, str]]:
    """Return every rule with its address, of something that is there and of something that is not."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in rules(app):
            method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for missing in (False, True):
                values = arguments(rule, world, missing=missing)
                found.append((rule, adapter.build(rule.endpoint, values, method=method)))
    return found


@pytest.mark.parametrize("who", ["contact", "other_contact"])
def test_what_is_not_theirs_reads_like_what_never_was(app: Flask, as_: Any, who: str) -> None:
    world = midway(app, as_)
    tab = as_(getattr(world, who))
    tab.get("/partner")
    never = {method: told(tab.open("/nonsense/1", method=method)) for method in METHODS}
    assert {status for status, _text, _headers in never.values()} == {404}
    wrong, alike = [], 0
    for rule, address in places(app, world):
        if rule.endpoint == "organisation.language":
            continue  # it would change how every page reads from here on
        act = getattr(app.view_functions[rule.endpoint], "act", None)
        hidden = act is not None and not for_partners(act)
        for method in METHODS if hidden and who == "contact" else ("GET",):
            answer = told(tab.open(address, method=method))
            if (hidden or answer[0] == 404) and answer != never[method]:
                wrong.append(f"{method} {address}: {answer[0]}")
            alike += answer == never[method]
    assert wrong == []
    assert alike > 400, "the map was walked"


def test_the_page_of_what_is_nowhere_keeps_the_menu(app: Flask, as_: Any) -> None:
    world = midway(app, as_)
    for who, home in (("contact", "/partner"), ("manager", "/initiatives")):
        page = as_(getattr(world, who)).get("/blockers/nonsense/1").text
        assert f'class="nav-link" href="{home}"' in page
        assert "aria-current" not in page
