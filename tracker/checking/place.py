"""The data folder: who may read it, on what kind of disk it lies, and how much room is left."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tracker.checking.findings import Finding, good, look, wrong
from tracker.health import ROOM_NEEDED
from tracker.keeping import places

AMPLE = 1024**3  # bytes; below it somebody should know
MOUNTS = Path("/proc/self/mountinfo")
# File systems over a network or between machines: SQLite's WAL needs memory that all its users share.
DISTANT = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
    | {"fuse.ceph", "fuse.davfs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.grpcfuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
    | {"virtiofs"}
)  # fmt: skip
FORGETFUL = frozenset({"tmpfs", "ramfs"})


def of_place(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Look at the data folder of these settings."""
    data_dir = Path(config["DATA_DIR"])
    yield _rights(data_dir, config)
    yield from _key_files(data_dir)
    yield _kind(data_dir, is_sqlite=bool(places.database_files(config["SQLALCHEMY_DATABASE_URI"])))
    yield _room(data_dir, config)


def _rights(data_dir: Path, config: Mapping[str, Any]) -> Finding:
    if os.name != "posix":
        return look("data folder", f"{data_dir}: who may read it cannot be seen on this system.")
    mode = stat.S_IMODE(data_dir.stat().st_mode)
    remedy = f"Run: chmod 700 '{data_dir}'"
    if mode & 0o007:
        return wrong("data folder", f"{data_dir} is open to every user of this machine ({mode:o}).", remedy)  # fmt: skip
    for file in places.database_files(config["SQLALCHEMY_DATABASE_URI"])[:1]:
        outside = data_dir.resolve() not in file.resolve().parents
        if outside and file.exists() and file.stat().st_mode & 0o007:
            return wrong("data folder", f"{file} is open to every user of this machine.", f"Run: chmod 600 '{file}'")  # fmt: skip
    if mode & 0o070:
        return look("data folder", f"{data_dir} is open to its group ({mode:o}).", remedy)
    return good("data folder", f"{data_dir} is its owner's alone")


def _key_files(data_dir: Path) -> Iterator[Finding]:
    for name in places.KEYS:
        file = data_dir / name
        if os.name != "posix" or not file.exists():
            continue
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            yield wrong("key file", f"{file} can be read by others ({mode:o}).", f"Run: chmod 600 '{file}'")  # fmt: skip
        else:
            yield good("key file", f"{name} is its owner's alone")


def _kind(data_dir: Path, *, is_sqlite: bool) -> Finding:
    try:
        kind = file_system(data_dir, MOUNTS.read_text("utf-8", "replace"))
    except OSError:
        return look("file system", "Its kind cannot be seen on this system.", "It must be a local disk.")  # fmt: skip
    if kind in DISTANT and is_sqlite:
        return wrong(
            "file system",
            f"The data folder lies on {kind}: several machines or kernels share it, and SQLite's WAL is not safe there.",
            "Move it to a local disk, or use PostgreSQL.",
        )
    if kind in FORGETFUL:
        return look("file system", f"{kind} keeps nothing over a restart.", "Move the data folder to a disk.")  # fmt: skip
    return good("file system", kind)


def file_system(path: Path, mounts: str) -> str:
    """The kind of file system that `path` lies on, by the text of /proc/self/mountinfo (proc(5)); `unknown` if not named there."""
    place, best, kind = str(path.resolve()), "", "unknown"
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mounted = fields[4].replace("\\040", " ").rstrip("/")
        if len(mounted) >= len(best) and (place == mounted or place.startswith(mounted + "/")):
            best, kind = mounted, after.split()[0]
    return kind


def _room(data_dir: Path, config: Mapping[str, Any]) -> Finding:
    free = shutil.disk_usage(data_dir).free
    database = places.database_files(config["SQLALCHEMY_DATABASE_URI"])
    size = sum(file.stat().st_size for file in database if file.exists())
    told = f"{free / 1024**2:,.0f} MiB are free"
    if free < ROOM_NEEDED:
        return wrong("disk", f"{told}: too little to work.", "Make room.")
    if free < max(AMPLE, 2 * size):
        return look("disk", f"{told}; the database has {size / 1024**2:,.0f} MiB.", "Make room soon.")  # fmt: skip
    return good("disk", told)
