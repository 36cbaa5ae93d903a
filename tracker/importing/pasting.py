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
PASTED = ".pasted"  # how the name of such a file ends
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
    period without a figure, words above a figure are its heading. Several columns bring their headings, or are period and
    figure, or period, part and whole where readings come `by_parts`. Raises `UnreadableFile`.
    """
    rows = [[cell.strip() for cell in line.split(TAB)] for line in text.rstrip().split("\n")]
    if is_column(text):
        heading, cells = _headed([row[0] for row in rows])
        columns = {"day": _heading("day"), "value": heading or _heading("value")}
        return Pasted(_written([list(columns.values()), *_dated(cells, first, cadence)]), columns)
    rows = rows[next(n for n, row in enumerate(rows) if any(row)) :]
    if _says_what_it_holds(rows[0]):
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


def _headed(cells: list[str]) -> tuple[str, list[str]]:
    """Return the heading of a column, where its first line is words and its second is none, and the cells below it."""
    first, *below = cells
    if first and _says_what_it_holds([first]) and below and not _says_what_it_holds(below[:1]):
        return first, below
    return "", cells


def _dated(cells: list[str], first: date | None, cadence: Cadence) -> Rows:
    """Give each cell its period."""
    if first is None:
        raise UnreadableFile(_("Say of which period the first figure is."))
    rows, end = [], period_end(first, cadence)
    for cell in cells:
        rows.append([end.isoformat(), cell])
        end = period_end(end + timedelta(days=1), cadence)
    return rows


def _says_what_it_holds(row: list[str]) -> bool:
    """Tell whether this is a row of headings: words, and none of them with a digit or for a figure that is missing."""
    return any(row) and not any(
        says_none(cell) or any(one.isdecimal() for one in cell) for cell in row if cell
    )


def _heading(name: str) -> str:
    known = field_named(What.readings, name)
    return str(known.label) if known else name


def as_pasted(body: bytes) -> str:
    """Return the rows of a pasted file as they would be pasted, without the headings; nothing of another kind of file."""
    try:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8")), delimiter=TAB))
    except (UnicodeDecodeError, csv.Error):
        return ""
    return "\n".join(TAB.join(row) for row in rows[1:])


def _written(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=TAB, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
