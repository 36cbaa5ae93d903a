"""The command ``tracker audit``: what an auditor asks of the trail."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, create_engine, text

from tracker import create_app, sqlite
from tracker.activity import verify
from tracker.activity.comparing import compare
from tracker.activity.vanished import name_vanished
from tracker.db import db

FAILED = 1  # the exit code of a trail that does not hold


@click.group()
def audit() -> None:
    """The chain that seals every change."""


@audit.command("verify")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--state", is_flag=True, help="Hold the tables against what the trail says last.")
def audit_verify(file: Path | None, checkpoint: Path | None, state: bool) -> None:
    """Check that no sealed event was changed: in FILE, else in the database that is set up."""
    app = create_app()
    key = app.config["AUDIT_KEY"]
    known = _checkpoint(checkpoint) if checkpoint else None
    if file is not None and not state:
        report = verify.verify_file(file, key, known)
        click.echo("\n".join(report.lines()))
        raise SystemExit(0 if report.whole else FAILED)
    with app.app_context(), _reading(file) as connection:
        report = _checked(connection, key, known)
        click.echo("\n".join(report.lines()))
        held = compare(connection) if state else None
    if held is not None:
        click.echo("\n".join(held.lines()))
    if not report.whole or (held is not None and not held.whole):
        raise SystemExit(FAILED)


def _checkpoint(file: Path) -> dict[str, Any]:
    """Return the checkpoint in `file`. Raises `click.UsageError` (exit code 2) where there is none in it."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = None
    if not isinstance(known, dict) or not {"count", "head", "at", "signature"} <= known.keys():
        raise click.UsageError(
            f"{file} holds no checkpoint: `tracker audit checkpoint` writes one."
        )
    return known


@contextlib.contextmanager
def _reading(file: Path | None) -> Iterator[Connection]:
    """One transaction that sees one moment: of the database that is set up, or of a copy in `file`."""
    if file is None:
        options = {"isolation_level": "REPEATABLE READ"}
        options = {} if db.engine.dialect.name == "sqlite" else options
        with db.engine.connect().execution_options(**options) as connection:
            yield connection
        return
    with file.open("rb") as opened:
        if opened.read(16) != b"SQLite format 3\0":
            raise click.UsageError("--state needs a database: an export holds no tables.")
    module: Any = sqlite.dbapi()
    engine = create_engine(
        "sqlite://", module=module, creator=lambda: module.connect(":memory:", uri=True)
    )
    with engine.connect() as connection:
        # Beside an empty one, so that nothing is written to the file, not even how it keeps its journal.
        driver: Any = connection.connection.driver_connection
        driver.execute("ATTACH DATABASE ? AS copy", (f"{file.resolve().as_uri()}?mode=ro",))
        yield connection
    engine.dispose()


def _checked(connection: Connection, key: bytes, checkpoint: Any) -> verify.Report:
    head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
    stored = connection.execute(text("SELECT count, head, at, signature FROM checkpoint"))
    points = [dict(point) for point in stored.mappings()]
    events = text("SELECT * FROM event ORDER BY number IS NULL, number")
    rows = connection.execute(events.execution_options(yield_per=2000))
    found = tuple(head) if head else (0, "missing")
    report = verify.verify_rows(
        map(dict, rows.mappings()), key, checkpoint, head=found, checkpoints=points
    )
    return name_vanished(report, connection)
