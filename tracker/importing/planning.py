"""From a table to a plan, and from the plan to the database in one write transaction.

A plan is made before the write: everything is parsed, checked and compared with what stands. The
write locks the rows it changes and looks whether they are still as planned; if not it gives up
with `Moved`, and whoever called plans again. While it writes, everybody else waits: what can be
made ready before is made ready by `make_ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing import partners, units_writing
from tracker.importing.bulk import Moved, reserve, still_free
from tracker.importing.calming import how_calmed
from tracker.importing.columns import Mapping
from tracker.importing.directory import MADE, Directory, New
from tracker.importing.fields import PORTFOLIO, What, field_named
from tracker.importing.figures import how_scaled
from tracker.importing.matching import Read
from tracker.importing.plans import ROADS, Plan, seen_now
from tracker.importing.report import Outcome, Report, Result
from tracker.importing.rivals import Rivals
from tracker.importing.spans import how_read
from tracker.importing.table import Table
from tracker.importing.values import Reader
from tracker.importing.years import Years
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit
from tracker.policy import May, may

TRIES = 3
TELLS = 1_000
"""Rows after which somebody who waits is told how far it has come."""

Progress = Callable[[int, int], None]


def plan(
    table: Table,
    mapping: Mapping,
    *,
    today: date,
    create_missing: bool = False,
    skip_bad: bool = False,
    importer: Person | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Parse, check and compare; nothing is written. Raises `BadMap` when the map does not fit.

    `importer` is on whose word it comes; None where the command brings it, which asks nobody.
    `progress` is told from time to time how many of how many rows were read.
    """
    mapping.check(table)
    seen = seen_now(mapping.what)
    reader, rivals, years = Reader(mapping, table), Rivals(mapping, table), Years.of(mapping)
    directory = Directory(
        create_missing=create_missing,
        today=today,
        importer=importer,
        columns=mapping.columns,
        years=years,
        makes=made_by(importer, mapping.what),
    )
    good: list[Read] = []
    bad: list[Result] = []
    for number, row in enumerate(table.rows):
        if progress and number % TELLS == 0:
            progress(number, len(table.rows))
        values, problems = reader.read(row)
        problems += rivals.problems(row)
        if problems:
            name = next(
                (v for n in ("name", "title", "what", "initiative", "kpi") if (v := values.get(n))),
                "",
            )
            words = " ".join(problem.words for problem in problems)
            columns = ", ".join(p.column for p in problems if p.column)
            bad.append(Result(row.line, Outcome.rejected, name, columns, words))
        else:
            good.append(Read(row.line, values))

    def heading(field: str) -> str:
        known = field_named(mapping.what, field)
        return mapping.columns.get(field) or (str(known.label) if known else field)

    noticed = rivals.notes()
    noticed += how_read((row.values for row in good), years)
    noticed += how_scaled(reader.scales, directory.currency)
    noticed += how_calmed(reader.calmed)
    work = ROADS[mapping.what].prepare(good, directory, heading)
    report = Report(sorted((*bad, *work.results), key=lambda result: result.line))
    return Plan(
        mapping.what,
        report,
        work,
        list(directory.new_units.values()),
        list(directory.new_partners.values()),
        list(directory.new_kpis.values()),
        create_missing,
        skip_bad,
        seen,
        [*noticed, *work.notes],
    )


def made_by(importer: Person | None, what: What) -> list[str]:
    """Return which of `MADE` a file makes because it names them: whoever adds them by hand, and a portfolio its manager."""
    if importer is None or (what in PORTFOLIO and may(importer, May.import_portfolio)):
        return list(MADE)
    acts = {"unit": May.manage_units, "partner": May.manage_partners}
    return [kind for kind in MADE if may(importer, acts[kind])]


def make_ready(planned: Plan, *, by: Any, now: datetime) -> None:
    """Make ready what `write` will put down, before the write transaction begins.

    Raises `Moved` when names may mean something else by now.
    """
    if planned.seen != seen_now(planned.what):
        raise Moved
    _give_ids(planned, by=by, now=now)


def _give_ids(planned: Plan, *, by: Any, now: datetime) -> None:
    used: set[New] = set()
    if planned.create_missing:
        used = {new for item in planned.work.items for new in item.names_new()}
    planned.made = {}
    for model, proposed in ((Unit, planned.units), (Partner, planned.partners)):
        wanted = [new for new in proposed if new in used]
        planned.made |= dict(zip(wanted, reserve(model, len(wanted)), strict=True))
    if draft := ROADS[planned.what].draft:
        planned.draft = draft(planned.work, planned.made, by=by, now=now)


def write(planned: Plan, *, by: Any, now: datetime) -> None:
    """Write a plan inside the present write transaction.

    What was not made ready is made ready here, and then new initiatives of others do not matter.
    Raises `Moved` when the data is no longer as planned: roll back and plan again.
    """
    if not planned.applies:
        raise NotNow(
            _("Some rows are rejected. Correct the file, or choose to skip the rejected rows.")
        )
    seen = seen_now(planned.what)
    if planned.made is None and planned.seen[0] == seen[0]:
        _give_ids(planned, by=by, now=now)
    elif planned.seen != seen:
        raise Moved
    made = planned.made or {}
    try:
        for model, proposed, make in (
            (Unit, planned.units, units_writing.make_units),
            (Partner, planned.partners, partners.make_partners),
        ):
            ids = {new: made[new] for new in proposed if new in made}
            still_free({model: min(ids.values())} if ids else {})
            make(ids, by=by, now=now)
        road = ROADS[planned.what]
        if road.draft:
            road.write(planned.draft)
        else:
            road.write(planned.work, made, by=by, now=now)
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
    for turn in range(TRIES):
        planned = plan(
            table,
            mapping,
            today=day_of(now),
            create_missing=create_missing,
            skip_bad=skip_bad,
            progress=progress,
        )
        if dry_run or not planned.applies or not planned.alters:
            return planned
        try:
            if turn < TRIES - 1:  # the last time it is made inside: nobody comes between
                make_ready(planned, by=by, now=now)
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
