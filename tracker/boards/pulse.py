"""Whether anything can have been committed since one last asked: if not, what was true then is true still.

Of its own commits this process knows at once. What other processes commit, and whoever writes past the application, it
learns from the database, which it asks for everybody a few times a second: SQLite has a number that moves with every commit
of another connection (`PRAGMA data_version`), PostgreSQL a snapshot that names every transaction which may have written
(`pg_current_snapshot()`). So this is for answers that may be `EVERY` seconds behind, such as "nothing new": not for pages.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from time import monotonic

from sqlalchemy import text

from tracker import commits
from tracker.boards.prepared import Prepared, Reader

EVERY = 0.25  # seconds between two questions
LONGEST = 1.0  # seconds that an answer is believed while the next question is not answered
QUESTIONS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT CAST(pg_current_snapshot() AS TEXT)",
}


class Pulse:
    """Feels the pulse of one database; its reader is nobody else's, as SQLite's number is that of one connection."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        question = text(QUESTIONS[reader.engine.dialect.name])
        self._question = Prepared(question, reader.dialect)
        self._asking = threading.Lock()
        self._answer: tuple[float, Hashable] | None = None  # asked when, on the monotonic clock

    def felt(self) -> Hashable:
        """Return what is the same as long as nothing was committed; None while that cannot be told.

        What is remembered under it has to be asked for after it was felt.
        """
        answer, at = self._answer, monotonic()
        if answer is None or at - answer[0] > EVERY:
            answer = self._ask(at)
        if answer is None or at - answer[0] > LONGEST:
            return None
        return commits.number(), answer[1]

    def recent(self) -> Hashable:
        """Return what was felt last, if that is no longer ago than a question is worth; nothing is asked for it."""
        answer = self._answer
        if answer is None or monotonic() - answer[0] > EVERY:
            return None
        return commits.number(), answer[1]

    def _ask(self, at: float) -> tuple[float, Hashable] | None:
        """Ask the database, unless somebody is asking it: what they last heard is returned then."""
        if self._asking.acquire(blocking=False):
            try:
                row = self._reader.first(self._question, [])
                self._answer = (at, (self._reader.made, row))
            except self._reader.error:
                self._answer = None
            finally:
                self._asking.release()
        return self._answer
