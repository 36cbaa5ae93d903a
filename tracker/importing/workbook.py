"""XLSX to rows, without trusting the archive."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from defusedxml import DefusedXmlException
from flask_babel import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from tracker.importing.notes import Note, sentence
from tracker.importing.table import (
    LARGEST_FILE,
    MOST_BLANK_ROWS,
    MOST_COLUMNS,
    Collecting,
    Raw,
    Table,
    UnreadableFile,
)
from tracker.wording import listed

MOST_UNPACKED = 12 * LARGEST_FILE
"""Bytes of all parts of an archive together, unpacked."""
MOST_RATIO = 120
"""Times that one part may grow when unpacked; small parts are free."""
FREE_PART = 1024 * 1024
MOST_PARTS = 2_000

_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
)


def check_archive(body: bytes) -> None:
    """Look at the table of contents only. Raises `UnreadableFile` for a bomb or no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(
            _("The workbook is damaged and cannot be opened. Save it again.")
        ) from error
    grown = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or grown > MOST_UNPACKED
        or any(
            part.file_size > FREE_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)
            for part in parts
        )
    ):
        raise UnreadableFile(
            _(
                "Unpacked, this file would be far larger than it looks (%(size)s MB). It was not "
                "opened. Save the one sheet that you want to import as CSV.",
                size=max(1, grown // (1024 * 1024)),
            )
        )
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_("The file is locked with a password. Save it without one."))
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise UnreadableFile(
            _("This archive is not an Excel workbook (.xlsx). Save the table as XLSX or CSV.")
        )


def table_from(body: bytes, sheet: str | None = None) -> Table:
    """The table on the named sheet, else on the first shown. Raises `UnreadableFile`."""
    check_archive(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        try:
            return _table(book, sheet)
        finally:
            book.close()
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError,
        TypeError, AttributeError, OSError, EOFError, NotImplementedError,
    ) as error:  # fmt: skip
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            words = _(
                "The workbook holds definitions that a table does not need. It was not opened."
            )
        else:
            words = _("The workbook is damaged and cannot be opened. Save it again.")
        raise UnreadableFile(words) from error


def _table(book: Any, wanted: str | None) -> Table:
    pages = [page for page in book.worksheets if page.sheet_state == "visible"]
    names = tuple(str(page.title) for page in pages)
    if wanted and wanted not in names:
        raise UnreadableFile(
            _(
                "The workbook has no sheet “%(name)s”. Its sheets are: %(names)s.",
                name=wanted,
                names=listed(names),
            )
        )
    if not pages:
        raise UnreadableFile(_("The workbook has no sheet that is shown."))
    page = pages[names.index(wanted)] if wanted else pages[0]
    collecting = Collecting()
    for raw in _rows(page):
        collecting.add(raw, pad=True)
    table = collecting.table()
    table.sheet, table.sheets = str(page.title), names
    if len(names) > 1:
        table.notes.append(
            Note("sheet", {"name": table.sheet, "others": [n for n in names if n != table.sheet]})
        )
    return table


@sentence("sheet")
def _one_sheet(name: str, others: list[str]) -> str:
    return _(
        "Read from the sheet “%(name)s”. Left out: %(others)s.", name=name, others=listed(others)
    )


def _rows(page: ReadOnlyWorksheet) -> Iterator[Raw]:
    page.reset_dimensions()  # a sheet may claim any size
    blank = 0
    for line, values in enumerate(
        page.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1
    ):
        if not any(value is not None for value in values):
            blank += 1
            if blank > MOST_BLANK_ROWS:
                return
            continue
        blank = 0
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield Raw(line, cells, _excel_trouble(cells))


def _excel_trouble(cells: list[str]) -> str:
    broken = next((cell for cell in cells if cell in _ERRORS), None)
    return _("A formula of this row gives the error %(error)s.", error=broken) if broken else ""


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return unescape(value) if "_x" in value else value
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            midnight = value.time() == time.min
            return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)
