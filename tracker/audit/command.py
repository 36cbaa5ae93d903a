"""``tracker audit checkpoint`` and ``tracker audit export``: what an auditor takes away."""

from __future__ import annotations

from pathlib import Path

import click

from tracker import create_app
from tracker.activity.chain import keep_checkpoint
from tracker.activity.kinds import Kind
from tracker.activity.recording import record_of_trail
from tracker.activity.trail import export_trail
from tracker.audit import checkpoints
from tracker.clock import now
from tracker.db import db, writing

FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
FORCE = click.option("--force", is_flag=True, help="Replace the file if it is there.")


@click.command("checkpoint")
@click.option("--out", type=FILE, help="Write it to this file; keep that outside the data folder.")
@FORCE
def checkpoint_command(out: Path | None, force: bool) -> None:
    """Keep a signed checkpoint of the trail as it stands, and print it."""
    _is_free(out, force)
    with create_app().app_context():
        with writing() as session:
            point = keep_checkpoint(session)
        if point is None:
            raise click.ClickException("Nothing has happened yet: the trail is empty.")
        if out is None:
            click.echo(checkpoints.as_text(point), nl=False)
            return
        checkpoints.write(point, out)
        click.echo(f"A checkpoint at event {point['count']} is in {out}.")


@click.command("export")
@click.argument("file", type=FILE)
@click.option(
    "--words",
    is_flag=True,
    help="With what people typed; without, the trail can be checked just as well.",
)
@FORCE
def export_command(file: Path, words: bool, force: bool) -> None:
    """Write every sealed event to FILE, a line of JSON for each, as the stand-alone check reads them.

    That it was exported is itself recorded.
    """
    _is_free(file, force)
    with create_app().app_context():
        with writing() as session:
            after = {"with_words": words}
            event = record_of_trail(session, Kind.trail_exported, by=None, now=now(), after=after)
            session.flush()
        db.session.refresh(event)
        count = export_trail(file, words=words, upto=event.number)
    click.echo(f"{count:,} events are in {file}, {'with' if words else 'without'} their words.")


def _is_free(file: Path | None, force: bool) -> None:
    if file is None:
        return
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; --force replaces it.")
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {file.absolute().parent}.")
