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


class _Lock:
    """What is known of the database's own lock: whether the one whose turn it is has it, and when one of ours last had it."""

    held = False
    last_held = 0.0


@contextlib.contextmanager
def my_turn() -> Iterator[float]:
    """Wait for the turn; yield the seconds that are left to wait for the database. Raises `Busy`."""
    asked = time.monotonic()
    if not _turn.acquire(timeout=WRITE_DEADLINE):
        raise Busy
    waited = time.monotonic() - asked
    if waited >= HARDLY:
        counts.wait(waited)
    try:
        yield WRITE_DEADLINE if waited < HARDLY else WRITE_DEADLINE - waited
    finally:
        if _Lock.held:
            _Lock.held, _Lock.last_held = False, time.monotonic()
        _turn.release()


def begun() -> None:
    """Say that whoever has the turn has the lock of the database as well."""
    _Lock.held = True


@contextlib.contextmanager
def free_turn(patience: float) -> Iterator[bool]:
    """Give the turn, or False where writers of our own keep it longer than `patience` seconds, which is no trouble.

    Raises `Busy` where in all that time none of those whose turn it was got the lock of the database.
    """
    asked = time.monotonic()
    if _turn.acquire(timeout=patience):
        try:
            yield True
        finally:
            _turn.release()
        return
    if not _Lock.held and _Lock.last_held <= asked:
        raise Busy
    yield False
