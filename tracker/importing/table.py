"""A table as it was read: headings, rows with their line in the file, and what was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _

from tracker.importing.notes import Note, sentence
from tracker.importing.tidy import key
from tracker.wording import number

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one uploaded file."""
MOST_ROWS = 50_000
LONGEST_CELL = 32_000
"""Characters."""
MOST_COLUMNS = 500
MOST_BLANK_ROWS = 1_000
"""So many blank rows on end close a sheet: what stands below was left there by accident."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read; `words` say why, where and what to do."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.line = line


class Row(NamedTuple):
    """One row: its line in the file, its cells, and what is wrong with its shape, if anything."""

    line: int
    cells: tuple[str, ...]
    trouble: str = ""


@dataclass
class Table:
    """Headings and rows; every row has as many cells as there are headings."""

    headers: tuple[str, ...]
    rows: list[Row]
    notes: list[Note] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


class Raw(NamedTuple):
    """A row before the headings are known. `trouble` is a cell that is itself an error."""

    line: int
    cells: Sequence[str]
    trouble: str = ""


class Collecting:
    """Rows added one by one become a `Table`; the limits are kept while reading."""

    def __init__(self) -> None:
        self._headers: tuple[str, ...] = ()
        self._rows: list[Row] = []
        self._notes: list[Note] = []
        self._blank = 0

    def add(self, raw: Raw, *, pad: bool = False) -> None:
        """Take the next row; `pad` fills up short ones, where blank cells are not stored."""
        if not any(cell and not cell.isspace() for cell in raw.cells):
            self._blank += bool(self._headers)
            return
        _check_lengths(raw)
        if not self._headers:
            self._headers = _headings(raw)
            return
        if len(self._rows) >= MOST_ROWS:
            raise UnreadableFile(
                _(
                    "The file has more than %(most)s rows. Split it and import the parts "
                    "one after the other.",
                    most=MOST_ROWS,
                ),
                raw.line,
            )
        self._rows.append(_fitted(raw, len(self._headers), pad=pad))

    def table(self) -> Table:
        """What was collected. Raises `UnreadableFile` when there is nothing to import."""
        if not self._headers:
            raise UnreadableFile(_("The file is empty: it has neither headings nor rows."))
        if not self._rows:
            raise UnreadableFile(_("The file has headings and no rows below them."))
        if self._blank:
            self._notes.append(Note("blank_rows", {"count": self._blank}))
        return Table(self._named(), self._rows, self._notes)

    def _named(self) -> tuple[str, ...]:
        named = []
        for place, header in enumerate(self._headers):
            if not header and any(row.cells[place].strip() for row in self._rows):
                self._notes.append(Note("no_heading", {"letter": column_letter(place)}))
            named.append(header or _("(column %(letter)s)", letter=column_letter(place)))
        return tuple(named)


@sentence("blank_rows")
def _blank_rows(count: int) -> str:
    return _("Blank rows left out: %(count)s.", count=number(count))


@sentence("no_heading")
def _no_heading(letter: str) -> str:
    return _("Column %(letter)s has no heading.", letter=letter)


def column_letter(place: int) -> str:
    """The letter over a column in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _headings(raw: Raw) -> tuple[str, ...]:
    headers = [" ".join(cell.split()) for cell in raw.cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(most)s columns.", most=MOST_COLUMNS), raw.line
        )
    seen: dict[str, int] = {}
    for place, header in enumerate(headers):
        same = key(header)
        if same and same in seen:
            raise UnreadableFile(
                _(
                    "Two columns have the same heading “%(name)s”: %(first)s and %(second)s in "
                    "line %(line)s. Give one of them another name.",
                    name=header,
                    first=column_letter(seen[same]),
                    second=column_letter(place),
                    line=raw.line,
                ),
                raw.line,
            )
        seen[same] = place
    return tuple(headers)


def _check_lengths(raw: Raw) -> None:
    for place, cell in enumerate(raw.cells):
        if len(cell) > LONGEST_CELL:
            raise UnreadableFile(
                _(
                    "Line %(line)s, column %(letter)s holds %(length)s characters; a cell may "
                    "hold %(most)s.",
                    line=raw.line,
                    letter=column_letter(place),
                    length=len(cell),
                    most=LONGEST_CELL,
                ),
                raw.line,
            )


def _fitted(raw: Raw, width: int, *, pad: bool) -> Row:
    cells = tuple(raw.cells)
    trouble = raw.trouble
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) != width and not (pad and len(cells) < width):
        trouble = trouble or _(
            "This row has %(cells)s cells, the headings are %(width)s. Is a delimiter inside a "
            "text without quotes?",
            cells=len(cells),
            width=width,
        )
    cells = (cells + ("",) * (width - len(cells)))[:width]
    return Row(raw.line, cells, trouble)
