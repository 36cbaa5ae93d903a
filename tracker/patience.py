"""How long a request waits for a database that does not answer.

PostgreSQL ends a statement that takes too long by itself (`statement_timeout`). One that is stopped, or sits behind a
cable that was pulled, ends nothing: so what a request waits for its answers, all in all, is counted here as well, and
at the end of its patience the connection is given up. Only requests are impatient: imports, sweeps, migrations and
commands wait as long as it takes.

Once the database was found silent, requests that come after ask for a moment only, until one of them is answered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event

from tracker.described import described_late

WHOLE = 1.7  # seconds of waiting for the database in one request; longer than a write waits for its turn
MOMENT = 0.3  # seconds, while the database is known to be silent
TELLING = 0.9  # seconds without one answer that make it known
FRESH = 2.0  # seconds for which that is believed
READ_ONLY = "25006"  # what PostgreSQL calls a write where only reading is allowed
INTERVAL = 0.1  # seconds between two looks of the driver

_mine = threading.local()
_silent_since: list[float] = []


def begin(seconds: float | None = None) -> None:
    """From now on this thread waits `seconds` for the database, all in all; without a number, what a request may."""
    usual = MOMENT if silent() else WHOLE
    _mine.left = usual if seconds is None else min(usual, seconds)


def end() -> None:
    """From now on this thread waits as long as it takes."""
    _mine.left = None


def left() -> float | None:
    """Return the seconds that this thread has left to wait; None when it waits as long as it takes."""
    return getattr(_mine, "left", None)


def silent() -> bool:
    """Tell whether the database was found silent just now, and has not answered since."""
    return bool(_silent_since) and monotonic() - _silent_since[0] < FRESH


def _answered(took: float) -> None:
    if _silent_since:
        _silent_since.clear()
        _mine.left = WHOLE
    _mine.left = max(0.0, _mine.left - took)


def _gave_up(took: float) -> None:
    if took >= TELLING or (_silent_since and took >= MOMENT / 2):
        _silent_since[:] = [monotonic()]  # what little a slow request had left says nothing
    _mine.left = 0.0


def _impatient(driver: Any) -> type[Any]:
    """Return psycopg's connection, except that it gives up when the thread has waited long enough."""

    class Impatient(driver.Connection):
        def wait(
            self, gen: Any, interval: float = INTERVAL, timeout: float | None = None
        ) -> Any:  # what the driver does for every answer of the server
            mine = left()
            if mine is None:
                return super().wait(gen, interval, timeout)
            began = monotonic()
            try:
                result = super().wait(
                    gen, interval, mine if timeout is None else min(mine, timeout)
                )
            except driver.errors._WaitTimeout:
                self.pgconn.finish()
                _gave_up(monotonic() - began)
                raise driver.OperationalError(
                    "timeout expired: the database did not answer"
                ) from None
            except driver.Error:
                _answered(monotonic() - began)
                raise
            _answered(monotonic() - began)
            return result

        @classmethod
        def _connect_gen(cls, conninfo: str = "") -> Any:
            # The driver's own limit, connect_timeout, is two seconds at least.
            return _while_patient(super()._connect_gen(conninfo), driver)

    return Impatient


def _while_patient(connecting: Iterator[Any], driver: Any) -> Any:
    """Go through the steps of connecting, of which each says what it waits for."""
    began, mine = monotonic(), left()
    step: Any = None
    try:
        while True:
            ready = yield (next(connecting) if step is None else connecting.send(step))  # type: ignore[attr-defined]
            step = ready if ready is not None else 0
            if mine is not None and not ready and monotonic() - began >= mine:
                _gave_up(monotonic() - began)
                raise driver.OperationalError("connection timeout expired")
    except StopIteration as done:
        return done.value


def watch(engine: Engine) -> None:
    """Let the connections of `engine` give up in time; SQLite needs nothing, it waits for nobody but its own locks."""
    if engine.dialect.name != "postgresql":
        return
    driver = engine.dialect.loaded_dbapi
    connection_of: Callable[..., Any] = _impatient(driver).connect
    cursor = described_late(driver)

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, where: Any, how: Any) -> Any:
        return connection_of(*where, cursor_factory=cursor, **how)

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _record: Any) -> None:
        connection.execute(f"SET statement_timeout = {int((WHOLE - 0.1) * 1000)}")
        # What is asked here finds a few rows by an index. Planned for several workers it walks through tables instead,
        # on the cores of everybody else who asks.
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def _opened_again(context: Any) -> None:
        # What was read-only when a connection was opened stays so for it: a new one knows better.
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
            context.is_disconnect = True

    @event.listens_for(engine, "begin")
    def _take_the_limit_away(connection: Any) -> None:
        if left() is None and not connection.get_execution_options().get("reads_once"):
            # Past SQLAlchemy, which would open a cursor of the server for it where rows are streamed.
            connection.connection.dbapi_connection.execute("SET LOCAL statement_timeout = 0")
