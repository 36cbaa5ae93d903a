"""Holds the last recorded value of every declared field against the tables.

What differs was changed behind the application's back: by SQL, or by code that forgot its event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Text

from tracker.activity.declaring import (
    MARK,
    commit_to,
    declared_models,
    digest_of_text,
    key_of,
    place_of,
    plain,
)
from tracker.activity.said import Row, Said, read

AT_ONCE = 1000  # rows of a table compared at once
SHOWN = 200  # differences kept in words; all of them are counted
UNREAD = object()  # in place of a value that the application cannot read
NAMES = ("ref", "slug", "code")  # columns that say to a reader which row is meant


@dataclass(frozen=True)
class Difference:
    """One row, or one field of it, that is not as the trail says. `number` is the event that said so last."""

    table: str
    key: str
    name: str
    column: str | None
    number: int | None
    why: str

    def __str__(self) -> str:
        which = f"{self.table} {self.name or self.key}"
        row = f" ({self.key})" if self.name else ""
        return f"{which}{row}{f', {self.column}' if self.column else ''}: {self.why}"


@dataclass
class StateReport:
    """What the comparison found. `unrecorded` counts the rows of each table of which the trail says nothing or too
    little, because they are older than the declaration; `wordless` the words that were erased from the trail."""

    rows: int = 0
    fields: int = 0
    found: int = 0
    wordless: int = 0
    differences: list[Difference] = field(default_factory=list)
    unrecorded: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        return not self.found

    def note(self, difference: Difference) -> None:
        self.found += 1
        if len(self.differences) < SHOWN:
            self.differences.append(difference)

    def lines(self) -> Iterator[str]:
        """The report in plain words."""
        if self.whole:
            yield f"The tables are as the trail says: {self.fields} fields of {self.rows} rows."
        for place, difference in enumerate(self.differences):
            yield f"{'  also' if place else 'CHANGED BEHIND THE TRAIL:'} {difference}"
        if self.found > len(self.differences):
            yield f"  and {self.found - len(self.differences)} more"
        for table, count in sorted(self.unrecorded.items()):
            yield f"{table}: nothing is recorded of {count} rows or of some of their fields; they are older than that."
        if self.wordless:
            yield f"{self.wordless} texts could not be compared: their words are erased from the trail."


def compare(connection: Connection) -> StateReport:
    """Read the trail and the tables of the database behind `connection`, in one transaction, and hold them together."""
    report, said = StateReport(), read(connection)
    try:
        for model in declared_models().values():
            _Comparison(connection, model, said, report).run()
    finally:
        said.close()
    return report


class _Comparison:
    """One table against what is said of it."""

    def __init__(self, connection: Connection, model: Any, said: Said, report: StateReport) -> None:
        self.connection, self.said, self.report = connection, said, report
        self.table, self.on_trail = model.__table__, model.on_trail
        self.primary = next(iter(self.table.primary_key))
        self.names = [name for name in NAMES if name in self.table.c]

    def run(self) -> None:
        for rows in self._portions():
            keys = [key_of(self.on_trail, row) for row in rows]
            known = self.said.of(self.table.name, keys)
            for key, row in zip(keys, rows, strict=True):
                self.report.rows += 1
                why = self._row(
                    key, row, known.pop(key, None)
                )  # a second row of one key is known to nobody
                if why:
                    self._note(key, row, None, None, why)
        for key, row in self.said.rest(self.table.name):
            if row.gone is None:
                number = max(told[1] for told in row.fields.values())
                self._note(key, None, None, number, f"event {number} knows it, the table lost it")

    def _portions(self) -> Iterator[Sequence[Any]]:
        told = self.on_trail
        wanted = sorted({self.primary.name, *told.fields, *told.digests, *told.key, *self.names})
        query = select(*map(self._column, wanted)).order_by(self.primary)
        last = None
        while True:
            portion = query.where(self.primary > last) if last is not None else query
            rows = self._read(portion.limit(AT_ONCE), wanted)
            if not rows:
                return
            yield rows
            last = rows[-1][self.primary.name]

    def _column(self, name: str) -> Any:
        """Return a column to select; what stands for itself by its digest is read as the text that it is."""
        column = self.table.c[name]
        return type_coerce(column, Text).label(name) if name in self.on_trail.digests else column

    def _read(self, portion: Any, names: Sequence[str]) -> Sequence[Any]:
        """Return rows; value by value where the application cannot read one: no day, no choice, no number."""
        try:
            return self.connection.execute(portion).mappings().all()
        except (DBAPIError, LookupError, ValueError):
            ids = self.connection.scalars(portion.with_only_columns(self.primary)).all()
            return [{name: self._value(name, id_) for name in names} for id_ in ids]

    def _value(self, name: str, id_: Any) -> Any:
        query = select(self._column(name)).where(self.primary == id_)
        try:
            return self.connection.scalars(query).one()
        except (DBAPIError, LookupError, ValueError):
            return UNREAD

    def _row(self, key: str, row: Any, known: Row | None) -> str:
        """Why the row itself should not be there; else its fields are compared."""
        if known is not None and known.gone is not None:
            return f"event {known.gone} deleted it, the table has it"
        if known is None or not known.is_born:
            if self.said.stock_taken:
                return "no event made it, the table has it: put in past the application"
            self.report.unrecorded[self.table.name] += 1
        elif not known.fields.keys() >= self.on_trail.fields:
            self.report.unrecorded[self.table.name] += 1
        self._digests(key, row, known)
        for column, told in (known.fields if known else {}).items():
            if column in self.on_trail.fields:
                self.report.fields += 1
                why = self._field(told, row[column], place_of(self.table.name, key, column))
                if why:
                    self._note(key, row, column, told[1], why)
        return ""

    def _digests(self, key: str, row: Any, known: Row | None) -> None:
        """Note the columns that are not what their digest was made of: the one that was recorded, whatever the row says."""
        recorded = known.fields if known else {}
        for column, of in self.on_trail.digests.items():
            self.report.fields += 1
            if digest_of_text(row[column]) != (recorded[of][0] if of in recorded else row[of]):
                self._note(key, row, column, None, f"it is not what its {of} was made of")

    def _field(self, told: Sequence[Any], value: Any, place: str) -> str:
        """Why a field does not fit what is told of it; nothing if it does."""
        wanted, number = told[0], told[1]
        if value is UNREAD:
            return f"event {number} says {_shown(wanted)}, the table holds what cannot be read"
        if not (isinstance(wanted, str) and wanted.startswith(MARK)):
            found = plain(value)
            said = f"event {number} says {_shown(wanted)}, the table says {_shown(found)}"
            return "" if found == wanted else said
        if told[2] is None:
            self.report.wordless += 1
        elif commit_to(told[2], place, str(value or "")) != wanted:
            return f"the words are not those that event {number} recorded"
        return ""

    def _note(self, key: str, row: Any, column: str | None, number: int | None, why: str) -> None:
        name = str(row[self.names[0]]) if row is not None and self.names else ""
        self.report.note(Difference(self.table.name, key, name, column, number, why))


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
