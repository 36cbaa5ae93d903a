"""The writers of this process queue here, so that SQLite never has to refuse one of ours."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from tracker.metrics import counts

WRITE_DEADLINE = 1.5  # seconds a write waits for its turn, over the queue and the database together
HARDLY = 0.05  # seconds of waiting in the queue that are not worth telling the database


class Busy(Exception):
    """The database did not give this write its turn in time (503)."""


_turn = threading.Lock()
_waits: list[float | None] = [None]  # since when whoever has the turn waits for the database itself


@contextlib.contextmanager
def my_turn() -> Iterator[float]:
    """Wait for the turn; yield the seconds that are left to wait for the database. Raises `Busy`."""
    asked = time.monotonic()
    if not _turn.acquire(timeout=WRITE_DEADLINE):
        raise Busy
    waited = time.monotonic() - asked
    if waited >= HARDLY:
        counts.wait(waited)
    _waits[0] = time.monotonic()
    try:
        yield WRITE_DEADLINE if waited < HARDLY else WRITE_DEADLINE - waited
    finally:
        _waits[0] = None
        _turn.release()


def begun() -> None:
    """Say that whoever has the turn has the lock of the database as well."""
    _waits[0] = None


@contextlib.contextmanager
def free_turn(patience: float) -> Iterator[bool]:
    """Give the turn, or False where writers of our own keep it longer than `patience` seconds, which is no trouble.

    Raises `Busy` where the one whose turn it is waits for the database as long, in vain.
    """
    if _turn.acquire(timeout=patience):
        try:
            yield True
        finally:
            _turn.release()
        return
    since = _waits[0]
    if since is not None and time.monotonic() - since >= patience:
        raise Busy
    yield False
