"""Lists as CSV and XLSX files, safe to open in a spreadsheet.

A text that begins like a formula is given a leading apostrophe in CSV, where a spreadsheet would
otherwise run it, and is stored as plain text in XLSX.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from urllib.parse import quote

import xlsxwriter
from flask import Response
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | bool | date | datetime | Enum | None

LEADS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767
"""Characters in one cell of a spreadsheet: the limit of the XLSX format."""

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?\Z", re.ASCII)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def guarded(text: str) -> str:
    """The text as it may stand in a CSV cell: never one that a spreadsheet takes for a formula.

    Plain numbers keep their sign; a text that is already guarded is guarded again, so that
    `unguarded` gives back exactly what went in.
    """
    if text.startswith("'") and _leads_a_formula(text[1:]):
        return "'" + text
    if text.lstrip(" ").startswith(LEADS_A_FORMULA) and not _NUMBER.match(text):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """The text behind `guarded`."""
    if text.startswith("'") and _leads_a_formula(text[1:]):
        return text[1:]
    return text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, CRLF line ends and the headings first.

    Dates are ISO 8601 (times in UTC), numbers plain, enums their stored value, nothing is blank.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([guarded(str(column)) for column in columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def xlsx_bytes(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "",
    right_to_left: bool = False,
) -> bytes:
    """A workbook of one sheet: headings in bold and frozen, dates and numbers as such.

    Text longer than a cell can hold is cut, and ends with an ellipsis.
    """
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    page = workbook.add_worksheet(_sheet_name(sheet) or None)
    if right_to_left:
        page.right_to_left()
    bold = workbook.add_format({"bold": True})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page.freeze_panes(1, 0)
    widths = [len(str(column)) for column in columns]
    for place, column in enumerate(columns):
        page.write_string(0, place, _fitting(str(column)), bold)
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _write(page, line, place, cell, moment)
            if place < len(widths) and line <= 200:
                widths[place] = max(widths[place], len(str(cell)) if cell is not None else 0)
    for place, width in enumerate(widths):
        page.set_column(place, place, min(max(width + 2, 8), 60))
    workbook.close()
    return written.getvalue()


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "list") -> Response:
    """The list as a CSV download called `<name>.csv`; the headings come translated."""
    return download(csv_bytes(columns, rows), f"{name}.csv", "text/csv; charset=utf-8")


def as_xlsx(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    name: str = "list",
    *,
    right_to_left: bool = False,
) -> Response:
    """The list as an XLSX download called `<name>.xlsx`; the headings come translated."""
    body = xlsx_bytes(columns, rows, sheet=name, right_to_left=right_to_left)
    return download(body, f"{name}.xlsx", _XLSX)


def download(body: bytes, filename: str, content_type: str) -> Response:
    """The bytes as an attachment that no cache keeps, under a name safe in any header."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.") or "download"
    answer = Response(body, content_type=content_type)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _leads_a_formula(text: str) -> bool:
    return text.lstrip("' ").startswith(LEADS_A_FORMULA)


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Enum():
            return guarded(str(cell.value))
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return _utc(cell).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case Decimal():
            return format(cell, "f")
        case int() | float():
            return str(cell)
        case _:
            return guarded(str(cell))


def _write(page: Worksheet, line: int, place: int, cell: Cell, moment: Format) -> None:
    match cell:
        case None:
            return
        case Enum():
            page.write_string(line, place, _fitting(str(cell.value)))
        case bool():
            page.write_boolean(line, place, cell)
        case datetime() if cell.year >= 1900:
            page.write_datetime(line, place, _utc(cell).replace(tzinfo=None), moment)
        case date() if cell.year >= 1900:
            page.write_datetime(line, place, datetime.combine(cell, time.min))
        case int() | float() | Decimal() if abs(cell) < 10**15:
            page.write_number(line, place, float(cell))
        case _:
            page.write_string(line, place, _fitting(str(cell)))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", text).strip()[:31]
