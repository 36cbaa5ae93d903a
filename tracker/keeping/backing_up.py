"""Making a backup while everybody works: one moment of the database, the files, and a seal over all of it."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import logging
import os
import secrets
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tracker import clock, migrating
from tracker.activity import chain
from tracker.activity.verify import sign_checkpoint
from tracker.db import Busy, db, writing
from tracker.keeping import manifest, places, sealing, tables
from tracker.keeping.manifest import Manifest
from tracker.keeping.opening import opened
from tracker.keeping.sealing import Unusable
from tracker.trouble import is_trouble

log = logging.getLogger(__name__)
IN_MEMORY = (
    16 * 1024 * 1024
)  # a longer file is copied to the disk first, for it may grow while it is read


@dataclass(frozen=True)
class Made:
    """A finished archive, and what it says of itself."""

    file: Path
    manifest: Manifest


def backup(to: Path | None = None, *, with_keys: bool = False, pause: float = 0) -> Made:
    """Write an archive into the folder or to the file `to` and return it, read again and found whole.

    `to` defaults to the folder of scheduled backups, else to `backups` in the data folder. `pause` is how many seconds to
    leave to others after every 500 rows. Needs an application context, and no open transaction of its session.
    Raises `Occupied` while another backup goes to the same folder, `Unusable` when there is nothing to back up or the
    file is there already, OSError when it cannot be written. Until it is finished it has another name.
    """
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    if any(not database.exists() for database in places.database_files(url)[:1]):
        raise Unusable("There is no database yet; nothing to back up.")
    folder, named = _target(to)
    with places.alone_in(folder):
        for left in folder.glob(f".throughline-*{places.UNFINISHED}"):
            left.unlink(missing_ok=True)
        key = chain.key()
        file = named or _free_name(folder, sealing.fingerprint(key))
        if file.exists():
            raise Unusable(f"{file} is there already.")
        part = folder / f".throughline-{secrets.token_hex(6)}{places.UNFINISHED}"
        try:
            with _sealed(part, key) as out:
                writer = _Writer(out, folder)
                facts = _fill(writer, with_keys=with_keys, pause=pause, leave_out=file)
                facts.members = dict(writer.members)
                writer.add(manifest.NAME, manifest.written(facts, key))
            with opened(part, key) as archive:
                made = Made(file, archive.manifest)
            part.replace(file)
            places.settle(folder)
        finally:
            part.unlink(missing_ok=True)
    return made


def _target(to: Path | None) -> tuple[Path, Path | None]:
    """The folder to write into, made if it is missing, and the file in it if one is named."""
    config = current_app.config
    if to is not None and not to.is_dir():
        if not to.absolute().parent.is_dir():
            raise Unusable(f"There is no folder {to.absolute().parent}.")
        return to.absolute().parent, to.absolute()
    folder = to or config.get("BACKUP_DIR") or Path(config["DATA_DIR"]) / places.FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.absolute(), None


def _free_name(folder: Path, fingerprint: str) -> Path:
    at = clock.now()
    names = (places.archive_name(at, fingerprint, number) for number in itertools.count(1))
    return next(folder / name for name in names if not (folder / name).exists())


@contextmanager
def _sealed(part: Path, key: bytes) -> Iterator[tarfile.TarFile]:
    """An archive to fill, which is compressed, sealed and on the disk when this ends well."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        hashing = sealing.Hashing(raw)
        with (
            gzip.GzipFile("", "wb", 6, hashing, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out,
        ):
            yield out
        raw.write(sealing.seal(hashing.hash.digest(), key))
        raw.flush()
        os.fsync(raw.fileno())


class _Writer:
    """Puts members into an archive, and remembers the hash of each."""

    def __init__(self, out: tarfile.TarFile, folder: Path) -> None:
        self.out, self.folder = out, folder
        self.members: dict[str, dict[str, Any]] = {}
        self.at = int(clock.now().timestamp())

    def add(self, name: str, content: bytes) -> None:
        self._member(name, len(content), io.BytesIO(content), hashlib.sha256(content).hexdigest())

    def copy(self, name: str, file: Path) -> None:
        """Put a file in as it is at this moment; one that was taken away meanwhile is left out."""
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self.folder)) as copied:
            try:
                with file.open("rb") as source:
                    while block := source.read(sealing.AT_ONCE):
                        digest.update(block)
                        copied.write(block)
            except FileNotFoundError:
                return
            size = copied.tell()
            copied.seek(0)
            self._member(name, size, copied, digest.hexdigest())

    def _member(self, name: str, size: int, content: Any, digest: str) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self.at
        self.out.addfile(info, content)
        self.members[name] = {"size": size, "sha256": digest}


def _fill(writer: _Writer, *, with_keys: bool, pause: float, leave_out: Path) -> Manifest:
    config = current_app.config
    data_dir = Path(config["DATA_DIR"])
    if with_keys:
        writer.add(manifest.AUDIT_KEY, config["AUDIT_KEY"])
        writer.add(manifest.SECRET_KEY, str(config["SECRET_KEY"]).encode())
    _keep_checkpoint()
    with one_moment() as connection:
        facts = _facts(connection, with_keys)
        for shape in tables.shapes(connection):
            facts.tables[shape.name] = 0
            for number, (chunk, rows) in enumerate(tables.chunks(connection, shape, pause), 1):
                writer.add(f"tables/{shape.name}.{number:04d}.jsonl", chunk)
                facts.tables[shape.name] += rows
    # After the rows, because a file is written before the row that names it: none is missing.
    database = places.database_files(config["SQLALCHEMY_DATABASE_URI"])
    kept_out = (leave_out, data_dir / places.FOLDER, *database)
    for name, file in places.belongings(data_dir, kept_out):
        if manifest.is_proper(manifest.FILES + name):
            writer.copy(manifest.FILES + name, file)
        else:
            log.warning("the file %r is not in the backup: its name cannot be kept", name)
    return facts


def _keep_checkpoint() -> None:
    """Have the chain's present state signed and stored; a database that takes no write is backed up all the same."""
    try:
        with writing() as session:
            chain.keep_checkpoint(session)
    except (Busy, RuntimeError) as error:  # no turn, or the head is gone
        log.warning("the backup keeps no checkpoint: %s", error)
    except DBAPIError as error:
        if not is_trouble(error) and migrating.newest() == _revision():
            raise
        log.warning("the backup keeps no checkpoint: %s", error.orig)


def _revision() -> str | None:
    with db.engine.connect() as connection:
        return migrating.applied(connection)


@contextmanager
def one_moment() -> Iterator[Connection]:
    """A connection whose reads all see the same moment and which writes nothing."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def _facts(connection: Connection, with_keys: bool) -> Manifest:
    revision = migrating.applied(connection)
    if revision is None:
        raise Unusable("The database is empty; nothing to back up.")
    head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
    count, seal = head or (0, "")
    at = clock.now()
    return Manifest(
        version=version("throughline"),
        made_at=at.isoformat(),
        database=connection.dialect.name,
        revision=revision,
        keys_inside=with_keys,
        sequences=_sequences(connection),
        chain={"count": count, "seal": seal},
        checkpoint=sign_checkpoint(chain.key(), count, seal, at) if count else None,
    )


def _sequences(connection: Connection) -> dict[str, int]:
    """How far the numbers of each table were given out, where the database keeps that apart from the rows."""
    if connection.dialect.name != "postgresql":
        return {}
    found = {}
    for name, column in connection.execute(text(_SERIAL)):
        query = text("SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename) = :name")  # fmt: skip
        last = connection.execute(query, {"name": column}).scalar()
        if last is not None:
            found[str(name)] = int(last)
    return found


_SERIAL = """
SELECT table_name, sequence FROM (
    SELECT table_name, table_schema,
        pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
    FROM information_schema.columns WHERE table_schema = current_schema()
) AS columns WHERE sequence IS NOT NULL
"""
