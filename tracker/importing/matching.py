"""Rows against what stands: which row means which thing, and what would change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import gettext as _

from tracker.importing.directory import New
from tracker.importing.notes import Note
from tracker.importing.report import Outcome, Result
from tracker.importing.words import BadValue


class Read(NamedTuple):
    """A row whose cells could be read."""

    line: int
    values: dict[str, Any]


class Standing(NamedTuple):
    """What stands now: a row of a table, its version, and its fields as an import sees them."""

    id: int
    version: int
    state: dict[str, Any]


class Rejected(Exception):
    """A row that cannot be written: the field it is about, and plain words."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
        self.words = words


@dataclass
class Item:
    """What one row asks for: `changes` to `found`, or to something new."""

    row: Read
    found: Standing | None
    changes: dict[str, Any]
    remark: str = ""

    def names_new(self) -> Iterable[New]:
        """The units and partners that this row names and that do not exist yet."""
        return (value for value in self.changes.values() if isinstance(value, New))

    def result(self, name: str) -> Result:
        """This row in the report."""
        outcome = Outcome.changed if self.changes else Outcome.unchanged
        if self.found is None:
            outcome = Outcome.created
        fields = tuple(self.changes) if outcome == Outcome.changed else ()
        return Result(self.row.line, outcome, name, words=self.remark, fields=fields)


@dataclass
class Work:
    """What would be written, the report of all rows, and what was noticed on the way."""

    items: list[Any] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def reject(self, row: Read, name: str, column: str, words: str) -> None:
        """Put the row into the report as rejected, instead of what was said of it before."""
        self.items = [item for item in self.items if item.row.line != row.line]
        self.results = [result for result in self.results if result.line != row.line]
        self.results.append(Result(row.line, Outcome.rejected, name, column, words))


def by_name() -> str:
    """The remark on a row that was matched without an id."""
    return _("Matched by name.")


def resolved(field_name: str, look_up: Callable[[str], Any], text: str | None) -> Any:
    """What `look_up` finds for a cell; None for a blank one. Raises `Rejected`."""
    if text is None:
        return None
    try:
        return look_up(text)
    except BadValue as error:
        raise Rejected(field_name, error.words) from error


def differing(wanted: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """The fields that are given and are not so already; what is blank in the file stays."""
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and value != state.get(name)
    }


def compare(
    rows: list[Read],
    *,
    name_of: Callable[[Read], str],
    identity: Callable[[Read], Hashable],
    find: Callable[[Read], tuple[Standing | None, str]],
    wanted: Callable[[Read, Standing | None], dict[str, Any]],
    heading: Callable[[str], str],
) -> Work:
    """Hold rows of a kind without periods against what stands.

    `find` gives what a row means and a remark; `wanted` the values to compare, or raises
    `Rejected`; `identity` tells rows about one new thing. What stands twice in the file must say
    the same both times.
    """
    work = Work()
    found = {row.line: find(row) for row in rows}
    same: dict[Hashable, list[Read]] = {}
    for row in rows:
        same.setdefault(_whose(row, found[row.line][0], identity), []).append(row)
    for row in rows:
        standing, remark = found[row.line]
        alike = same[_whose(row, standing, identity)]
        try:
            check_alike(row, alike)
            values = wanted(row, standing)
        except Rejected as error:
            work.reject(row, name_of(row), heading(error.field), error.words)
            continue
        if row is not alike[0]:
            words = _("The same as line %(line)s.", line=alike[0].line)
            work.results.append(Result(row.line, Outcome.unchanged, name_of(row), words=words))
            continue
        changes = differing(values, standing.state if standing else {})
        item = Item(row, standing, changes, remark)
        work.items.append(item)
        work.results.append(item.result(name_of(row)))
    return work


def check_alike(row: Read, alike: list[Read]) -> None:
    """Raise `Rejected` where other rows about the same thing say something else."""
    for other in alike:
        for name, value in row.values.items():
            if other.values.get(name) != value:
                raise Rejected(
                    name,
                    _("Line %(line)s is about the same and says otherwise here.", line=other.line),
                )


def _whose(row: Read, standing: Standing | None, identity: Callable[[Read], Hashable]) -> Hashable:
    return ("stands", standing.id) if standing else ("new", identity(row))
