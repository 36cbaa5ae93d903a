"""What is copied from a spreadsheet becomes a file like any other: with headings, and a period beside each figure."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext as _

from tracker.importing.fields import What, field_named
from tracker.importing.table import UnreadableFile
from tracker.importing.words import says_none
from tracker.kpis.measures import Cadence, period_end

TAB = "\t"
Rows = list[list[str]]


class Pasted(NamedTuple):
    """A file with tabs between its cells; `columns` are the headings that were put to it, by field."""

    body: bytes
    columns: dict[str, str]


def is_column(text: str) -> bool:
    """Tell whether these are figures alone, one below the other."""
    return TAB not in text.strip()


def pasted(text: str, *, first: date | None, cadence: Cadence, by_parts: bool) -> Pasted:
    """Return the file of what was pasted.

    Figures alone are of consecutive periods of the KPI's `cadence`, from that of the day `first` on; a blank line is a
    period without a figure. Several columns bring their headings, or are period and figure, or period, part and whole
    where readings come `by_parts`. Raises `UnreadableFile`.
    """
    rows = [[cell.strip() for cell in line.split(TAB)] for line in text.strip("\n").split("\n")]
    if is_column(text):
        names = ["day", "value"]
        rows = _dated([row[0] for row in rows], first, cadence)
    elif _says_what_it_holds(rows[0]):
        return Pasted(_written(rows), {})
    else:
        names = {
            2: ["day", "value"],
            3: ["day", "numerator", "denominator"] if by_parts else [],
        }.get(len(rows[0]), [])
        if not names:
            raise UnreadableFile(
                _("Copy the headings as well, so that one sees which column holds what.")
            )
    headings = [_heading(name) for name in names]
    return Pasted(_written([headings, *rows]), dict(zip(names, headings, strict=True)))


def _dated(cells: list[str], first: date | None, cadence: Cadence) -> Rows:
    """Give each cell its period, from the first that holds something on; a heading above them is left out."""
    while cells and not cells[0]:
        cells = cells[1:]
    if len(cells) > 1 and _says_what_it_holds(cells[:1]):
        cells = cells[1:]
    if first is None:
        raise UnreadableFile(_("Say of which period the first figure is."))
    rows, end = [], period_end(first, cadence)
    for cell in cells:
        rows.append([end.isoformat(), cell])
        end = period_end(end + timedelta(days=1), cadence)
    return rows


def _says_what_it_holds(row: list[str]) -> bool:
    """Tell whether this is a row of headings: none of its cells has a digit, or says that there is no figure."""
    return not any(says_none(cell) or any(one.isdecimal() for one in cell) for cell in row if cell)


def _heading(name: str) -> str:
    known = field_named(What.readings, name)
    return str(known.label) if known else name


def _written(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=TAB, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
