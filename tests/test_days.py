"""Days in forms: whoever reads dates in the Jalali calendar types them in it and reads them back in it; for everybody else nothing is new.

Planted, each seen red: years of the Gregorian calendar refused; `1405-09-10` taken as it stands; the value shown back by
`isoformat`; the plain `type="date"` of a promise that stood in the page of a blocker.
"""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from flask import g

from tests.doing import stored, work_of
from tracker import days, paths

TENTH_OF_AZAR = date(2026, 12, 1)


@pytest.fixture
def work(app, cast, clock):
    return work_of(app, cast, clock)


@pytest.fixture
def persian(app):
    with app.test_request_context("/"):
        g.viewer = SimpleNamespace(language="fa", digits="auto", time_zone="UTC", day_calendar="auto")  # fmt: skip
        yield


@pytest.mark.parametrize(
    "typed",
    [
        *("۱۴۰۵/۰۹/۱۰", "۱۴۰۵/۹/۱۰", "۱۴۰۵-۰۹-۱۰", "۱۴۰۵۰۹۱۰", "۱۴۰۵ / ۹ / ۱۰", "١٤٠٥/٠٩/١٠", "\u2068۱۴۰۵/۰۹/۱۰\u2069"),
        *("1405-09-10", "1405/9/10", "1405.09.10", " 14050910 ", "2026-12-01", "2026/12/1", "۲۰۲۶-۱۲-۰۱"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_typed(persian, typed):
    assert days.read(typed) == TENTH_OF_AZAR
    assert days.written(TENTH_OF_AZAR) == "۱۴۰۵/۰۹/۱۰"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "tomorrow", "۱۰ آذر", "1405", "1405/13/01", "1405/09/31", "1404/12/30", "1405/00/10", "0001-01-01", "1405/09-10"),
        *("140509100", "1405/0910", "2026-02-30", "1699/01/01x", "1405/09/1٫", "²۴۰۵/۰۹/۱۰"),
        # days that the Jalali calendar of the library does not reach
        *("9999/12/31", "9999-12-31", "2200-01-01", "1700/01/01"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(persian, typed):
    with pytest.raises(ValueError):  # noqa: PT011 - of days, and of three libraries
        days.read(typed)


def test_a_contact_proposes_a_jalali_day_and_the_host_reads_a_gregorian_one(app, cast, as_, work):
    action = work.make()
    page = f"/actions/{action.ref}/date"
    vendor = as_(cast.contact)
    vendor.set_cookie("language", "fa")
    field = re.search(r"<input[^>]*name=\"proposed_on\"[^>]*>", vendor.get(page).text)
    assert field
    assert 'type="text"' in field[0]
    for wrong in ("۱۴۰۵/۱۳/۰۱", "فردا"):
        refused = vendor.fill(page, proposed_on=wrong, words="کار بیشتر")
        assert (refused.status_code, wrong in refused.text) == (422, True)
    past = vendor.fill(page, proposed_on="۱۴۰۴/۰۱/۱۰", words="کار بیشتر")
    assert (past.status_code, 'value="۱۴۰۴/۰۱/۱۰"' in past.text) == (422, True)
    assert vendor.fill(page, proposed_on="1405-02-10", words="کار بیشتر").status_code == 303
    assert stored(app, action).proposed_on == date(2026, 4, 30)
    assert 'value="۱۴۰۵/۰۲/۱۰"' in vendor.get(page).text
    assert "30 Apr 2026" in as_(cast.lead).get(f"/actions/{action.ref}").text


def test_whoever_reads_gregorian_days_has_the_browsers_calendar_as_before(app, cast, as_, work):
    action = work.make()
    page, vendor = f"/actions/{action.ref}/date", as_(cast.contact)
    assert re.search(r"<input[^>]*name=\"proposed_on\"[^>]*type=\"date\"", vendor.get(page).text)
    refused = vendor.fill(page, proposed_on="1405-02-10", words="More")
    assert refused.status_code == 422
    assert vendor.fill(page, proposed_on="2026-04-30", words="More").status_code == 303
    assert stored(app, action).proposed_on == date(2026, 4, 30)


def test_no_page_writes_a_field_for_a_day_by_itself():
    written = [path for path in paths.TEMPLATES.rglob("*.html") if 'type="date"' in path.read_text("utf-8")]  # fmt: skip
    assert written == []
