"""Which column holds what: guessed from headings and cells, corrected by people, kept as a map."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from tracker.importing.fields import FIELDS, ONE_OF, Field, Shape, What, field_named
from tracker.importing.headings import headings_of
from tracker.importing.table import Table
from tracker.importing.tidy import key
from tracker.importing.words import shortened
from tracker.wording import listed

_PUNCTUATION = re.compile(r"[^\w]+|_")
_UNIT_OF_MEASURE = re.compile(r"\s(m|mn|k|bn|pct|gbp|usd|eur|£m|million|percent)$")
_SAMPLE = 200


class BadMap(Exception):
    """A map that cannot be used; `words` say where and why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Confidence(StrEnum):
    """How sure a guess is."""

    sure = "sure"
    likely = "likely"
    guess = "guess"


@dataclass
class Mapping:
    """`columns` field to heading, `defaults` for blank cells, `values` what words of a file mean.

    `options` may hold encoding, delimiter, sheet, date_order (dmy, mdy), decimal (. or ,), and of years that are not those
    of the calendar fiscal_year_begins (1 to 12) and fiscal_year_named (end, begin).
    """

    what: What
    columns: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    def missing(self) -> list[Field]:
        """Required fields without a column and without a default."""
        needed = {f.name for f in FIELDS[self.what] if f.required and not self._has(f.name)}
        needed |= {
            group[0] for group in ONE_OF.get(self.what, ()) if not any(map(self._has, group))
        }
        return [f for f in FIELDS[self.what] if f.name in needed]

    def same_for_all(self, name: str, text: str) -> None:
        """Say that a field is the same in all rows, whatever the columns hold."""
        self.columns.pop(name, None)
        self.defaults[name] = text

    def _has(self, name: str) -> bool:
        return name in self.columns or bool(self.defaults.get(name))

    def check(self, table: Table) -> None:
        """Raise `BadMap` for a heading that the file does not have, or one used twice."""
        by_key = {key(header): header for header in table.headers}
        used: dict[str, str] = {}
        for name, wanted in self.columns.items():
            header = by_key.get(key(wanted))
            if header is None:
                raise BadMap(_("The file has no column “%(heading)s”.", heading=wanted))
            if header in used:
                raise BadMap(
                    _(
                        "The column “%(heading)s” is chosen twice: for %(first)s and %(second)s.",
                        heading=header,
                        first=used[header],
                        second=_label(self.what, name),
                    )
                )
            used[header] = _label(self.what, name)
            self.columns[name] = header
        lacking = listed(f.label for f in self.missing())
        if lacking and not any(
            meant(self.what, f, table.headers, table) for f in FIELDS[self.what]
        ):
            raise BadMap(
                _(
                    "The first row looks like data, not like headings: nothing in it is a heading "
                    "that is known (%(values)s). Put a row of headings above it, with one for: "
                    "%(fields)s. If these are your headings, say which column holds what.",
                    values=shortened(listed(table.headers)),
                    fields=lacking,
                )
            )
        if lacking:
            words = _("No column is chosen for: %(fields)s.", fields=lacking)
            raise BadMap(f"{words} {_one_kpi()}" if self._lacks_kpi() else words)

    def _lacks_kpi(self) -> bool:
        return self.what == What.readings and not self._has("kpi")


def guessed(what: What, table: Table) -> tuple[Mapping, dict[str, Confidence]]:
    """The likeliest mapping of the table's columns, and for each mapped field how sure it is.

    Exact headings come first, then headings that contain a known one, then what the cells hold.
    Each column and each field is used once.
    """
    found: dict[str, tuple[str, Confidence]] = {}
    for rank in (_exactly, _partly, _by_cells):
        for f in FIELDS[what]:
            if f.name in found:
                continue
            taken = {header for header, _sure in found.values()}
            header = rank(what, f, [h for h in table.headers if h not in taken], table)
            if header is not None:
                found[f.name] = header, _RANKS[rank]
    mapping = Mapping(what, {name: header for name, (header, _sure) in found.items()})
    return mapping, {name: sure for name, (_header, sure) in found.items()}


def meant(what: What, f: Field, headers: Iterable[str], table: Table) -> str | None:
    """The heading among `headers` that means the field, or contains one that does; else None."""
    headers = list(headers)
    return _exactly(what, f, headers, table) or _partly(what, f, headers, table)


def words_of(heading: str) -> str:
    """A heading as it is compared: `Project_ID` and "project id" are the same."""
    return " ".join(_PUNCTUATION.sub(" ", key(heading)).split())


def _exactly(what: What, f: Field, headers: Iterable[str], table: Table) -> str | None:
    del table
    by_words: dict[str, str] = {}
    for header in headers:
        words = words_of(header)
        by_words.setdefault(_UNIT_OF_MEASURE.sub("", words), header)
        by_words[words] = header
    synonyms = (words_of(f.name), *(words_of(s) for s in (*headings_of(what, f), str(f.label))))
    return next((by_words[s] for s in synonyms if s in by_words), None)


def _partly(what: What, f: Field, headers: Iterable[str], table: Table) -> str | None:
    synonyms = [s for s in map(words_of, headings_of(what, f)) if _is_telling(s)]
    for synonym in synonyms:
        for header in headers:
            if f" {synonym} " in f" {words_of(header)} " and _fits(f.shape, _cells(table, header)):
                return header
    return None


def _is_telling(synonym: str) -> bool:
    """Whether a heading that only contains this means the field: "date" and "name" say too little."""
    return " " in synonym or len(synonym) > 5 or not synonym.isascii()


def _by_cells(what: What, f: Field, headers: Iterable[str], table: Table) -> str | None:
    del what
    if f.shape not in {Shape.colour, Shape.email, Shape.stage}:
        return None
    return next((h for h in headers if _fits(f.shape, _cells(table, h), asked=True)), None)


_RANKS: dict[Any, Confidence] = {
    _exactly: Confidence.sure,
    _partly: Confidence.likely,
    _by_cells: Confidence.guess,
}
_TELLING = {
    Shape.colour: re.compile(r"(?i)red|amber|green|yellow|[rag]|(on|off) track|at risk"),
    Shape.email: re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    Shape.stage: re.compile(
        r"(?i)idea|framed|designing|piloting|rolling out|proving benefit|realised"
    ),
    Shape.money: re.compile(r"(?=.*\d)[^\d\s]{0,4}\s*-?[\d.,\s']+\s*\D{0,8}"),
    Shape.day: re.compile(r".*\d.*"),
    Shape.period: re.compile(r".*\d.*"),
}


def _cells(table: Table, header: str) -> list[str]:
    place = table.headers.index(header)
    return [c for row in table.rows[:_SAMPLE] if (c := row.cells[place].strip())]


def _fits(shape: Shape, cells: list[str], *, asked: bool = False) -> bool:
    telling = _TELLING.get(shape)
    if telling is None or not cells:
        return not asked and telling is None
    return sum(bool(telling.fullmatch(cell)) for cell in cells) >= 0.9 * len(cells)


def _one_kpi() -> str:
    return _(
        "Where the whole file is about one KPI, give its code instead: beside the field on the page of the import, or "
        "with --kpi in the command."
    )


def _label(what: What, name: str) -> str:
    known = field_named(what, name)
    return str(known.label) if known else name
