"""Pages of a list, and addresses that keep what was asked."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.initiatives.stories import idea
from tracker.paging import (
    LAST_PAGE,
    Page,
    asked_number,
    asked_page,
    here,
    here_only,
    kept_questions,
)

bare = Flask("paging")


def test_the_second_of_three_pages():
    """Planted: `pages` rounded down; `last` one too high."""
    page = Page(["a"] * 25, page=2, per_page=25, total=60)
    assert (page.pages, page.first, page.last) == (3, 26, 50)
    assert (page.has_prev, page.prev_num, page.has_next, page.next_num) == (True, 1, True, 3)


def test_a_page_beyond_the_end_leads_back_to_the_last():
    """Planted: `prev_num` without the bound: page 8 of 3."""
    page = Page([], page=9, per_page=25, total=60)
    assert (page.first, page.last, page.has_next, page.prev_num) == (0, 0, False, 3)


def test_an_empty_list_has_one_page():
    """Planted: zero pages."""
    page = Page([], page=1, per_page=25, total=0)
    assert (page.pages, page.has_prev, page.has_next) == (1, False, False)


def test_nonsense_asks_for_the_first_page():
    """Planted: the value taken as it comes."""
    for asked, page in {"": 1, "x": 1, "-3": 1, "0": 1, "7": 7, "9" * 30: LAST_PAGE}.items():
        with bare.test_request_context(f"/list?page={asked}"):
            assert asked_page() == page, asked


def test_an_address_keeps_the_other_questions():
    """Planted: questions lost; the old answer kept beside the new one."""
    with bare.test_request_context("/list?unit=3&q=a+b%26c&page=2&tag=x&tag=y"):
        assert here(page=None, unit=4) == "/list?q=a+b%26c&tag=x&tag=y&unit=4"
        assert here_only("q") == "/list?q=a+b%26c"
        assert here_only() == "/list"
        assert kept_questions("q", "tag") == [("unit", "3")]


def test_words_that_url_for_would_obey_are_only_words():
    """Planted: `url_for(request.endpoint, **request.args)`: `_external` and `endpoint` act."""
    with bare.test_request_context("/list?endpoint=x&_external=1&_anchor=y"):
        assert here(page=2) == "/list?endpoint=x&_external=1&_anchor=y&page=2"


@pytest.mark.parametrize(
    ("asked", "number"),
    [("7", 7), ("0", 0), ("2147483647", 2147483647), ("2147483648", None), ("-1", None), ("9" * 30, None), ("x", None), ("", None)],
)  # fmt: skip
def test_a_number_that_no_id_could_be_is_not_asked_for(asked, number):
    with bare.test_request_context(f"/?before={asked}"):
        assert asked_number("before") == number
        assert asked_number("before", 3) == (3 if number is None else number)


@pytest.mark.both
@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30])
def test_no_page_breaks_on_a_number_that_no_id_could_be(app, cast, as_, told, clock, number):
    """Planted, seen red: `type=int` alone, which SQLite does not take (OverflowError)."""
    one = told(lambda: idea(cast, clock()))
    for who, address in (
        (cast.manager, f"/activity?before={number}"),
        (cast.manager, f"/initiatives/{one.ref}/activity?before={number}&person={number}"),
        (cast.manager, f"/initiatives/{one.ref}/lead?person={number}"),
        (cast.auditor, f"/settings/audit?before={number}"),
        (cast.admin, f"/admin/people?unit={number}"),
    ):
        assert as_(who).get(address).status_code == 200, address
