"""What an import did, or would do, row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.exporting.sheets import csv_bytes


class Outcome(StrEnum):
    """What becomes of a row."""

    created = "created"
    changed = "changed"
    unchanged = "unchanged"
    rejected = "rejected"


OUTCOMES = {
    Outcome.created: _l("Created"),
    Outcome.changed: _l("Changed"),
    Outcome.unchanged: _l("Unchanged"),
    Outcome.rejected: _l("Rejected"),
}


class Result(NamedTuple):
    """One row of the report. `column` and `words` say where and why; `fields` what changes."""

    line: int
    outcome: Outcome
    name: str
    column: str = ""
    words: str = ""
    fields: tuple[str, ...] = ()


@dataclass
class Report:
    """All results in the order of the file; `words` when the file as a whole is refused."""

    results: list[Result] = field(default_factory=list)
    words: str = ""

    def totals(self) -> dict[str, int]:
        """How many rows there are, and how many of each outcome; rows is always their sum."""
        counted = Counter(result.outcome for result in self.results)
        return {"rows": len(self.results)} | {o.value: counted[o] for o in Outcome}

    def overwrites(self, shown: Report) -> bool:
        """Whether some row changes what is there otherwise than `shown` says."""
        said = {(one.line, one.words, tuple(one.fields)) for one in shown.of(Outcome.changed)}
        return any(
            (one.line, one.words, tuple(one.fields)) not in said for one in self.of(Outcome.changed)
        )

    def of(self, outcome: Outcome) -> list[Result]:
        """The results with this outcome."""
        return [result for result in self.results if result.outcome == outcome]

    def line(self, **more: Any) -> str:
        """The totals as one line of JSON."""
        return json.dumps(self.totals() | more, ensure_ascii=False)

    def as_csv(self, field_labels: dict[str, str]) -> bytes:
        """The report as a CSV file in UTF-8 with a byte order mark, safe in a spreadsheet."""
        return csv_bytes(self._headings(), self._rows(field_labels))

    def as_json(self) -> list[list[Any]]:
        """The results as plain values, for keeping."""
        return [list(result) for result in self.results]

    @classmethod
    def from_json(cls, kept: Iterable[Sequence[Any]]) -> Report:
        """The report behind `as_json`."""
        return cls(
            [
                Result(line, Outcome(outcome), name, column, words, tuple(fields))
                for line, outcome, name, column, words, fields in kept
            ]
        )

    @staticmethod
    def _headings() -> list[str]:
        return [_("Line"), _("Result"), _("Name"), _("Column"), _("Reason"), _("Changes")]

    def _rows(self, field_labels: dict[str, str]) -> Iterable[Sequence[str | int]]:
        for r in self.results:
            changes = ", ".join(field_labels.get(name, name) for name in r.fields)
            yield r.line, str(OUTCOMES[r.outcome]), r.name, r.column, r.words, changes
