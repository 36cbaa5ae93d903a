"""`tracker backup` and `tracker restore`."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tracker import create_app, paths, serve
from tracker.config import settings_from_environment
from tracker.keeping import manifest, places
from tracker.keeping.backing_up import backup
from tracker.keeping.manifest import Manifest
from tracker.keeping.opening import LONGEST_KEY, Archive, opened
from tracker.keeping.restoring import restore
from tracker.keeping.sealing import Unusable
from tracker.variables import SHORTEST_KEY

FILE = click.Path(path_type=Path)


@click.command("backup")
@click.option(
    "--to", type=FILE, help="A folder, or a new file; else TRACKER_BACKUP_DIR or the data folder."
)
@click.option(
    "--with-keys", is_flag=True, help="Put the keys in: whoever has the archive has everything."
)
def backup_command(to: Path | None, *, with_keys: bool) -> None:
    """Write everything into one archive, while the server goes on working, and read it again to prove it."""
    with _in_words(), create_app().app_context():
        made = backup(to, with_keys=with_keys)
    click.echo(f"Backed up to {made.file} ({made.file.stat().st_size:,} bytes).")
    click.echo(_told(made.manifest))
    if with_keys:
        click.echo("The keys are inside. Keep it as you keep the keys.")
    else:
        click.echo(
            "The keys are not inside. Without TRACKER_AUDIT_KEY it cannot be restored: keep a copy of it elsewhere."
        )


def _told(facts: Manifest) -> str:
    rows, files = sum(facts.tables.values()), len(facts.files)
    return (
        f"It holds {rows:,} rows of {len(facts.tables)} tables and {files:,} files as they were at "
        f"{facts.made:%Y-%m-%d %H:%M} UTC: {facts.chain['count']:,} events, schema revision {facts.revision}, {facts.database}."
    )


@click.command("restore")
@click.argument("archive", type=FILE)
@click.option(
    "--key-file", type=FILE, help="A file with the audit key that the backup was made with."
)
@click.option(
    "--only-check", is_flag=True, help="Say whether the archive is whole; restore nothing."
)
@click.option(
    "--accept-broken-trail", is_flag=True, help="Restore although its trail does not verify."
)
def restore_command(
    archive: Path, key_file: Path | None, *, only_check: bool, accept_broken_trail: bool
) -> None:
    """Put ARCHIVE into the empty data folder and the empty database that are set up; on either database.

    It is read and proved as a whole first. What is damaged, of another installation or of a later version is refused, and
    the place stays empty.
    """
    data_dir = Path(
        os.environ.get("TRACKER_DATA_DIR") or (paths.ROOT or Path.cwd()) / "instance"
    ).expanduser()
    with _in_words(), opened(archive, _key(data_dir, key_file)) as found:
        facts = found.manifest
        if only_check:
            click.echo(f"The archive is whole.\n{_told(facts)}")
            return
        environ, keys = _keys(found, data_dir)
        settings = settings_from_environment(environ, restoring=True)
        allowed = (archive, *([settings["BACKUP_DIR"]] if settings["BACKUP_DIR"] else []))
        with serve.sole_server(settings["DATA_DIR"], "a restore"):
            done = restore(
                found, settings, allowed=allowed, keys=keys, broken_trail=accept_broken_trail
            )
    click.echo(f"Restored into {settings['DATA_DIR']}.\n{_told(facts)}")
    if done.after != facts.revision:
        click.echo(f"The schema went from revision {facts.revision} to {done.after}.")
    for caution in done.cautions:
        click.echo(caution)
    if facts.checkpoint and found.key_was_inside:
        click.echo("Its seal was made with the key inside it: that shows damage, not forgery.")


def _key(data_dir: Path, key_file: Path | None) -> bytes | None:
    """The audit key to prove an archive with: named, set, or of the data folder; else None."""
    given = os.environ.get("TRACKER_AUDIT_KEY", "").strip().encode()
    if key_file is not None:
        try:
            named = key_file.read_bytes()[:LONGEST_KEY].strip()
        except OSError as error:
            raise Unusable(f"{key_file} cannot be read ({error.strerror}).") from error
        if given and named != given:
            raise Unusable("TRACKER_AUDIT_KEY and --key-file are two different keys.")
        return named
    if given:
        return given
    with contextlib.suppress(OSError):
        return (data_dir / "audit.key").read_bytes().strip() or None
    return None


def _keys(found: Archive, data_dir: Path) -> tuple[dict[str, str], Mapping[str, str]]:
    """The variables to restore with, and the files of keys to lay into the data folder, by name.

    Only a demo keeps its keys there; production is given them from outside.
    """
    environ, files = dict(os.environ), {}
    demo = (environ.get("TRACKER_ENV") or "demo") == "demo"
    if not demo and not environ.get("TRACKER_AUDIT_KEY"):
        inside = f" It is in the archive: tar xzOf ARCHIVE {manifest.AUDIT_KEY}" * found.key_was_inside  # fmt: skip
        raise Unusable(f"In production TRACKER_AUDIT_KEY must be set.{inside}")
    inside = found.text(manifest.SECRET_KEY)
    for variable, file, key in (
        ("TRACKER_AUDIT_KEY", "audit.key", found.key.decode()),
        ("TRACKER_SECRET_KEY", "secret.key", inside),
    ):
        if demo and not environ.get(variable) and not (data_dir / file).exists():
            environ[variable] = key or secrets.token_urlsafe(SHORTEST_KEY)  # not kept
            if key:
                files[file] = key
    return environ, files


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except places.Occupied as error:
        raise Unusable("Another backup is being made into that folder.") from error
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        raise Unusable(f"The file system refused{where}: {error.strerror or error}.") from error
