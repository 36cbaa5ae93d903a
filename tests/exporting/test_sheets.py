"""Lists leave as CSV and XLSX without ever becoming formulas."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tracker.exporting.sheets import as_csv, as_xlsx, csv_bytes, guarded, unguarded, xlsx_bytes

HOSTILE = ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"]


class Colour(StrEnum):
    off_track = "off_track"


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_csv_cell_never_begins_like_a_formula(text: str) -> None:
    # Canary: guarded() returning its text unchanged.
    written = cells(csv_bytes([text], [[text]]))
    assert written == [["'" + text], ["'" + text]]


@pytest.mark.parametrize("text", ["-5", "+1.5", "-12,5", "-3%", "Signs - old", "it's", ""])
def test_plain_text_and_plain_numbers_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(alphabet="='+-@ \ta1", max_size=6))
def test_what_was_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_csv_is_utf8_with_bom_and_writes_each_kind_of_value() -> None:
    body = csv_bytes(
        ["Name", "Amount", "Day", "At", "Open", "Colour", "None"],
        [
            [
                "现场, “quote”\nsecond line",
                Decimal("1059.00"),
                date(2025, 3, 31),
                datetime(2025, 3, 31, 12, tzinfo=UTC),
                True,
                Colour.off_track,
                None,
            ]
        ],
    )
    assert body.startswith(b"\xef\xbb\xbf")
    assert cells(body)[1] == [
        "现场, “quote”\nsecond line",
        "1059.00",
        "2025-03-31",
        "2025-03-31T12:00:00+00:00",
        "yes",
        "off_track",
        "",
    ]


def test_xlsx_keeps_hostile_text_as_text() -> None:
    # Canary: strings_to_formulas=True.
    book = load_workbook(io.BytesIO(xlsx_bytes(["Name", "Day"], [[t, None] for t in HOSTILE])))
    page = book.worksheets[0]
    for line, text in enumerate(HOSTILE, start=2):
        cell = page.cell(line, 1)
        assert cell.data_type == "s"
        assert unescape(str(cell.value)) == text


def test_xlsx_writes_numbers_days_and_very_long_text() -> None:
    row = [Decimal("2.5"), date(2025, 3, 31), "x" * 40_000, float("inf"), date(1850, 1, 1)]
    book = load_workbook(io.BytesIO(xlsx_bytes(list("abcde"), [row], right_to_left=True)))
    page = book.worksheets[0]
    assert page.cell(2, 1).value == 2.5
    assert page.cell(2, 2).value.date() == date(2025, 3, 31)
    assert len(str(page.cell(2, 3).value)) == 32_767
    assert page.cell(2, 5).value == "1850-01-01"
    assert page.sheet_view.rightToLeft


def test_a_download_is_private_and_its_name_safe() -> None:
    answer = as_csv(["a"], [], 'li"st\r\nX: y')
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].count('"') == 2
    assert "\r" not in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        as_xlsx(["a"], [["b"]], "طرح‌ها")
        .headers["Content-Disposition"]
        .startswith('attachment; filename="xlsx"')
    )
