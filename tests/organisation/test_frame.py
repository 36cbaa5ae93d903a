"""What stands around every page: the navigation, and the headers."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import Tab
from tracker import navigation

As = Callable[[Any], Tab]


def current(page: str) -> list[str]:
    """Return the labels that the navigation marks as here."""
    nav = page.split('<nav class="nav"', 1)[1].split("</nav>", 1)[0]
    return [
        line.split("<span>")[1].split("</span>")[0]
        for line in nav.split('<a class="nav-link"')[1:]
        if 'aria-current="page"' in line.split(">")[0]
    ]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/admin/people", "People"),
        ("/admin/people/1/edit", "People"),
        ("/admin/units/new", "Units"),
        ("/settings/workspace", "Settings"),
    ],
)
def test_the_navigation_says_where_one_is(
    address: str, label: str, cast: SimpleNamespace, as_: As
) -> None:
    assert current(as_(cast.admin).get(address).text) == [label]


def test_the_navigation_holds_only_what_one_may_open(cast: SimpleNamespace, as_: As) -> None:
    """Every line of it answers 200. Canary: list what others may open."""
    for person in (cast.admin, cast.manager, cast.executive, cast.auditor, cast.contact):
        tab = as_(person)
        nav = tab.get("/settings/profile").text.split('<nav class="nav"')[1].split("</nav>")[0]
        links = [part.split('"')[0] for part in nav.split('href="')[1:] if part[0] == "/"]
        pages = [link for link in links if not link.startswith("/assets/")]
        assert {link: tab.get(link).status_code for link in pages} == dict.fromkeys(pages, 200)
        assert ("/admin/people" in pages) is (person is cast.admin)


def test_what_the_navigation_counts_is_asked_by_one_statement_built_once(
    cast: SimpleNamespace, as_: As
) -> None:
    """For readers with the same role alike. Planted: `_asking` without its cache; a person in the place of `Somebody`."""
    navigation._asking.cache_clear()
    for part in ("executive", "owner", "executive"):
        assert as_(getattr(cast, part)).get("/initiatives").status_code == 200
    assert navigation._asking.cache_info().misses == 1
    assert as_(cast.contact).get("/partner").status_code == 200
    assert navigation._asking.cache_info().misses == 2


def test_every_answer_carries_the_headers(cast: SimpleNamespace, as_: As) -> None:
    for answer in (
        as_(None).get("/sign-in"),
        as_(cast.admin).get("/admin/people"),
        as_(cast.admin).get("/nowhere"),
        as_(cast.member).get("/admin/people"),
    ):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
