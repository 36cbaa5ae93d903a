"""The empty place that a backup is restored into: what may lie there, and the moves that make it full."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from tracker import sqlite
from tracker.config import RESTORING
from tracker.db import db
from tracker.keeping import places
from tracker.keeping.manifest import Manifest
from tracker.keeping.sealing import Unusable

_MARK = "moving.json"  # names what is being moved, so that it can be taken away again


class Place:
    """A data folder and a database. `settings` are those to build with: SQLite's file has another name until the end."""

    def __init__(
        self, settings: Mapping[str, Any], facts: Manifest, allowed: tuple[Path, ...], keys: Mapping[str, str]
    ) -> None:  # fmt: skip
        self.facts, self.allowed, self.keys = facts, allowed, keys
        self.data_dir = Path(settings["DATA_DIR"])
        self.restoring = self.data_dir / RESTORING
        self.files = self.restoring / "files"
        self.settings = dict(settings)
        self.url = settings["SQLALCHEMY_DATABASE_URI"]
        self.final = next(iter(places.database_files(self.url)), None)
        self.draft = self.final and self.final.with_name(self.final.name + places.NOT_YET)
        self.begun = False
        if self.draft:
            self.settings["SQLALCHEMY_DATABASE_URI"] = _url(self.draft)

    def is_done(self) -> bool:
        """Tell whether an earlier attempt was ended after its commit, with everything in place; then end it."""
        if not (self.restoring / _MARK).exists() or self.final is not None:
            return False
        with db.engine.connect() as connection:
            if not _tables(connection):
                return False
            with contextlib.suppress(DBAPIError):
                head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
                if head and dict(head._mapping) == self.facts.chain:
                    self.end()
                    return True
        return False

    def begin(self) -> None:
        """Clear away what an attempt left that was killed, and see that nothing else is here. Raises `Unusable`."""
        if self.restoring.exists():
            self.begun = True
            self.clear()
            self.begun = False
        found = places.strangers(self.data_dir, self.url, self.allowed)
        if found:
            raise Unusable(
                f"The data folder {self.data_dir} is not empty: {', '.join(found[:5])} lies there. "
                "Name a new one with TRACKER_DATA_DIR."
            )
        there = sorted(n for n in self.facts.top_names if (self.data_dir / n).exists())
        if there:
            raise Unusable(
                f"{self.data_dir / there[0]} is there already, and in the backup as well."
            )
        if self.final is None:
            with db.engine.connect() as connection:
                self.require_empty(connection)
        elif self.final.exists() and _sqlite_tables(self.final):
            raise Unusable(
                f"There is a database already ({self.final}). A backup is restored into an empty place only."
            )
        self._remove_draft()
        self.files.mkdir(mode=0o700, parents=True)
        self.begun = True
        for name, key in self.keys.items():
            descriptor = os.open(self.files / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(key + "\n")

    def require_empty(self, connection: Connection) -> None:
        """Raise `Unusable` when the database has tables."""
        if _tables(connection):
            raise Unusable(
                "The database is not empty. A backup is restored into an empty one only: create a new database."
            )

    def move(self) -> None:
        """Give everything the names under which it is read; SQLite's file comes last."""
        names = sorted(entry.name for entry in self.files.iterdir())
        mark = self.restoring / _MARK
        mark.write_text(json.dumps({"names": names, "database": str(self.final or "")}))
        for path in (*(folder for folder, _, _ in os.walk(self.files)), mark, self.restoring):
            places.settle(Path(path))
        for name in names:
            (self.files / name).rename(self.data_dir / name)
        places.settle(self.data_dir)
        if self.final and self.draft:
            for beside in places.database_files(self.url)[1:]:
                beside.unlink(missing_ok=True)
            self.draft.replace(self.final)
            places.settle(self.final.parent)

    def end(self) -> None:
        """Take away the mark that keeps everything else from starting: the restore is finished."""
        gone = self.data_dir / f"{RESTORING}{places.UNFINISHED}"
        shutil.rmtree(gone, ignore_errors=True)
        self.restoring.rename(gone)
        places.settle(self.data_dir)
        shutil.rmtree(gone, ignore_errors=True)

    def clear(self) -> None:
        """Take away whatever this or a killed attempt has put here. Does nothing before `begin` has found the place empty."""
        if not self.begun or not self.restoring.exists():
            return
        with contextlib.suppress(FileNotFoundError, ValueError):
            moved = json.loads((self.restoring / _MARK).read_text())
            for name in moved["names"]:
                _remove(self.data_dir / name)
            if moved["database"] and self.draft and not self.draft.exists():
                for file in places.database_files(_url(Path(moved["database"]))):
                    file.unlink(missing_ok=True)
        self._remove_draft()
        self.end()

    def _remove_draft(self) -> None:
        if self.draft:
            for file in places.database_files(_url(self.draft)):
                file.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


def _tables(connection: Connection) -> bool:
    return bool(sa.inspect(connection).get_table_names())


def _sqlite_tables(file: Path) -> bool:
    driver = sqlite.dbapi()
    try:
        with contextlib.closing(driver.connect(file)) as connection:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except driver.DatabaseError:
        return True  # whatever it is, it is not ours to replace


def close_draft(draft: Path) -> None:
    """Leave SQLite's file complete by itself: nothing beside it, everything on the disk. Its connections must be closed."""
    with contextlib.closing(sqlite.dbapi().connect(draft)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if any(file.exists() for file in places.database_files(_url(draft))[1:]):
        raise RuntimeError(f"SQLite left something beside {draft}.")
    places.settle(draft)
