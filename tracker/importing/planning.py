"""From a table to a plan, and from the plan to the database in one write transaction.

A plan is made before the write: everything is parsed, checked and compared with what stands. The
write locks the rows it changes and looks whether they are still as planned; if not it gives up
with `Moved`, and whoever called plans again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from tracker.clock import local_day
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing import blockers, initiatives, partners, people, units, units_writing
from tracker.importing.blockers_writing import write as write_blockers
from tracker.importing.bulk import Moved
from tracker.importing.columns import Mapping
from tracker.importing.directory import Directory, New
from tracker.importing.fields import What, field_named
from tracker.importing.initiatives_writing import write as write_initiatives
from tracker.importing.matching import Read, Work
from tracker.importing.report import Outcome, Report, Result
from tracker.importing.table import Table
from tracker.importing.values import Reader
from tracker.organisation.settings import Organisation

TRIES = 3
TELLS = 1_000
"""Rows after which somebody who waits is told how far it has come."""

Progress = Callable[[int, int], None]


class Road(NamedTuple):
    """How one kind is compared and written."""

    prepare: Callable[[list[Read], Directory, Callable[[str], str]], Work]
    write: Callable[..., None]


ROADS = {
    What.initiatives: Road(initiatives.prepare, write_initiatives),
    What.people: Road(people.prepare, people.write),
    What.units: Road(units.prepare, units_writing.write),
    What.partners: Road(partners.prepare, partners.write),
    What.blockers: Road(blockers.prepare, write_blockers),
}


@dataclass
class Plan:
    """What an import would do. `units` and `partners` are unknown names, proposed to be made."""

    what: What
    report: Report
    work: Work
    units: list[New]
    partners: list[New]
    create_missing: bool
    skip_bad: bool

    @property
    def applies(self) -> bool:
        """Whether it may be written: no row is bad, or bad rows are to be skipped."""
        return self.skip_bad or not self.report.of(Outcome.rejected)

    @property
    def alters(self) -> bool:
        """Whether writing it would change anything."""
        totals = self.report.totals()
        return bool(totals[Outcome.created] or totals[Outcome.changed])


def plan(
    table: Table,
    mapping: Mapping,
    *,
    today: date,
    create_missing: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Parse, check and compare; nothing is written. Raises `BadMap` when the map does not fit.

    `progress` is told from time to time how many of how many rows were read.
    """
    mapping.check(table)
    reader = Reader(mapping, table)
    directory = Directory(create_missing=create_missing, today=today)
    good: list[Read] = []
    bad: list[Result] = []
    for number, row in enumerate(table.rows):
        if progress and number % TELLS == 0:
            progress(number, len(table.rows))
        values, problems = reader.read(row)
        if problems:
            name = next((v for v in (values.get("name"), values.get("what")) if v), "")
            words = " ".join(problem.words for problem in problems)
            columns = ", ".join(p.column for p in problems if p.column)
            bad.append(Result(row.line, Outcome.rejected, name, columns, words))
        else:
            good.append(Read(row.line, values))

    def heading(field: str) -> str:
        known = field_named(mapping.what, field)
        return mapping.columns.get(field) or (str(known.label) if known else field)

    work = ROADS[mapping.what].prepare(good, directory, heading)
    report = Report(sorted((*bad, *work.results), key=lambda result: result.line))
    return Plan(
        mapping.what,
        report,
        work,
        list(directory.new_units.values()),
        list(directory.new_partners.values()),
        create_missing,
        skip_bad,
    )


def write(planned: Plan, *, by: Any, now: datetime) -> None:
    """Write a plan inside the present write transaction.

    Raises `Moved` when the data is no longer as planned: roll back and plan again.
    """
    if not planned.applies:
        raise NotNow(
            _("Some rows are rejected. Correct the file, or choose to skip the rejected rows.")
        )
    try:
        made: dict[Any, int] = {}
        if planned.create_missing:
            used = {new for item in planned.work.items for new in item.names_new()}
            made |= units_writing.make_units(
                [unit for unit in planned.units if unit in used], by=by, now=now
            )
            made |= partners.make_partners(
                [new for new in planned.partners if new in used], by=by, now=now
            )
        ROADS[planned.what].write(planned.work, made, by=by, now=now)
        db.session.flush()
    except IntegrityError as error:
        raise Moved from error
    db.session.expire_all()


def run(
    table: Table,
    mapping: Mapping,
    *,
    by: Any,
    now: datetime,
    create_missing: bool = False,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    within: Callable[[Plan], None] | None = None,
) -> Plan:
    """Plan and write in a transaction of its own, planning again if the data moved meanwhile.

    Returns the plan that was written, or, with `dry_run`, with rejected rows and where everything
    is so already, the one that was not.
    `within` is called in the transaction, once everything is written. Raises `NotNow` when the data
    moves each time.
    """
    for _try in range(TRIES):
        planned = plan(
            table,
            mapping,
            today=local_day(now, Organisation.current().time_zone),
            create_missing=create_missing,
            skip_bad=skip_bad,
            progress=progress,
        )
        if dry_run or not planned.applies or not planned.alters:
            return planned
        try:
            with writing():
                write(planned, by=by, now=now)
                if within:
                    within(planned)
        except Moved:
            continue
        return planned
    raise too_lively()


def too_lively() -> NotNow:
    """What is said when others keep changing what a file is about to change."""
    return NotNow(
        _("Others are changing the same things just now. Nothing was imported; try again.")
    )
