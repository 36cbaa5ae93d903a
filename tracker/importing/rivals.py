"""Columns that mean a field which another column fills already: told, never left out in silence."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from tracker.importing.columns import Mapping, meant
from tracker.importing.fields import FIELDS, Field, What, field_named
from tracker.importing.notes import Note, sentence
from tracker.importing.table import Row, Table
from tracker.importing.tidy import key, tidy_text
from tracker.importing.values import Problem
from tracker.importing.words import is_blank, shortened


class Rival(NamedTuple):
    """A column that is not read, and the one that is read for the same field."""

    field: Field
    read: str
    unread: str


class Rivals:
    """The rivals among the columns of one table, by one mapping."""

    def __init__(self, mapping: Mapping, table: Table) -> None:
        self._what = mapping.what
        self._found: list[Rival] = []
        left = [header for header in table.headers if header not in set(mapping.columns.values())]
        for field in FIELDS[mapping.what]:
            read = mapping.columns.get(field.name)
            while read and (unread := meant(mapping.what, field, left, table)):
                left.remove(unread)
                self._found.append(Rival(field, read, unread))
        self._holders = [
            (rival, table.headers.index(rival.read), table.headers.index(rival.unread))
            for rival in self._found
            if rival.field.name == "holder"
        ]

    def notes(self) -> list[Note]:
        """A note of each, for the report."""
        what = self._what.value
        return [
            Note("rivals", {"what": what, "field": f.name, "read": read, "unread": unread})
            for f, read, unread in self._found
        ]

    def problems(self, row: Row) -> list[Problem]:
        """What is wrong with a row that names one holder of a blocker here and another there."""
        return [
            Problem(
                rival.unread,
                _(
                    "A blocker has exactly one holder; this row names “%(first)s” in "
                    "“%(read)s” and “%(second)s” here. Leave one of them blank, or choose another "
                    "field for this column.",
                    first=shortened(row.cells[read]),
                    read=rival.read,
                    second=shortened(row.cells[unread]),
                ),
            )
            for rival, read, unread in self._holders
            if _named(row.cells[read], row.cells[unread])
        ]


@sentence("rivals")
def _only_one_is_read(what: str, field: str, read: str, unread: str) -> str:
    known = field_named(What(what), field)
    return _(
        "The columns “%(read)s” and “%(unread)s” both look like %(field)s; only "
        "“%(read)s” is read.",
        read=read,
        unread=unread,
        field=known.label if known else field,
    )


def _named(first: str, second: str) -> bool:
    """Whether two cells both name something, and not the same."""
    return not (is_blank(first) or is_blank(second)) and key(tidy_text(first)) != key(
        tidy_text(second)
    )
