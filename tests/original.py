"""The world as it was built: tells whether anything of the business has changed since, and puts it back. SQLite only.

A plugin of pytest: whoever has a fixture `world` may ask for its `original`.

The business is every table but those set apart, with every file below the data folder: mails, uploads, reports.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from tracker.db import Model, db
from tracker.sqlite import dbapi

# No business: the throttle, who is signed in, the keys of forms that were sent, and when somebody was seen.
SET_APART = {"sign_in_attempt", "sign_in", "submission"}
SEEN = {"last_seen", "seen_before"}


def queries(apart: frozenset[str] = frozenset()) -> dict[str, Select[Any]]:
    """Return what reads every row of the business, by table; columns named in `apart`, alone or with their table, are left out."""
    found = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in SET_APART:
            left = {name.removeprefix(f"{table.name}.") for name in SEEN | apart}
            columns = [column for column in table.columns if column.name not in left]
            found[table.name] = select(*columns).order_by(*table.primary_key)
    return found


def rows(apart: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the business by table, inside an application context."""
    return {
        name: [tuple(row) for row in db.session.execute(query)]
        for name, query in queries(apart).items()
    }


class Original:
    """The world as it was built. Make it once the world stands; `close` it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._folder = Path(app.config["DATA_DIR"])
        self._kept = tempfile.TemporaryDirectory()
        with app.app_context():
            self._own = dbapi().connect(db.engine.url.database)
        self._asking = [str(query) for query in queries().values()]
        self._digest, self._files = self._state(), self._paths()
        shutil.copytree(self._folder, self._kept.name, dirs_exist_ok=True)
        self._copy = dbapi().connect(":memory:")
        self._own.backup(self._copy)
        self._version = self._latest()

    def _latest(self) -> int:
        """Return a number that is another one as soon as any other connection has committed something."""
        return self._own.execute("PRAGMA data_version").fetchone()[0]

    def digest(self) -> str:
        """Return a digest of every row of the business, as it stands."""
        return self._state()

    def _state(self) -> str:
        digest = hashlib.sha256()
        for query in self._asking:  # asked without the ORM, which takes ten times as long
            digest.update(repr(self._own.execute(query).fetchall()).encode())
        return digest.hexdigest()

    def _paths(self) -> list[tuple[str, int, int]]:
        files = [(p, p.stat()) for p in self._folder.rglob("*") if p.is_file()]
        return sorted((str(p), stat.st_size, stat.st_mtime_ns) for p, stat in files)

    @property
    def changed(self) -> bool:
        """Whether a row of the business or a file in the data folder is another one than at the beginning."""
        if self._paths() != self._files:
            return True
        version = self._latest()
        if version == self._version:
            return False
        self._version = version
        return self._state() != self._digest

    def put_back(self) -> None:
        """Make everything again what it was, once what goes on in the background has ended."""
        for thread in threading.enumerate():
            if thread.name.startswith("import-"):  # it writes where this deletes
                thread.join(60)
        self._copy.backup(self._own)
        self._version = self._latest()
        if self._paths() != self._files:
            shutil.rmtree(self._folder)
            shutil.copytree(self._kept.name, self._folder)
            self._files = self._paths()

    def close(self) -> None:
        """Let go of both databases and the copy of the files."""
        self._own.close()
        self._copy.close()
        self._kept.cleanup()


@pytest.fixture
def original(app: Flask, world: SimpleNamespace) -> Iterator[Original]:
    """The present world as it is before the test begins."""
    made = Original(app)
    yield made
    made.close()
