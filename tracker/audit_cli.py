"""The command ``tracker audit``: what an auditor asks of the trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import text

from tracker import create_app
from tracker.activity import verify
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
def audit_verify(file: Path | None, checkpoint: Path | None) -> None:
    """Check that no sealed event was changed: in FILE, else in the database that is set up."""
    app = create_app()
    known = json.loads(checkpoint.read_text(encoding="utf-8")) if checkpoint else None
    report = _checked(app, file, known)
    click.echo("\n".join(report.lines()))
    if not report.whole:
        raise SystemExit(FAILED)


def _checked(app: Flask, file: Path | None, checkpoint: Any) -> verify.Report:
    key = app.config["AUDIT_KEY"]
    if file is not None:
        return verify.verify_file(file, key, checkpoint)
    with app.app_context(), db.engine.connect() as connection:
        head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
        stored = connection.execute(text("SELECT count, head, at, signature FROM checkpoint"))
        points = [dict(point) for point in stored.mappings()]
        rows = connection.execute(text("SELECT * FROM event ORDER BY number IS NULL, number"))
        found = tuple(head) if head else (0, "missing")
        return verify.verify_rows(
            map(dict, rows.mappings()), key, checkpoint, head=found, checkpoints=points
        )
