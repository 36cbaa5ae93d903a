"""What a dry run found, as it is kept beside the file and shown on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.importing.columns import Mapping
from tracker.importing.notes import Note, read_again
from tracker.importing.planning import Plan
from tracker.importing.report import Outcome, Report
from tracker.importing.table import Table

SAMPLES = 3
"""Cells of each column that are shown."""
LONGEST_SAMPLE = 60


@dataclass
class Checked:
    """The columns of a file, what its rows would do, and unknown names that could be made.

    `words` say why there is no report: a required field without a column, or a file that cannot
    be read with the options that were chosen. `rejected_then` says how many rows would still be
    rejected if the unknown names were made, where that makes a difference to ask.
    """

    headers: list[str] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Note | str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    rows: int = 0
    words: str = ""
    units: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    kpis: list[str] = field(default_factory=list)
    results: list[list[Any]] = field(default_factory=list)
    rejected_then: int | None = None

    @property
    def let_in(self) -> int:
        """How many rejected rows making the unknown names would let in."""
        if self.rejected_then is None:
            return 0
        return max(0, len(self.report.of(Outcome.rejected)) - self.rejected_then)

    @property
    def report(self) -> Report:
        """The report of the dry run."""
        return Report.from_json(self.results)

    def applies(self, *, skip_bad: bool) -> bool:
        """Whether importing would write something."""
        totals = self.report.totals()
        if self.words or not (totals[Outcome.created] or totals[Outcome.changed]):
            return False
        return skip_bad or not totals[Outcome.rejected]

    def take(self, planned: Plan) -> Checked:
        """Take over what a plan found."""
        self.words, self.rejected_then = "", None
        self.notes = [*self.notes, *planned.noticed]
        self.units = [unit.name for unit in planned.units]
        self.partners = [partner.name for partner in planned.partners]
        self.kpis = [kpi.name for kpi in planned.kpis]
        self.results = planned.report.as_json()
        return self

    def as_json(self) -> dict[str, Any]:
        """Plain values, for keeping; `from_json` is the way back."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Checked:
        """What was kept, also from before notes held facts."""
        return cls(**{**kept, "notes": [read_again(note) for note in kept.get("notes", ())]})


def looked_at(table: Table) -> Checked:
    """What a table shows before anything is compared."""
    samples: dict[str, list[str]] = {}
    for place, header in enumerate(table.headers):
        cells = (" ".join(row.cells[place].split()) for row in table.rows)
        different = dict.fromkeys(cell[:LONGEST_SAMPLE] for cell in cells if cell)
        samples[header] = list(different)[:SAMPLES]
    return Checked(
        headers=list(table.headers),
        samples=samples,
        notes=[*table.notes],
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=list(table.sheets),
        rows=len(table.rows),
    )


def unused(mapping: Mapping, headers: Iterable[str]) -> list[str]:
    """Those of the columns that no field takes."""
    used = set(mapping.columns.values())
    return [header for header in headers if header not in used]
