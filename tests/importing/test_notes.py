"""What was noticed about a file: kept as facts, told in the language of whoever reads the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask

from tests.conftest import Tab
from tracker.db import db
from tracker.importing import keeping
from tracker.importing.checked import Checked
from tracker.importing.models import ImportRun

As = Callable[[Any], Tab]
GOALS = "initiative,kpi,target,target date\nCX-1,CSAT,4.5,2026 Q4\n"


def give(tab: Tab, what: str, text: str) -> str:
    """Bring a file; return the address of its page."""
    body = (io.BytesIO(text.encode("cp1252")), "list.csv")
    return tab.submit("/import", what=what, file=body).headers["Location"]


def persian(tab: Tab, place: str) -> str:
    """The page as it is drawn for somebody who reads Persian."""
    assert tab.get("/language/fa").status_code in {302, 303}
    return unescape(tab.get(place).text)


def test_what_was_noticed_is_told_in_the_language_of_the_reader(cast: Any, as_: As) -> None:
    """Planted: the sentence kept instead of the facts: Persian pages show the English of whoever checked the file."""
    tab = as_(cast.manager)
    place = give(tab, "initiatives", "name,title,unit,year,,note\n\nA,B,CARE,2024-25,x,caf\xe9\n")
    english = unescape(tab.get(place).text)
    pairs = (
        (
            "Periods are read so: “\u20682024-25\u2069” is",
            "دوره‌ها چنین خوانده می‌شوند: «\u20682024-25\u2069» یعنی",
        ),
        ("“name” and “title” both look like Name", "ستون‌های «name» و «title»"),
        ("Column E has no heading.", "ستون E عنوان ندارد."),
        ("Read as Windows-1252.", "خوانده شد"),
    )
    page = persian(tab, place)
    for ours, theirs in pairs:
        assert ours in english
        assert ours not in page
        assert theirs in page


def test_the_page_says_by_what_amounts_are_multiplied_and_in_which_currency(
    cast: Any, as_: As
) -> None:
    """Planted: no note of a unit other than one; a note of a unit of one."""
    tab = as_(cast.manager)
    place = give(tab, "initiatives", "name,unit,cost_m\nA,CARE,1029.78\n")
    told = "The amounts in “cost_m” are multiplied by 1,000,000 and taken as GBP."
    assert told in unescape(tab.get(place).text)
    fields = {"column_name": "name", "column_unit": "unit", "column_budget": "cost_m"}
    assert tab.submit(f"{place}/apply", **fields).status_code == 303
    report = unescape(tab.get(place).text)
    assert "Imported on" in report
    assert told in report
    assert "مبلغ‌های «cost_m» در 1٬000٬000 ضرب می‌شوند" in digits(persian(tab, place))
    assert tab.get("/language/en").status_code in {302, 303}
    place = give(tab, "initiatives", "name,unit,cost\nA,CARE,1029.78\n")
    assert "are multiplied by" not in tab.get(place).text


def digits(text: str) -> str:
    """The text with Latin digits."""
    return text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))


def test_a_report_from_before_notes_held_facts_is_still_read(
    app: Flask, cast: Any, as_: As
) -> None:
    """Planted: a kept sentence taken for a note."""
    tab = as_(cast.manager)
    place = give(tab, "initiatives", "name,unit\nA,CARE\n")
    with app.app_context():
        run = db.session.get_one(ImportRun, 1)
        keeping.keep_checked(run.token, Checked(headers=["name"], notes=["As it was told then."]))
    assert "As it was told then." in tab.get(place).text
