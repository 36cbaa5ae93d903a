"""Commands that start in no time, so that a kill can meet them in their midst: forks of a process that has loaded everything.

`python -m tests.durability.nursery` reads one JSON list a line, [variables, arguments, log], forks, and says the child's
number. The child waits for SIGUSR1, does what `tracker` does with these arguments (and knows "downgrade REVISION"),
and leaves its words and, last, its exit code in the log.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from tests.live import environment
from tracker import cli, create_app, migrating


class Child:
    """A command that waits for its turn."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log
        self._handle = os.pidfd_open(pid)

    def tell(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def go(self) -> None:
        """Let it begin."""
        self.tell(signal.SIGUSR1)

    def ended(self, seconds: float) -> bool:
        """Wait for its end, and say whether it came."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def close(self) -> None:
        """Make sure that it is gone."""
        self.tell(signal.SIGKILL)
        self.ended(10)
        os.close(self._handle)

    @property
    def said(self) -> tuple[int | None, str]:
        """Its exit code (None: it was killed) and its words."""
        *words, last = self.log.read_text().rstrip("\n").split("\n")
        return (int(last), "\n".join(words)) if last.isdecimal() else (None, "\n".join([*words, last]))  # fmt: skip


class Nursery:
    """The process that forks them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        command = [sys.executable, "-m", "tests.durability.nursery"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(folder)
        )  # fmt: skip
        self._in, self._out = (cast("IO[str]", p) for p in (self._process.stdin, self._process.stdout))  # fmt: skip

    @contextlib.contextmanager
    def child(self, variables: dict[str, str], *arguments: str) -> Iterator[Child]:
        """Give a command that is ready to begin; it is gone afterwards."""
        self.count += 1
        log = self.folder / f"child-{self.count}"
        self._in.write(json.dumps([variables, arguments, str(log)]) + "\n")
        self._in.flush()
        with contextlib.closing(Child(int(self._out.readline()), log)) as child:
            yield child

    def close(self) -> None:
        """End it."""
        self._in.close()
        self._process.wait(10)
        self._out.close()


def _serve() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    for line in sys.stdin:
        variables, arguments, log = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _be(variables, arguments, log)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _reap()


def _reap() -> None:
    """Take leave of those that have ended, so that none is kept as a zombie for long."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _be(variables: dict[str, str], arguments: list[str], log: str) -> None:
    code: Any = 99
    with open(log, "w", buffering=1) as words:  # noqa: PTH123
        os.dup2(words.fileno(), 1)
        os.dup2(words.fileno(), 2)
        signal.sigwait([signal.SIGUSR1])
        os.environ.update(variables)
        try:
            if arguments[0] == "downgrade":
                with create_app().app_context():
                    migrating.downgrade(arguments[1])
                code = 0
            else:
                cli.main(arguments)
        except SystemExit as end:
            code = end.code or 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc(file=words)
        sys.stdout.flush()
        words.write(f"\n{code}\n")
    os._exit(0)


if __name__ == "__main__":
    _serve()
