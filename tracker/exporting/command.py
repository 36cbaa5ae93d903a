"""`tracker export FILE`: everything, as JSON."""

from __future__ import annotations

from pathlib import Path

import click

from tracker import create_app
from tracker.exporting.complete import export_to


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def export_command(*, file: Path, force: bool) -> None:
    """Write everything to FILE as JSON: one object keyed by table, without password hashes.

    It holds all that people wrote. Keep it as you keep the database.
    """
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; --force replaces it.")
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {file.absolute().parent}.")
    with create_app().app_context():
        counts = export_to(file)
    click.echo(f"{sum(counts.values()):,} rows of {len(counts)} tables are in {file}.")
