"""The SQLite file is where it was: writing goes on only then, and a file put in its place is opened anew.

Without this a worker would go on writing, and saying that it was kept, into a file that somebody has removed.
"""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

PLACE = "place"  # in the info of a connection: device and number of the file that it opened


def watch(engine: Engine) -> None:
    """Look after the file of `engine`; PostgreSQL does that itself."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        return

    @event.listens_for(engine, "connect")
    def _opened(_connection: Any, record: Any) -> None:
        record.info[PLACE] = _place(file)

    @event.listens_for(engine, "checkout")
    def _taken(_connection: Any, record: Any, _proxy: Any) -> None:
        now_there = _place(file)
        if now_there is not None and now_there != record.info.get(PLACE):
            raise DisconnectionError("another file stands in the place of the database")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        if connection.get_execution_options().get("writes"):
            now_there = _place(file)
            if now_there is None or now_there != connection.info.get(PLACE):
                words = "unable to open database file: it is not where it was"
                error = engine.dialect.loaded_dbapi.OperationalError(words)
                raise OperationalError("BEGIN", None, error)

    @event.listens_for(engine, "handle_error")
    def _opened_again(context: Any) -> None:
        # A file that was read-only when it was opened stays so for this connection, and one that failed may go on failing.
        words = str(context.original_exception).lower()
        if "readonly database" in words or "disk i/o" in words:
            context.is_disconnect = True


def _place(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - asked at every checkout
    except OSError:
        return None
    return found.st_dev, found.st_ino
