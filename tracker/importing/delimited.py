"""Text to rows: which delimiter, and quotes with everything that may stand inside them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext as _

from tracker.importing.table import Collecting, Raw, Table, UnreadableFile

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 200
"""Rows that are looked at to find the delimiter."""


def table_from(text: str, delimiter: str | None = None) -> Table:
    """The table in `text`; the delimiter is found unless given. Raises `UnreadableFile`."""
    skipped = 0
    first, _sep, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:
        delimiter, text, skipped = delimiter or first[4], rest, 1
    delimiter = delimiter or sniffed(text)
    collecting = Collecting()
    for raw in _rows(text, delimiter, skipped):
        collecting.add(raw)
    table = collecting.table()
    table.delimiter = delimiter
    return table


def sniffed(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of cells, and more than one."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for number, raw in enumerate(_rows(text, delimiter, 0, strict=False)):
                if any(raw.cells):
                    widths[len(raw.cells)] += 1
                if number >= _SAMPLE:
                    break
        except UnreadableFile:
            continue
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        if width > 1:
            score = (round(times / sum(widths.values()), 1), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str, skipped: int, *, strict: bool = True) -> Iterator[Raw]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _trouble(str(error), before + 1 + skipped, reader.line_num + skipped) from error
        yield Raw(before + 1 + skipped, cells)
        before = reader.line_num


def _trouble(error: str, start: int, end: int) -> UnreadableFile:
    if "field larger" in error:
        words = _(
            "The row of line %(line)s holds a cell that is too long. Is a quote missing?",
            line=start,
        )
    elif "unexpected end" in error:
        words = _(
            "A quote that opens in the row of line %(line)s never closes: everything up to the "
            "end of the file would be one cell. Close it, or double it if it belongs to the text.",
            line=start,
        )
    else:
        words = _(
            "Quotes do not fit in the row of line %(line)s (noticed in line %(end)s): a quote "
            "inside a quoted text must be doubled.",
            line=start,
            end=end,
        )
    return UnreadableFile(words, start)
