"""The dry run, and beside it what it would be if the unknown names were made: so that the page can say what one tick cures."""

from __future__ import annotations

from tracker.clock import now
from tracker.importing import keeping, working
from tracker.importing.checked import Checked
from tracker.importing.models import ImportRun
from tracker.importing.planning import plan
from tracker.importing.report import Outcome
from tracker.importing.table import Table
from tracker.organisation.settings import day_of


def check(run: ImportRun, table: Table | None = None) -> Checked:
    """Make the dry run anew; where rows are rejected and names are not known, also the one with those made."""
    checked = working.check(run, table)
    unknown = checked.units or checked.partners or checked.kpis
    if unknown and not run.create_missing and checked.report.of(Outcome.rejected):
        supposed = plan(
            table or working.table_of(run),
            run.mapping,
            today=day_of(now()),
            create_missing=True,
            importer=working.importer_of(run),
        )
        checked.rejected_then = len(supposed.report.of(Outcome.rejected))
        keeping.keep_checked(run.token, checked)
    return checked
