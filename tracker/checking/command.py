"""`tracker check`: whether this installation is safe to run, and why not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock, create_app, migrating
from tracker.checking.backups import of_backups
from tracker.checking.database import of_database, of_library
from tracker.checking.findings import Finding, Level, wrong
from tracker.checking.place import of_place
from tracker.checking.settings import of_settings
from tracker.checking.trail import of_server_clock, of_trail
from tracker.config import Misconfigured
from tracker.db import db
from tracker.keeping import places


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def check_command(*, as_json: bool) -> None:
    """Say whether this installation is safe to run, and why not; changes nothing.

    Exit code 0 when nothing is wrong, 1 when something is. What is to be looked at is for you to decide.
    """
    try:
        found = list(findings(create_app()))
    except Misconfigured as error:
        found = [wrong("settings", problem) for problem in error.problems]
    safe = all(one.level is not Level.wrong for one in found)
    if as_json:
        lines = [vars(one) | {"level": one.level.name} for one in found]
        click.echo(json.dumps({"safe": safe, "findings": lines}, indent=1))
    else:
        width = max(len(one.about) for one in found)
        click.echo("\n".join(one.line(width) for one in found))
        click.echo(_summary(found))
    if not safe:
        raise SystemExit(1)


def _summary(found: list[Finding]) -> str:
    count = {level: sum(one.level is level for one in found) for level in Level}
    if count[Level.wrong]:
        return f"\nNot safe to run: {count[Level.wrong]} wrong, {count[Level.look]} to look at."
    return f"\nSafe to run; {count[Level.look]} to look at."


def findings(app: Flask) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which one would put it right."""
    config = app.config
    yield from of_settings(config, os.environ)
    yield from of_place(config)
    with app.app_context():
        yield from _of_data(app)
    yield from of_backups(config, clock.now(app))


def _of_data(app: Flask) -> Iterator[Finding]:
    files = places.database_files(app.config["SQLALCHEMY_DATABASE_URI"])
    if files:
        library = of_library()
        yield library
        if library.level is Level.wrong:
            return
        if not files[0].exists():
            yield wrong("database", f"There is none yet ({files[0]}).", "Run 'tracker migrate', or 'tracker restore'.")  # fmt: skip
            return
    try:
        with db.engine.connect() as connection:
            now = clock.now(app)
            yield from of_database(connection)
            if not files:
                yield of_server_clock(connection, now)
            if migrating.applied(connection) == migrating.newest():
                yield from of_trail(connection, app.config["AUDIT_KEY"], now)
    except SQLAlchemyError as error:
        yield wrong(
            "database", f"It cannot be used: {getattr(error, 'orig', None) or error}".strip()
        )
    finally:
        db.engine.dispose()
