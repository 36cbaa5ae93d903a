"""The shipped start command on a free port, for tests that need a real server."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = Path(sys.executable).parent / "tracker"
PATIENCE = 120  # seconds for migrations, demo data and the first answer


def free_port():
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The variables of this process without any ``TRACKER_`` one of its own, and those given."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")
    }
    return {**inherited, "TRACKER_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **more}


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started, on Linux; elsewhere none are known."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


@dataclass
class Server:
    """A running ``tracker serve``; a context manager that stops it."""

    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # what stands before the command, such as setpriv
    port: int = field(default_factory=free_port)
    output: list[str] = field(default_factory=list)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def text(self):
        """Everything that the server printed so far."""
        return "".join(self.output)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Start it and wait until it says that it answers."""
        self._ready, self._ended = threading.Event(), threading.Event()
        self.process = subprocess.Popen(
            [*self.before, COMMAND, "serve", *self.arguments],
            env=environment(self.data_dir, TRACKER_PORT=str(self.port), **self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        answered = self._ready.wait(PATIENCE)
        if not answered or self._ended.is_set():
            self.stop()
            raise RuntimeError(f"The server did not start:\n{self.text}")

    def _read(self):
        for line in self.process.stdout:
            self.output.append(line)
            if re.search(r"stops it", line):
                self._ready.set()
        self._ended.set()
        self._ready.set()

    def stop(self):
        """Ask it to stop, and end it when it does not; returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()
        return self.process.returncode

    def kill(self):
        """End the supervisor and whatever is left of its workers at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)
        self._reader.join(5)
        self.process.stdout.close()
