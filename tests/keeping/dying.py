"""A program for the tests of kills: for each line it reads it forks a child that makes or restores a backup and kills itself.

`step` is the kill's place: so many times a file under `watched` was opened, renamed or removed, or a statement or commit
was sent to a database. The answer is one line: how many steps the child had seen at its end, or -1 when it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.conftest import settings
from tracker import create_app
from tracker.keeping.backing_up import backup
from tracker.keeping.opening import opened
from tracker.keeping.restoring import restore

TOUCHES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})


class Steps:
    """Counts, and kills this process at the one that is meant."""

    def __init__(self, fatal: int, watched: str) -> None:
        self.count, self.fatal, self.watched = 0, fatal, watched
        sys.addaudithook(self.touched)
        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, self.one)

    def one(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def touched(self, what: str, arguments: tuple[Any, ...]) -> None:
        if what in TOUCHES and self.watched in str(arguments[0]):
            self.one()


def act(task: dict[str, Any]) -> int:
    """Do what one line asks, in a process of its own; return the steps it took."""
    steps = Steps(task["step"], task["watched"])
    where = settings(task["url"], Path(task["folder"]))
    archive = Path(task["archive"])
    if task["what"] == "backup":
        with create_app(where).app_context():
            backup(archive)
    else:
        with opened(archive, where["AUDIT_KEY"]) as found:
            restore(found, where)
    return steps.count


def main() -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, str(act(json.loads(line))).encode())
            os._exit(0)
        os.close(writing)
        said = os.read(reading, 20).decode()
        os.close(reading)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        print(-1 if killed else said or f"exit {status}", flush=True)


if __name__ == "__main__":
    main()
