"""The command ``tracker``. Every command reads the ``TRACKER_*`` variables and says what it did.

Exit codes: 0 done, 1 refused or failed (the words say why), 2 not set up or not called rightly.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from tracker import clockwork, create_app, serve, starting, sweeping
from tracker.audit.command import checkpoint_command
from tracker.audit.command import export_command as export_trail_command
from tracker.audit.command_erase import erase_command
from tracker.audit_cli import audit
from tracker.checking.command import check_command
from tracker.config import Misconfigured, settings_from_environment
from tracker.db import Busy
from tracker.errors import Said
from tracker.exporting.command import export_command
from tracker.importing.command import import_command
from tracker.keeping.command import backup_command, restore_command
from tracker.organisation.command import user_command
from tracker.partners.command import scorecards_command
from tracker.proofs.command import reset_command

FAILED, NOT_SET_UP = 1, 2
NO_TABLES = ("no such table", 'relation "')  # as SQLite and PostgreSQL say it


class _PlainWords(click.Group):
    """Turns what stops a command into a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Misconfigured as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            ctx.exit(NOT_SET_UP)
        except Said as error:
            click.echo(str(error.words), err=True)
            ctx.exit(FAILED)
        except Busy:
            click.echo("The database is busy with another writer. Try again.", err=True)
            ctx.exit(FAILED)
        except DatabaseError as error:
            if type(error) not in {OperationalError, DatabaseError}:
                raise  # a broken constraint or a wrong statement is a fault of ours
            click.echo(f"The database cannot be used: {error.orig}", err=True)
            if any(sign in str(error.orig) for sign in NO_TABLES):
                click.echo(
                    "Nothing was set up there yet: `tracker migrate` makes its tables.", err=True
                )
            ctx.exit(FAILED)


@click.group(cls=_PlainWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="throughline")
def main() -> None:
    """Tracks customer-experience improvement across the departments of a company."""


@main.command("serve")
@click.option("--workers", default=1, type=click.IntRange(1, 64), envvar="TRACKER_WORKERS")
@click.option(
    "--access-log",
    is_flag=True,
    envvar="TRACKER_ACCESS_LOG",
    help="Write a line for each request.",
)
@click.option("--asked-at", type=int, hidden=True, help="When make was started (epoch seconds).")
def serve_command(workers: int, access_log: bool, asked_at: int | None) -> None:
    """Bring the database up to date and answer requests until stopped."""
    began = asked_at or time.time()
    settings = settings_from_environment(os.environ)
    database = settings["SQLALCHEMY_DATABASE_URI"]
    serve.check_workers(database, workers)
    with (
        serve.sole_server(settings["DATA_DIR"], settings["BASE_URL"], database),
        serve.sole_port(settings["HOST"], settings["PORT"]) as ip,
    ):
        start = starting.prepare(create_app(settings), with_demo=settings["ENVIRONMENT"] == "demo")

        def ready() -> None:
            took = time.time() - began
            click.echo("\n".join(_welcome(settings, start, took)))

        serve.run(settings, ip=ip, workers=workers, access_log=access_log, ready=ready)


def _welcome(settings: Mapping[str, Any], start: starting.Start, took: float) -> Iterable[str]:
    yield f"Throughline answers at {settings['BASE_URL']} after {took:.0f} s."
    yield f"Its data is in {settings['DATA_DIR']}."
    if start.seeded:
        yield f"An empty database was filled with demo data: {start.seeded}."
    if settings["ENVIRONMENT"] == "demo" and start.accounts:
        yield f"\nDemo accounts:\n\n{starting.account_table(start.accounts)}\n"
    if start.code:
        yield f"\nNobody is here yet. Open {settings['BASE_URL']}/set-up and type this code; it works once:"
        yield f"\n    {start.code}\n"
    yield "Ctrl+C stops it."


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    start = starting.prepare(create_app(), with_demo=False)
    if start.before == start.after:
        click.echo(f"The database is at revision {start.after} already.")
    else:
        click.echo(f"The database went from {start.before or 'empty'} to revision {start.after}.")


@main.command()
def demo() -> None:
    """Fill an empty database with demo data, and print its accounts."""
    app = create_app()
    if app.config["ENVIRONMENT"] == "production":
        raise Misconfigured("Demo data never goes into production (TRACKER_ENV).")
    start = starting.prepare(app, with_demo=True)
    if not start.seeded:
        raise click.ClickException("Somebody is here already; demo data needs an empty database.")
    click.echo(f"Filled with {start.seeded}.\n\n{starting.account_table(start.accounts)}")


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, say what was done, and end.")
def jobs(once: bool) -> None:
    """Do what the application does by itself; needed beside several workers only."""
    app = create_app()
    if once:
        with app.app_context():
            click.echo(json.dumps(sweeping.sweep(), sort_keys=True))
    else:
        clockwork.run(app)


main.add_command(import_command)
main.add_command(export_command)
main.add_command(backup_command)
main.add_command(check_command)
main.add_command(restore_command)
main.add_command(user_command)
main.add_command(scorecards_command)
user_command.add_command(reset_command)
main.add_command(audit)
main.add_command(erase_command)
audit.add_command(checkpoint_command)
audit.add_command(export_trail_command)
