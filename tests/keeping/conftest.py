"""Places to keep and to restore: an application whose schema has a revision, and what is in it, read another way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, make_url, select, text

from tests.conftest import settings
from tests.postgres import database
from tracker import create_app, migrating
from tracker.activity import chain
from tracker.db import Model, db
from tracker.keeping.backing_up import Made, backup
from tracker.keeping.opening import opened
from tracker.keeping.restoring import Restored, restore

KEY = settings("", Path())["AUDIT_KEY"]
Where = dict[str, Any]


def contents(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the models read it."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in Model.metadata.sorted_tables
    }


def files(
    folder: Path, *, but: tuple[str, ...] = ("backups", "restoring.part")
) -> dict[str, bytes]:
    """Every file under a data folder that is data."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and file.relative_to(folder).parts[0] not in but
        and not file.name.startswith("tracker.db")
        and not file.name.endswith((".lock", ".key"))
    }


@pytest.fixture
def stamped(app: Flask, cast: Any) -> Iterator[Flask]:
    """The application with the cast in it, on a database that says which revision it is at."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(
            text("INSERT INTO alembic_version VALUES (:at)"), {"at": migrating.newest()}
        )
    yield app
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


@pytest.fixture
def keep(stamped: Flask, tmp_path_factory: Any) -> Callable[..., Made]:
    """Make a backup into a folder of its own."""
    kept = tmp_path_factory.mktemp("kept")

    def make(to: Path = kept, **more: Any) -> Made:
        with stamped.app_context():
            return backup(to, **more)

    return make


@pytest.fixture
def places(
    request: pytest.FixtureRequest, tmp_path_factory: Any, worker_id: str
) -> Iterator[Callable[..., Where]]:
    """Give the settings of one empty place after another, of a kind of database."""
    count = 0
    with contextlib.ExitStack() as made:

        def place(kind: str, **more: Any) -> Where:
            nonlocal count
            count += 1
            folder = tmp_path_factory.mktemp("place")
            url = f"sqlite:///{folder / 'tracker.db'}"
            if kind == "postgresql":
                server = request.getfixturevalue("postgres_server")
                url = made.enter_context(database(server, f"tracker_place_{worker_id}_{count}"))
            return {**settings(url, folder), **more}

        yield place
        chain.use_key(KEY)


def put_back(archive: Path, where: Where, key: bytes | None = KEY, **more: Any) -> Restored:
    """Restore an archive into a place."""
    with opened(archive, key) as found:
        return restore(found, where, **more)


def found_in(where: Where) -> dict[str, list[tuple[Any, ...]]]:
    """What a place holds now."""
    application = create_app(where)
    with application.app_context():
        try:
            with db.engine.connect() as connection:
                return contents(connection)
        finally:
            db.session.remove()
            db.engine.dispose()


def is_empty(where: Where) -> bool:
    """Tell whether nothing lies in a place, in its folder or in its database."""
    if any(entry.suffix != ".lock" for entry in where["DATA_DIR"].iterdir()):
        return False
    if make_url(where["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "sqlite":
        return True
    application = create_app(where)
    with application.app_context():
        try:
            with db.engine.connect() as connection:
                return not connection.dialect.get_table_names(connection)
        finally:
            db.engine.dispose()
