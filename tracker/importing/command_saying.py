"""What `tracker import` says on the way: the columns, the rejected rows, and what it did not write."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.importing.checked import unused
from tracker.importing.columns import Mapping
from tracker.importing.fields import FIELDS
from tracker.importing.planning import Plan
from tracker.importing.report import Outcome
from tracker.importing.table import Table

SHOWN = 20
"""Rejected rows that are printed; `--report` writes all of them."""


def tell(done: int, total: int) -> None:
    """Say how far a long file was read."""
    if done:
        click.echo(f"{done:,} of {total:,} rows read", err=True)


def say_columns(table: Table, mapping: Mapping) -> None:
    """Say which column is taken for which field, and which for none."""
    for note in table.notes:
        click.echo(note, err=True)
    for field in FIELDS[mapping.what]:
        if heading := mapping.columns.get(field.name):
            click.echo(f"{field.name} <- {heading}", err=True)
        elif default := mapping.defaults.get(field.name):
            click.echo(f"{field.name} = {default}", err=True)
    if left := unused(mapping, table.headers):
        click.echo(f"Columns not used: {', '.join(left)}", err=True)


def keep_report(planned: Plan, file: Path) -> bool:
    """Write the report of every row; whether that went well. The import itself stays as it is."""
    labels = {field.name: str(field.label) for field in FIELDS[planned.what]}
    try:
        file.write_bytes(planned.report.as_csv(labels))
    except OSError as error:
        click.echo(f"The report could not be written: {error}", err=True)
        return False
    return True


def say(planned: Plan, *, dry_run: bool) -> None:
    """Say what was noticed, which rows are rejected, which names are not known, and why nothing was written."""
    for note in planned.noticed:
        click.echo(note, err=True)
    rejected = planned.report.of(Outcome.rejected)
    for result in rejected[:SHOWN]:
        where = f"line {result.line}" + (f", {result.column}" if result.column else "")
        click.echo(f"{where}: {result.words}", err=True)
    if len(rejected) > SHOWN:
        click.echo(f"and {len(rejected) - SHOWN:,} more rejected rows", err=True)
    proposed = (("units", planned.units), ("partners", planned.partners), ("KPIs", planned.kpis))
    for words, names in proposed:
        if names and not planned.create_missing:
            listed = ", ".join(new.name for new in names[:40])
            click.echo(f"Unknown {words} (--create-missing makes them): {listed}", err=True)
    if not planned.applies:
        others = len(rejected) < len(planned.report.results)
        more = " --skip-bad imports the other rows." if others else ""
        click.echo(f"Nothing was written.{more}", err=True)
    elif dry_run:
        click.echo("Nothing was written: this was a dry run.", err=True)
