"""What lies where: the files of the data folder that belong to the data, and the names of archives."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from tracker.config import RESTORING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

KEYS = ("audit.key", "secret.key")
FAILED = "backup.failed"  # in the data folder, while the last scheduled backup failed
FOLDER = "backups"  # in the data folder, for backups by hand when no other place is named
LOCK = "backup.lock"
UNFINISHED = ".part"
NOT_YET = ".restoring"
_ARCHIVE = re.compile(r"throughline-(\d{8}T\d{6}Z)-([0-9a-f]{8})(?:-\d+)?\.tar\.gz")
_PASSING = re.compile(
    r"(.*\.(lock|part|tmp|restoring|sock|pid)|(audit|secret)\.key(\..*)?|backup\.failed|lost\+found)"
)


def archive_name(at: datetime, fingerprint: str, number: int = 1) -> str:
    """The name of an archive made `at`, by the installation with this fingerprint; `number` tells two of one second apart."""
    more = f"-{number}" if number > 1 else ""
    return f"throughline-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{fingerprint}{more}.tar.gz"


def archives(folder: Path, fingerprint: str) -> list[tuple[datetime, Path]]:
    """The finished archives of this installation in a folder, newest first. OSError when it cannot be read."""
    found = []
    for file in folder.iterdir():
        named = _ARCHIVE.fullmatch(file.name)
        if named and named[2] == fingerprint and file.is_file():
            moment = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append((moment, file))
    return sorted(found, reverse=True)


def database_files(url: str) -> tuple[Path, ...]:
    """The file of a SQLite database and those that SQLite lays beside it; none for PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return ()
    file = str(address.database)
    return tuple(Path(file + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


def belongings(data_dir: Path, leave_out: Collection[Path]) -> Iterator[tuple[str, Path]]:
    """The files of the data folder that a backup holds, by their path in it.

    Not those of the database, locks, temporary files, keys, archives, nor what lies at or under `leave_out`. Links are
    followed: what they lead to is data as well.
    """
    out = {path.resolve() for path in leave_out}
    been: set[tuple[int, int]] = set()
    for place, folders, files in os.walk(data_dir, followlinks=True):
        folder = Path(place)
        stat = folder.stat()
        if (stat.st_dev, stat.st_ino) in been or folder.resolve() in out:
            folders.clear()
            continue
        been.add((stat.st_dev, stat.st_ino))
        top = folder == data_dir
        folders[:] = sorted(
            name
            for name in folders
            if not (top and (name == RESTORING or _PASSING.fullmatch(name)))
        )
        for name in sorted(files):
            file = folder / name
            if (top and _PASSING.fullmatch(name)) or _is_archive(name) or not file.is_file():
                continue
            if file.resolve() not in out:
                yield file.relative_to(data_dir).as_posix(), file


def _is_archive(name: str) -> bool:
    draft = name.startswith(".throughline-") and name.endswith(UNFINISHED)
    return draft or name == LOCK or bool(_ARCHIVE.fullmatch(name))


def strangers(data_dir: Path, url: str, allowed: Collection[Path]) -> list[str]:
    """The names of what lies in a data folder that should be empty; keys, locks and archives may lie there."""
    database = {path.resolve() for path in database_files(url)}
    kept = {path.resolve() for path in allowed}
    kept |= {folder for path in kept for folder in path.parents}
    return sorted(
        entry.name
        for entry in data_dir.iterdir()
        if not _PASSING.fullmatch(entry.name)
        and not _is_archive(entry.name)
        and entry.name not in {RESTORING, FOLDER}
        and entry.resolve() not in database | kept
    )


class Occupied(Exception):
    """Somebody else holds the folder."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder of archives, so that one backup is made there at a time. Raises `Occupied`."""
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            if sys.platform == "win32":
                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Occupied from error
        yield


def settle(path: Path) -> None:
    """Have a file, or what stands in a folder, reach the disk."""
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
