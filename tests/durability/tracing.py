"""System calls of running processes, seen and refused by strace; where it cannot be used, the tests that need it say so."""

from __future__ import annotations

import contextlib
import io
import re
import select
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

MISSING = "no strace: install it (as root, 'make tools' does)"
_CALL = re.compile(r"^(?P<pid>\d+) +(?P<at>[\d.]+) (?P<name>\w+)\(\d+<(?P<path>[^>]*)>")


@dataclass(frozen=True)
class Call:
    """One call: which process made it, when (seconds since the epoch), and for which file."""

    pid: int
    at: float
    name: str
    path: str


@contextlib.contextmanager
def traced(pids: list[int], log: Path, *options: str) -> Iterator[None]:
    """Write the system calls of these processes and of all their threads and children to `log` while inside.

    Skips the test where strace is missing or may not look.
    """
    program = shutil.which("strace")
    if program is None:
        pytest.skip(MISSING)
    attached = [part for pid in pids for part in ("-p", str(pid))]
    tracer = subprocess.Popen(
        [program, "-f", "-y", "-ttt", *options, "-o", log, *attached],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _wait_until_attached(tracer, len(pids))
        yield
    finally:
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)  # it lets go, and they run on
        tracer.wait(10)
        if tracer.stderr:
            tracer.stderr.close()


def _wait_until_attached(tracer: subprocess.Popen[bytes], count: int) -> None:
    said, words = b"", cast("io.BufferedReader", tracer.stderr)
    while said.count(b" attached") < count:
        more = words.read1() if select.select([words], [], [], 10)[0] else b""
        said += more
        if not more:
            pytest.skip(f"strace may not look here: {said.decode().strip()}")


def calls(log: Path) -> list[Call]:
    """Return the calls about files that `log` tells of, in the order in which they began."""
    found = (_CALL.match(line) for line in log.read_text(errors="replace").splitlines())
    return [
        Call(int(one["pid"]), float(one["at"]), one["name"], one["path"]) for one in found if one
    ]
