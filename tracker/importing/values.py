"""Cells to values: each by the shape of its field, with what the whole column says about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from tracker.importing.calming import calmed_in
from tracker.importing.columns import Mapping
from tracker.importing.days import date_order, day, period
from tracker.importing.fields import FIELDS, Field, Shape
from tracker.importing.figures import as_written, money, told_mark
from tracker.importing.shares import is_part_of_one, share
from tracker.importing.table import Row, Table
from tracker.importing.tidy import acronyms_in, tidy_name, tidy_text
from tracker.importing.words import BadValue, colour, is_blank, meaning, plain, scale_of, shortened
from tracker.importing.years import Years


class Period(NamedTuple):
    """A reporting period: its last day, and how the file calls it (None for a plain day)."""

    last: date
    name: str | None


class Problem(NamedTuple):
    """Why a row is rejected: the heading of the column and plain words."""

    column: str
    words: str


class Reader:
    """Reads the rows of one table by one mapping.

    What single cells leave open the column decides: the order of day and month, the decimal
    mark, the unit of an amount, and which words in capitals are acronyms. `scales` are the units other than one,
    by the heading of their column; `calmed` are the names there that were all in capitals, each with how it is read.
    """

    def __init__(self, mapping: Mapping, table: Table) -> None:
        self._columns: list[tuple[Field, str, int | None, _Remembering]] = []
        self.scales: dict[str, int] = {}
        self.calmed: dict[str, list[tuple[str, str]]] = {}
        self._meanings = {
            name: {plain(word): meant for word, meant in words.items()}
            for name, words in mapping.values.items()
        }
        self._defaults = mapping.defaults
        years = Years.of(mapping)
        for field in FIELDS[mapping.what]:
            heading = mapping.columns.get(field.name, "")
            if not heading and not mapping.defaults.get(field.name):
                continue
            place = table.headers.index(heading) if heading else None
            cells = [row.cells[place] for row in table.rows] if place is not None else []
            read = _reading(field, heading, cells, mapping.options, years)
            column = heading or str(field.label)
            if field.shape == Shape.money and (scale := scale_of(heading)) != 1:
                self.scales[column] = scale
            if field.shape == Shape.label and (calmed := calmed_in(cells)):
                self.calmed[column] = calmed
            self._columns.append((field, column, place, _Remembering(read)))

    def read(self, row: Row) -> tuple[dict[str, Any], list[Problem]]:
        """The values of a row by field, None where blank, and everything that is wrong with it."""
        if row.trouble:
            return {}, [Problem("", row.trouble)]
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for field, heading, place, read in self._columns:
            text = self._text(field, row.cells[place] if place is not None else "")
            try:
                values[field.name] = read(text)
            except BadValue as error:
                problems.append(Problem(heading, error.words))
                continue
            if field.required and values[field.name] is None:
                problems.append(Problem(heading, _("This cell must not be blank.")))
        return values, problems

    def _text(self, field: Field, text: str) -> str:
        if meanings := self._meanings.get(field.name):
            text = meanings.get(plain(text), text)
        return text if text.strip() else self._defaults.get(field.name, "")


class _Remembering:
    """Reads each different text once: most columns of a long file hold few of them."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self._known: dict[str, Any] = {}

    def __call__(self, text: str) -> Any:
        if text not in self._known:
            try:
                self._known[text] = self._read(text)
            except BadValue as error:
                self._known[text] = error
        found = self._known[text]
        if isinstance(found, BadValue):
            raise BadValue(found.words)
        return found


def _reading(
    field: Field, heading: str, cells: list[str], options: dict[str, str], years: Years
) -> Callable[[str], Any]:
    match field.shape:
        case Shape.day | Shape.period:
            order = options.get("date_order") or date_order(cells) or "dmy"
            if field.shape == Shape.period:
                fiscal = field.name in years.marked
                return lambda text: _period(text, order, years, fiscal=fiscal)
            return lambda text: day(text, order)
        case Shape.money:
            scale, mark = scale_of(heading), options.get("decimal") or decimal_mark(cells)
            return lambda text: money(text, scale, mark)
        case Shape.figure:
            told = options.get("decimal") or told_mark(cells)
            return lambda text: as_written(_short_or_none(tidy_text(text), field.longest), told)
        case Shape.share:
            of_one = is_part_of_one(cells)
            return lambda text: share(text, of_one=of_one)
        case Shape.colour | Shape.email | Shape.several:
            return {Shape.colour: colour, Shape.email: email, Shape.several: several}[field.shape]
        case Shape.label:
            acronyms = acronyms_in(cells)
            return lambda text: _short(tidy_name(text, acronyms), field.longest)
        case Shape.text:
            return lambda text: _short(tidy_text(text), field.longest)
        case topic:
            return lambda text: meaning(topic.value, text)


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark of a column: a comma if more cells can only be read so, else a point."""
    comma = re.compile(r"[^\d]*\d+(\.\d{3})*,(\d{1,2}|\d{4,})[^\d]*")
    point = re.compile(r"[^\d]*\d+(,\d{3})*\.(\d{1,2}|\d{4,})[^\d]*")
    commas = points = 0
    for cell in cells:
        commas += bool(comma.fullmatch(cell))
        points += bool(point.fullmatch(cell))
    return "," if commas > points else "."


def email(text: str) -> str | None:
    """The address in a cell in small letters, or None for a blank one. Raises `BadValue`."""
    if not text.strip():
        return None
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadValue(_("“%(value)s” is not an e-mail address.", value=shortened(text))) from None
    return found.normalized.lower()


def several(text: str) -> list[str]:
    """The names in a cell that holds several: cut at semicolons, bars, line breaks and 、؛."""
    if is_blank(text):
        return []
    return list(dict.fromkeys(p for part in re.split(r"[;|\n、；؛]", text) if (p := part.strip())))


def _period(text: str, order: str, years: Years, *, fiscal: bool) -> Period | None:
    last = period(text, order, years, fiscal=fiscal)
    if last is None:
        return None
    try:
        plain_day = day(text, order) is not None
    except BadValue:
        plain_day = False
    return Period(last, None if plain_day else shortened(text)[:40])


def _short(text: str, longest: int) -> str | None:
    return None if is_blank(text) else _short_or_none(text, longest)


def _short_or_none(text: str, longest: int) -> str | None:
    """The text, where there is any. A figure that is "n/a" says something: there is none."""
    if not text:
        return None
    if len(text) > longest:
        raise BadValue(
            _(
                "“%(value)s” has %(length)s characters; at most %(longest)s fit here.",
                value=shortened(text),
                length=len(text),
                longest=longest,
            )
        )
    return text
