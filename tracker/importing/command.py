"""`tracker import KIND FILE`: the same road as the page, from the command line."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tracker import create_app
from tracker.clock import now
from tracker.db import db
from tracker.importing.columns import BadMap, Mapping, guessed
from tracker.importing.command_saying import keep_report, say, say_columns, tell
from tracker.importing.fields import What
from tracker.importing.maps import from_toml, to_toml
from tracker.importing.models import KEEPS, ImportRun
from tracker.importing.planning import Plan, run
from tracker.importing.reading import UnreadableFile, read
from tracker.importing.report import Report
from tracker.importing.table import Table
from tracker.importing.years import BEGIN, BEGINS, END, NAMED, has_periods
from tracker.organisation.people import Person


class _EndsInJson(click.Command):
    """Its last line is JSON whatever happens: zeros where it could not even begin.

    The words and the exit code stay those of what was raised.
    """

    def make_context(self, *words: Any, **more: Any) -> click.Context:
        with _zeros_where_it_fails():
            return super().make_context(*words, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _zeros_where_it_fails():
            return super().invoke(ctx)


@contextlib.contextmanager
def _zeros_where_it_fails() -> Iterator[None]:
    try:
        yield
    except click.exceptions.Exit:
        raise  # --help
    except Exception:
        click.echo(Report().line(written=False))
        raise


@click.command("import", cls=_EndsInJson)
@click.argument("what", metavar="KIND", type=click.Choice([kind.value for kind in What]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which column holds what, as TOML; guessed from the headings without it.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--create-missing", is_flag=True, help="Make units, partners and KPIs nobody knows.")
@click.option("--skip-bad", is_flag=True, help="Leave out rejected rows, import the others.")
@click.option("--kpi", metavar="CODE", help="Of readings: the KPI that all rows are about.")
@click.option(
    "--fiscal-year-begins",
    metavar="MONTH",
    type=click.IntRange(1, 12),
    help="1 to 12: quarters and years of the file are those of a year that begins in this month.",
)
@click.option(
    "--fiscal-year-named",
    type=click.Choice([END, BEGIN]),
    help="The fiscal year is called after the calendar year in which it ends (as usual) or begins.",
)
@click.option("--by", metavar="EMAIL", help="Whose act it is on the trail.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the report of every row there, as CSV.",
)
def import_command(
    *,
    what: str,
    file: Path,
    map_file: Path | None,
    dry_run: bool,
    create_missing: bool,
    skip_bad: bool,
    kpi: str | None,
    fiscal_year_begins: int | None,
    fiscal_year_named: str | None,
    by: str | None,
    report_file: Path | None,
) -> None:
    """Import FILE (CSV or XLSX). KIND is what its rows are.

    The last line is JSON: rows, created, changed, unchanged, rejected, and whether it was written.
    Which column is taken for which field stands before it. Exits with 1 when nothing was written
    because of what the file holds, with 2 when the command was not called rightly.
    """
    app = create_app()
    with app.app_context():
        kind, body = What(what), file.read_bytes()
        try:
            table, mapping = _read(kind, file, body, map_file)
            _set_kpi(mapping, kpi)
            _set_years(mapping, fiscal_year_begins, fiscal_year_named)
            say_columns(table, mapping)
            planned = run(
                table,
                mapping,
                by=_person(by),
                now=now(),
                create_missing=create_missing,
                skip_bad=skip_bad,
                dry_run=dry_run,
                progress=tell,
                within=lambda plan: _note(plan, file.name, body, mapping, by=_person(by)),
            )
        except (UnreadableFile, BadMap) as error:
            click.echo(error.words, err=True)
            click.echo(Report().line(written=False))
            raise SystemExit(1) from error
        say(planned, dry_run=dry_run)
        kept = report_file is None or keep_report(planned, report_file)
        written = planned.applies and planned.alters and not dry_run
        click.echo(planned.report.line(written=written))
        if not planned.applies or not kept:
            raise SystemExit(1)


def _read(kind: What, file: Path, body: bytes, map_file: Path | None) -> tuple[Table, Mapping]:
    mapping = None
    if map_file is not None:
        try:
            mapping = from_toml(map_file.read_text(encoding="utf-8-sig"), kind)
        except UnicodeDecodeError as error:
            raise BadMap(f"{map_file.name}: {error}") from error
    options = mapping.options if mapping else {}
    table = read(
        body,
        file.name,
        encoding=options.get("encoding"),
        delimiter=options.get("delimiter"),
        sheet=options.get("sheet"),
    )
    if mapping is None:
        mapping, _sure = guessed(kind, table)
    return table, mapping


def _set_kpi(mapping: Mapping, kpi: str | None) -> None:
    if kpi is None:
        return
    if mapping.what != What.readings:
        raise click.UsageError("--kpi is for readings only.")
    mapping.same_for_all("kpi", kpi)


def _set_years(mapping: Mapping, begins: int | None, named: str | None) -> None:
    if begins is None and named is None:
        return
    if not has_periods(mapping.what):
        raise click.UsageError("--fiscal-year-begins is for files that hold periods.")
    if begins is None and BEGINS not in mapping.options:
        raise click.UsageError("Say also in which month it begins: --fiscal-year-begins.")
    mapping.options |= {BEGINS: str(begins)} if begins else {}
    mapping.options |= {NAMED: named} if named else {}


def _person(email: str | None) -> Person | None:
    if email is None:
        return None
    person = Person.by_email(email)
    if person is None or not person.is_active:
        raise click.UsageError(f"Nobody with access has the address {email}.")
    return person


def _note(planned: Plan, filename: str, body: bytes, mapping: Mapping, *, by: Any) -> None:
    """Put the import on the trail, in the transaction that writes it."""
    moment: datetime = now()
    done = ImportRun(
        person_id=by.id if by else None,
        what=planned.what,
        filename=filename[-200:],
        token=secrets.token_hex(16),
        sha256=hashlib.sha256(body).hexdigest(),
        map_toml=to_toml(mapping),
        at=moment,
        expires_at=moment + KEEPS,
    )
    db.session.add(done)
    db.session.flush()
    done.applied(planned.report.totals(), by=by, now=moment)
