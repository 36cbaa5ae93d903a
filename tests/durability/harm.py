"""What a disk does to a server: it is full, it fails, a file may not grow. Each a context; the harm ends with it."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tests.durability.tracing import traced

Harm = Callable[[int, Path], AbstractContextManager[None]]
CALLS = "pwrite64,write,pwritev"


@contextlib.contextmanager
def files_may_not_grow(worker: int, folder: Path) -> Iterator[None]:
    """Every write beyond the first bytes of a file fails (EFBIG)."""
    before = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def syncs_fail(worker: int, folder: Path) -> Iterator[None]:
    """The disk answers EIO whenever it is asked to keep what was written."""
    failing = ("-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
    with traced([worker], folder / "syncs", *failing):
        yield


@contextlib.contextmanager
def some_writes_fail(worker: int, folder: Path) -> Iterator[None]:
    """Every third write to the log of the database answers ENOSPC: a transaction is cut in its midst."""
    log = folder / "tracker.db-wal"
    failing = (
        "-P",
        str(log),
        "-e",
        f"trace={CALLS}",
        "-e",
        f"inject={CALLS}:error=ENOSPC:when=3+3",
    )
    with traced([worker], folder / "writes", *failing):
        yield


@contextlib.contextmanager
def disk_full(worker: int, folder: Path) -> Iterator[None]:
    """No room is left on the file system of `folder`, which must be a small one."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            for size in (65536, 512, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Put a small file system in the place of `folder`; say whether that may be done here (only as root)."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    mounted = os.geteuid() == 0 and not subprocess.run(command, capture_output=True, check=False).returncode  # fmt: skip
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], capture_output=True, check=False)
